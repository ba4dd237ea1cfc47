package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// inspection is what was found in a database file.
type inspection struct {
	Path     string        `json:"path"`
	OK       bool          `json:"ok"`
	Findings []foundDamage `json:"findings"`
	// Decisions and Sessions say how many were read.
	Decisions int    `json:"decisions"`
	Sessions  int    `json:"sessions"`
	Error     string `json:"error,omitempty"`
	InUse     bool   `json:"inUse,omitempty"` // another process has it
	Newer     bool   `json:"newer,omitempty"` // a newer release wrote it
	Code      int    `json:"code"`
}

// looking says how a file is inspected.
type looking struct {
	quick    bool          // only open it
	patience time.Duration // for another process to let go of it; 0 is four seconds
}

// foundDamage is one thing that is not as it was written.
type foundDamage struct {
	Stream string `json:"stream,omitempty"`
	Seq    uint64 `json:"seq,omitempty"`
	What   string `json:"what"`
}

func damageOf(f state.Finding) foundDamage {
	return foundDamage{strings.TrimPrefix(string(f.Stream), "s/"), f.Seq, f.What}
}

func (f foundDamage) String() string {
	switch {
	case f.Stream == "":
		return f.What
	case f.Seq == 0:
		return f.Stream + ": " + f.What
	}
	return fmt.Sprintf("%s, decision %d: %s", f.Stream, f.Seq, f.What)
}

// inspect checks a database file in a process of its own: a file that was cut
// or overwritten can end the process that reads it, and that is a finding too.
func inspect(ctx context.Context, path string, how looking) (inspection, error) {
	self, err := os.Executable()
	if err != nil {
		return inspection{}, fmt.Errorf("find this program: %w", err)
	}
	args := []string{os.Args[0], "inspect-file", "--log=off", "--patience=" + how.patience.String(), path}
	if how.quick {
		args = append(args, "--quick")
	}
	var out, crash bytes.Buffer
	child := exec.CommandContext(ctx, self)
	child.Args, child.Stdout, child.Stderr = args, &out, &crash
	err = child.Run()
	if ctx.Err() != nil {
		return inspection{}, context.Cause(ctx)
	}
	var found inspection
	if json.Unmarshal(out.Bytes(), &found) == nil && found.Path != "" {
		return found, nil
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return inspection{}, fmt.Errorf("start the check of %s: %w", path, err)
	}
	return inspection{Path: path, Code: exitDamaged, Findings: []foundDamage{{What: "the file is cut or overwritten: reading it ended the process that tried (" + exit.String() + ")"}}}, nil
}

// err is what the inspection comes to.
func (i inspection) err() error {
	switch {
	case i.OK:
		return nil
	case i.InUse:
		return busy{i.Error}
	case i.Error != "" && i.Code == exitDamaged:
		return damage{errors.New(i.Error)}
	case i.Error != "":
		return errors.New(i.Error)
	case len(i.Findings) == 1:
		return damage{fmt.Errorf("%s is damaged: %s", i.Path, i.Findings[0])}
	}
	return damage{fmt.Errorf("%s is damaged in %d places", i.Path, len(i.Findings))}
}

// busy says that another process has the file.
type busy struct{ text string }

func (b busy) Error() string { return b.text }

// Is reports that it is a [bolt.ErrInUse].
func (b busy) Is(target error) bool { return target == bolt.ErrInUse }

// inspectCmd is the hidden command that the process of its own runs.
type inspectCmd struct {
	Path     string `arg:""`
	Quick    bool
	Patience time.Duration
}

// Run prints an inspection.
func (c *inspectCmd) Run(j *job) error {
	found := inspection{Path: c.Path, Findings: []foundDamage{}}
	err := c.look(j, &found)
	found.OK = err == nil && len(found.Findings) == 0
	switch {
	case err != nil:
		found.Error, found.Code = sentence(err), exitCode(err)
		var newer *state.NewerSchema
		found.InUse, found.Newer = errors.Is(err, bolt.ErrInUse), errors.As(err, &newer)
	case !found.OK:
		found.Code = exitDamaged
	}
	if err := printJSON(j.out, found); err != nil {
		return err
	}
	if found.OK {
		return nil
	}
	return ended{found.Code}
}

func (c *inspectCmd) look(j *job, found *inspection) error {
	if _, err := os.Stat(c.Path); err != nil { // opening would make it
		return fmt.Errorf("look at the database %s: %s", c.Path, cause(err))
	}
	db, err := bolt.Open(c.Path, bolt.Options{Timeout: c.Patience})
	if err == nil {
		err = db.Close()
	}
	var newer *state.NewerSchema
	if c.Quick || errors.As(err, &newer) || errors.Is(err, bolt.ErrInUse) {
		return err
	}
	sum, err := bolt.VerifyFile(j, c.Path, func(f state.Finding) {
		found.Findings = append(found.Findings, damageOf(f))
	})
	found.Decisions, found.Sessions = sum.Records, sum.Sessions
	return err
}
