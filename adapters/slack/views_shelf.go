package slack

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// shelfTime is how long a form may stay open.
const shelfTime = 24 * time.Hour

// stow is what a form is about in a form that a modal holds: as it is, or the name
// of where it is kept.
func (a *Adapter) stow(ctx context.Context, meta formMeta) (formMeta, error) {
	data, err := json.Marshal(meta)
	if err != nil || units(string(data)) <= maxPrivate {
		return meta, err
	}
	id := rand.Text()
	if err := a.o.Keep.Keep(ctx, "form "+id, data, a.now().Add(shelfTime)); err != nil {
		return formMeta{}, fmt.Errorf("keep what a form is about: %w", err)
	}
	return formMeta{Verb: meta.Verb, Thread: meta.Thread, Kept: id}, nil
}

var errUnkept = errors.New("a form was open for too long")

// unstow reads what a form is about from its private_metadata.
func (a *Adapter) unstow(ctx context.Context, private string) (formMeta, error) {
	var meta formMeta
	if err := json.Unmarshal([]byte(private), &meta); err != nil {
		return formMeta{}, errors.New("the form is none of Baton's")
	}
	if meta.Kept == "" {
		return meta, nil
	}
	data, ok, err := a.o.Keep.Kept(ctx, "form "+meta.Kept)
	switch {
	case err != nil:
		return formMeta{}, fmt.Errorf("read what a form is about: %w", err)
	case !ok:
		return formMeta{}, errUnkept
	}
	if err := json.Unmarshal(data, &meta); err != nil {
		return formMeta{}, fmt.Errorf("read what a form is about: %w", err)
	}
	return meta, nil
}
