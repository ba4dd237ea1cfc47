package main

import (
	"context"
	"time"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/state"
)

// discordRows is the name under which Discord's rows are kept with the log.
const discordRows = "discord"

// keptTexts keeps what does not fit into a button with the log, so that a button
// works after a restart, and from a backup.
type keptTexts struct{ rows keptRows }

var _ discord.Keep = keptTexts{}

func newKept(st *state.Store) keptTexts {
	return keptTexts{keptRows{st, discordRows, time.Now, mostKept}}
}

// Put implements [discord.Keep].
func (k keptTexts) Put(ctx context.Context, key string, value []byte, life time.Duration) error {
	return k.rows.put(ctx, key, value, k.rows.now().Add(life))
}

// Get implements [discord.Keep].
func (k keptTexts) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	return k.rows.get(ctx, key)
}
