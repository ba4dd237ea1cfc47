package slack

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"sync"
	"time"
)

// shelf keeps what forms are about that do not hold it themselves.
type shelf struct {
	mu   sync.Mutex
	kept map[string]shelved
}

type shelved struct {
	meta formMeta
	at   time.Time
}

// shelfTime is how long a form may stay open.
const shelfTime = 24 * time.Hour

// stow is what a form is about in a form that a modal holds: as it is, or the name
// of where it is kept until a restart.
func (a *Adapter) stow(meta formMeta) formMeta {
	data, err := json.Marshal(meta)
	if err == nil && units(string(data)) <= maxPrivate {
		return meta
	}
	s := &a.outbound.shelf
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[string]shelved{}
	}
	for id, old := range s.kept {
		if a.now().Sub(old.at) > shelfTime {
			delete(s.kept, id)
		}
	}
	id := rand.Text()
	s.kept[id] = shelved{meta, a.now()}
	return formMeta{Verb: meta.Verb, Thread: meta.Thread, Kept: id}
}

// unstow reads what a form is about from its private_metadata.
func (a *Adapter) unstow(private string) (formMeta, error) {
	var meta formMeta
	if err := json.Unmarshal([]byte(private), &meta); err != nil {
		return formMeta{}, errors.New("the form is none of Baton's")
	}
	if meta.Kept == "" {
		return meta, nil
	}
	s := &a.outbound.shelf
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.kept[meta.Kept]
	if !ok {
		return formMeta{}, errors.New("the form was open for too long, or Baton was restarted meanwhile: open it again")
	}
	return kept.meta, nil
}
