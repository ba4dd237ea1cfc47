package main

import (
	"context"
	"time"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/state"
)

// slackKept keeps with the log what people had typed into forms that they closed,
// and what large forms are about.
type slackKept struct{ rows keptRows }

var _ slack.Keeper = slackKept{}

func newSlackKept(st *state.Store) slackKept {
	return slackKept{keptRows{st, slackRows, time.Now, mostKept}}
}

// Keep implements [slack.Keeper].
func (k slackKept) Keep(ctx context.Context, name string, data []byte, until time.Time) error {
	return k.rows.put(ctx, name, data, until)
}

// Kept implements [slack.Keeper].
func (k slackKept) Kept(ctx context.Context, name string) (data []byte, ok bool, err error) {
	return k.rows.get(ctx, name)
}

// Drop implements [slack.Keeper].
func (k slackKept) Drop(ctx context.Context, name string) error { return k.rows.drop(ctx, name) }
