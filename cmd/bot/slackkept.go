package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/state"
)

// slackKept keeps with the log what people had typed into forms that they closed,
// and what large forms are about.
type slackKept struct {
	store *state.Store
	now   func() time.Time
	most  int // rows; what ends first makes room
}

var _ slack.Keeper = slackKept{}

// keptForm is something that is kept for a while.
type keptForm struct {
	Until time.Time `json:"until"`
	Data  []byte    `json:"data"`
}

// The names of the rows begin with keptRows. mostKept is more than a large workspace
// closes forms in a day that somebody had typed into.
const (
	keptRows = "kept "
	mostKept = 2000
)

// Keep implements [slack.Keeper].
func (k slackKept) Keep(ctx context.Context, name string, data []byte, until time.Time) error {
	row, err := json.Marshal(keptForm{until.UTC(), data})
	if err != nil {
		return fmt.Errorf("keep a form: %w", err)
	}
	return k.store.Own(ctx, slackRows, func(tx *state.FollowTx) error {
		if err := k.tidy(tx, keptRows+name); err != nil {
			return err
		}
		tx.Put(keptRows+name, row)
		return nil
	})
}

// tidy takes away what is kept no longer, and makes room for one row.
func (k slackKept) tidy(tx *state.FollowTx, room string) error {
	rows, err := tx.List(keptRows, "", k.most)
	if err != nil {
		return err
	}
	now, left, first, firstEnds := k.now(), 0, "", time.Time{}
	for _, r := range rows {
		var kept keptForm
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

// Kept implements [slack.Keeper].
func (k slackKept) Kept(ctx context.Context, name string) (data []byte, ok bool, err error) {
	err = k.store.Own(ctx, slackRows, func(tx *state.FollowTx) error {
		row, there, err := tx.Get(keptRows + name)
		if err != nil || !there {
			return err
		}
		var kept keptForm
		if err := json.Unmarshal(row, &kept); err != nil {
			return fmt.Errorf("read a form that was kept: %w", err)
		}
		data, ok = kept.Data, !k.now().After(kept.Until)
		return nil
	})
	return data, ok, err
}

// Drop implements [slack.Keeper].
func (k slackKept) Drop(ctx context.Context, name string) error {
	return k.store.Own(ctx, slackRows, func(tx *state.FollowTx) error {
		_, there, err := tx.Get(keptRows + name)
		if err == nil && there {
			tx.Delete(keptRows + name)
		}
		return err
	})
}
