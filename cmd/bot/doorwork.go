package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/synthoperator/baton/state"
)

// read prints a session, or the list of them.
func (d *door) read(ctx context.Context, q request) answer {
	var out bytes.Buffer
	j := *d.job
	j.Context, j.JSON, j.out = ctx, q.JSON, &out
	err := j.read(d.store, q)
	return answer{err: err, body: &out, bytes: int64(out.Len()), close: func() {}}
}

// backup copies the database into a file beside it and sends that: a
// transaction that waited for a slow reader would make the database grow.
func (d *door) backup(ctx context.Context) answer {
	a := answer{close: func() {}}
	f, err := d.copy(ctx)
	if err != nil {
		a.err = err
		return a
	}
	a.close = func() { _, _ = f.Close(), os.Remove(f.Name()) }
	info, err := f.Stat()
	if err != nil {
		a.err = err
		return a
	}
	a.body, a.bytes = f, info.Size()
	return a
}

// copy is a consistent copy of the database, at its beginning.
func (d *door) copy(ctx context.Context) (*os.File, error) {
	select {
	case d.copies <- struct{}{}:
		defer func() { <-d.copies }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	f, err := os.CreateTemp(filepath.Dir(d.path), copyName(d.path)) // 0600
	if err != nil {
		return nil, fmt.Errorf("write to %s: %s", filepath.Dir(d.path), cause(err))
	}
	err = d.store.Backup(ctx, f)
	if err == nil {
		_, err = f.Seek(0, 0)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return f, nil
}

// verify checks the log in this process. What it finds may be of decisions
// made meanwhile, so a copy of one moment says whether it holds.
func (d *door) verify(ctx context.Context) answer {
	found := inspection{Path: d.path, Findings: []foundDamage{}}
	sum, err := d.store.Verify(ctx, func(f state.Finding) { found.Findings = append(found.Findings, damageOf(f)) })
	found.Decisions, found.Sessions = sum.Records, sum.Sessions
	if err == nil && len(found.Findings) > 0 {
		found, err = d.verifyCopy(ctx, found)
	}
	switch found.OK = err == nil && len(found.Findings) == 0; {
	case err != nil:
		found.Error, found.Code = sentence(err), exitCode(err)
	case !found.OK:
		found.Code = exitDamaged
	}
	var out bytes.Buffer
	err = printJSON(&out, found)
	return answer{err: err, body: &out, bytes: int64(out.Len()), close: func() {}}
}

// verifyCopy is what a check of a copy finds; what the live one found stands
// where no copy can be made or checked.
func (d *door) verifyCopy(ctx context.Context, live inspection) (inspection, error) {
	f, err := d.copy(ctx)
	if err != nil {
		d.job.log.Warn("what was found was not looked for in a copy", "err", err)
		return live, ctx.Err()
	}
	defer func() { _, _ = f.Close(), os.Remove(f.Name()) }()
	found, err := inspect(ctx, f.Name(), looking{})
	if err != nil || found.Error != "" {
		d.job.log.Warn("what was found was not looked for in a copy", "err", err, "found", found.Error)
		return live, ctx.Err()
	}
	found.Path = d.path
	return found, nil
}
