package slack

import (
	"context"
	"maps"
	"sync"
	"time"
)

// Keeper keeps what people had typed into forms that they closed, and what forms
// are about that do not hold it themselves, so that a restart loses neither. It may
// be used by many goroutines at once.
type Keeper interface {
	// Keep keeps something under a name until then, in place of what was kept there.
	// It is durable when Keep returns.
	Keep(ctx context.Context, name string, data []byte, until time.Time) error
	// Kept is what is kept under a name; ok is false where there is nothing any more.
	Kept(ctx context.Context, name string) (data []byte, ok bool, err error)
	// Drop forgets what is kept under a name.
	Drop(ctx context.Context, name string) error
}

// inMemory is a keeper until a restart.
type inMemory struct {
	now func() time.Time

	mu  sync.Mutex
	all map[string]keeping
}

type keeping struct {
	data  []byte
	until time.Time
}

// mostKept bounds what is kept in memory; what would end first makes room.
const mostKept = 2000

func newMemory(now func() time.Time) *inMemory { return &inMemory{now: now, all: map[string]keeping{}} }

// Keep implements [Keeper].
func (m *inMemory) Keep(_ context.Context, name string, data []byte, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	maps.DeleteFunc(m.all, func(_ string, k keeping) bool { return now.After(k.until) })
	if _, again := m.all[name]; !again && len(m.all) >= mostKept {
		first := ""
		for other, k := range m.all {
			if first == "" || k.until.Before(m.all[first].until) {
				first = other
			}
		}
		delete(m.all, first)
	}
	m.all[name] = keeping{data, until}
	return nil
}

// Kept implements [Keeper].
func (m *inMemory) Kept(_ context.Context, name string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.all[name]
	if !ok || m.now().After(k.until) {
		return nil, false, nil
	}
	return k.data, true, nil
}

// Drop implements [Keeper].
func (m *inMemory) Drop(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.all, name)
	return nil
}
