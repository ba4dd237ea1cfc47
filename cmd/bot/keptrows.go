package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/synthoperator/baton/state"
)

// keptRows keep texts for a while with the log, so that they are there after a
// restart, and from a backup.
type keptRows struct {
	store *state.Store
	name  string // under which a platform's rows are kept
	now   func() time.Time
	most  int // rows; what ends first makes room
}

// keptRow is something that is kept for a while.
type keptRow struct {
	Until time.Time `json:"until"`
	Data  []byte    `json:"data"`
}

// The names of the rows begin with keptPrefix. mostKept is more than a large
// workspace closes forms in a day that somebody had typed into.
const (
	keptPrefix = "kept "
	mostKept   = 2000
)

// put keeps a text. One that is there as it is asked for is not written again: see
// [keptRows.same].
func (k keptRows) put(ctx context.Context, name string, data []byte, until time.Time) error {
	row, err := json.Marshal(keptRow{until.UTC(), data})
	if err != nil {
		return fmt.Errorf("keep a text: %w", err)
	}
	return k.store.Own(ctx, k.name, func(tx *state.FollowTx) error {
		had, ok, err := tx.Get(keptPrefix + name)
		if err != nil || ok && k.same(had, data, until) {
			return err
		}
		if err := k.tidy(tx, keptPrefix+name); err != nil {
			return err
		}
		tx.Put(keptPrefix+name, row)
		return nil
	})
}

// same reports whether a row holds a text, and for half as long at least as it is
// to be kept: cards are drawn over and over with the same buttons.
func (k keptRows) same(row, data []byte, until time.Time) bool {
	var had keptRow
	now := k.now()
	return json.Unmarshal(row, &had) == nil && bytes.Equal(had.Data, data) && had.Until.Sub(now) >= until.Sub(now)/2
}

// tidy takes away what is kept no longer, and makes room for one row.
func (k keptRows) tidy(tx *state.FollowTx, room string) error {
	rows, err := tx.List(keptPrefix, "", k.most)
	if err != nil {
		return err
	}
	now, left, first, firstEnds := k.now(), 0, "", time.Time{}
	for _, r := range rows {
		var kept keptRow
		if json.Unmarshal(r.Value, &kept) != nil || now.After(kept.Until) {
			tx.Delete(r.Key)
			continue
		}
		if left++; r.Key == room {
			return nil
		}
		if first == "" || kept.Until.Before(firstEnds) {
			first, firstEnds = r.Key, kept.Until
		}
	}
	if left == k.most {
		tx.Delete(first)
	}
	return nil
}

// get is what was kept, and is still.
func (k keptRows) get(ctx context.Context, name string) (data []byte, ok bool, err error) {
	err = k.store.Own(ctx, k.name, func(tx *state.FollowTx) error {
		row, there, err := tx.Get(keptPrefix + name)
		if err != nil || !there {
			return err
		}
		var kept keptRow
		if err := json.Unmarshal(row, &kept); err != nil {
			return fmt.Errorf("read what was kept: %w", err)
		}
		data, ok = kept.Data, !k.now().After(kept.Until)
		return nil
	})
	return data, ok, err
}

// drop takes away what was kept.
func (k keptRows) drop(ctx context.Context, name string) error {
	return k.store.Own(ctx, k.name, func(tx *state.FollowTx) error {
		_, there, err := tx.Get(keptPrefix + name)
		if err == nil && there {
			tx.Delete(keptPrefix + name)
		}
		return err
	})
}
