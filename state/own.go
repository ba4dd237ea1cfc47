package state

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// FollowTx is a follower's own rows, to read and write within one commit.
// What was read must not have changed when it commits; then it is done again.
type FollowTx struct {
	ctx    context.Context
	st     *Store
	name   string
	checks []Row
	rows   []Row // written, oldest first
	mark   int   // how many rows there were before the record
	after  []func()
	kept   int // how many of after there were before the record

	moved bool // a record was not passed over
}

// Own runs fn over the rows of the follower of that name, outside of Follow:
// for what works the rows off. What fn wrote is durable when Own returns nil.
// fn may run more than once.
func (st *Store) Own(ctx context.Context, name string, fn func(tx *FollowTx) error) error {
	for first := true; ; first = false {
		if err := st.usable(ctx); err != nil {
			return err
		}
		tx := &FollowTx{ctx: ctx, st: st, name: name}
		if err := fn(tx); err != nil {
			return err
		}
		if len(tx.rows) == 0 {
			return nil
		}
		err := tx.commit(ctx)
		if !errors.Is(err, ErrConflict) {
			return err
		}
		if first { // those who were not first take turns, so that all get on
			unlock, err := st.locks.lock(ctx, "rows of "+name)
			if err != nil {
				return err
			}
			defer unlock()
		}
	}
}

// Get is the value of a row; ok is false where there is none.
func (tx *FollowTx) Get(key string) (value []byte, ok bool, err error) {
	full := tx.name + "\x00" + key
	for _, row := range slices.Backward(tx.rows) {
		if row.Space == SpaceOwn && row.Key == full {
			return row.Value, row.Value != nil, nil
		}
	}
	value, ok, err = tx.st.row(tx.ctx, SpaceOwn, full)
	if err != nil {
		return nil, false, err
	}
	tx.check(Row{SpaceOwn, full, value})
	return value, ok, nil
}

// check remembers what was read first.
func (tx *FollowTx) check(row Row) {
	if !slices.ContainsFunc(tx.checks, func(c Row) bool { return c.Space == row.Space && c.Key == row.Key }) {
		tx.checks = append(tx.checks, row)
	}
}

// Put writes a row; the value may not be empty.
func (tx *FollowTx) Put(key string, value []byte) {
	tx.write(Row{SpaceOwn, tx.name + "\x00" + key, append([]byte{}, value...)})
}

// Delete removes a row, if it is there.
func (tx *FollowTx) Delete(key string) {
	tx.write(Row{Space: SpaceOwn, Key: tx.name + "\x00" + key})
}

// List returns rows whose key begins with prefix and lies beyond after, in
// order, at most limit. Rows that others add meanwhile are no conflict.
func (tx *FollowTx) List(prefix, after string, limit int) ([]Row, error) {
	full := tx.name + "\x00"
	q := Query{Space: SpaceOwn, Prefix: full + prefix, Limit: limit + len(tx.rows)}
	if after != "" {
		q.After = full + after
	}
	if err := tx.st.usable(tx.ctx); err != nil {
		return nil, err
	}
	rows, err := tx.st.backend.Rows(tx.ctx, q)
	if err != nil {
		return nil, tx.st.damaged(err)
	}
	for _, row := range rows {
		tx.check(row)
	}
	for _, w := range tx.rows {
		if w.Space != SpaceOwn || !strings.HasPrefix(w.Key, q.Prefix) || w.Key <= q.After {
			continue
		}
		i, found := slices.BinarySearchFunc(rows, w.Key, func(r Row, key string) int { return strings.Compare(r.Key, key) })
		switch {
		case found && w.Value == nil:
			rows = slices.Delete(rows, i, i+1)
		case found:
			rows[i].Value = w.Value
		case w.Value != nil:
			rows = slices.Insert(rows, i, w)
		}
	}
	rows = rows[:min(limit, len(rows))]
	for i := range rows {
		rows[i].Key = strings.TrimPrefix(rows[i].Key, full)
	}
	return rows, nil
}

// Committed has fn called once the rows are durable, so that whoever works them
// off learns of them. It is not called where they are dropped.
func (tx *FollowTx) Committed(fn func()) { tx.after = append(tx.after, fn) }

// idle reports whether nothing is lost where the records are met again.
func (tx *FollowTx) idle() bool { return !tx.moved && len(tx.rows) == 0 }

func (tx *FollowTx) write(row Row) { tx.rows = append(tx.rows, row) }

// begin marks where the rows of the next record begin, undo drops them.
func (tx *FollowTx) begin() { tx.mark, tx.kept = len(tx.rows), len(tx.after) }
func (tx *FollowTx) undo()  { tx.rows, tx.after = tx.rows[:tx.mark], tx.after[:tx.kept] }

// commit writes each row once, as it was written last.
func (tx *FollowTx) commit(ctx context.Context) error {
	w := Write{At: tx.st.now(), Checks: tx.checks}
	last := map[string]int{}
	for i, row := range tx.rows {
		last[string(row.Space)+row.Key] = i
	}
	for i, row := range tx.rows {
		if last[string(row.Space)+row.Key] == i {
			w.Rows = append(w.Rows, row)
		}
	}
	if err := tx.st.commit(ctx, w); err != nil {
		return err
	}
	tx.committed()
	return nil
}

func (tx *FollowTx) committed() {
	for _, fn := range tx.after {
		fn()
	}
}
