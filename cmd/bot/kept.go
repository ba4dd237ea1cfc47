package main

import (
	"bytes"
	"context"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/state"
)

// discordRows is the name under which Discord's rows are kept with the log.
const discordRows = "discord"

// keptTextRow begins the rows of what does not fit into a button.
const keptTextRow = "keep "

// keptTexts keeps what does not fit into a button with the log, so that a button
// works after a restart, and from a backup.
type keptTexts struct{ store *state.Store }

var _ discord.Keep = keptTexts{}

func newKept(st *state.Store) keptTexts { return keptTexts{st} }

// Put keeps a text. One that is there already is not written again: cards are
// drawn over and over with the same buttons.
func (k keptTexts) Put(ctx context.Context, key string, value []byte) error {
	return k.store.Own(ctx, discordRows, func(tx *state.FollowTx) error {
		had, ok, err := tx.Get(keptTextRow + key)
		if err == nil && (!ok || !bytes.Equal(had, value)) {
			tx.Put(keptTextRow+key, value)
		}
		return err
	})
}

// Get is what was kept.
func (k keptTexts) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	err = k.store.Own(ctx, discordRows, func(tx *state.FollowTx) error {
		had, there, err := tx.Get(keptTextRow + key)
		value, ok = bytes.Clone(had), there
		return err
	})
	return value, ok, err
}
