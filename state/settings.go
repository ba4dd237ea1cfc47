package state

import (
	"context"
	"fmt"

	"github.com/synthoperator/baton/orchestration"
)

// SettingChange asks for one decision on the settings of a channel or a
// workspace. See [Change] for what the fields mean.
type SettingChange struct {
	Key      string
	Stream   Stream // of [ChannelStream] or [WorkspaceStream]
	Decide   func(v View, s orchestration.Settings) (orchestration.Decision, error)
	Content  map[string][]byte
	Contents func(d orchestration.Decision) map[string][]byte
}

// SettingResult is what became of a SettingChange.
type SettingResult struct {
	Before, After orchestration.Settings
	Entry         orchestration.Entry // zero where nothing was decided
	Repeated      bool                // the key was seen: all of this is from the first time
}

// UpdateSettings decides on settings, as [Store.Update] does on a session.
func (st *Store) UpdateSettings(ctx context.Context, c SettingChange) (SettingResult, error) {
	if _, ok := c.Stream.Session(); ok {
		return SettingResult{}, fmt.Errorf("stream %s holds no settings", c.Stream)
	}
	done, err := st.change(ctx, change{
		key: c.Key, stream: c.Stream, content: c.Content, contents: c.Contents,
		decide: func(v View, f *fold) (orchestration.Decision, error) { return c.Decide(v, f.settings) },
		rows:   func(before, after *fold, d orchestration.Decision, w *Write) error { return nil },
	})
	if done.after == nil {
		return SettingResult{}, err
	}
	return SettingResult{done.before.settings, done.after.settings, done.entry, done.repeated}, err
}

// Channel is what has been set for a channel; nothing set is no error.
func (st *Store) Channel(ctx context.Context, key orchestration.ChannelKey) (orchestration.Settings, error) {
	return st.settings(ctx, ChannelStream(key))
}

// Workspace is what has been set for a workspace; nothing set is no error.
func (st *Store) Workspace(ctx context.Context, key string) (orchestration.Settings, error) {
	return st.settings(ctx, WorkspaceStream(key))
}

func (st *Store) settings(ctx context.Context, s Stream) (orchestration.Settings, error) {
	if err := st.usable(ctx); err != nil {
		return orchestration.Settings{}, err
	}
	f, err := st.catchUp(ctx, s)
	return f.settings, err
}
