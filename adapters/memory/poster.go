package memory

import (
	"context"
	"errors"

	"github.com/synthoperator/baton/chat"
)

// Traits says what the world is like.
func (a *Adapter) Traits() chat.Traits { return a.world.o.Traits }

// Post says one part.
func (a *Adapter) Post(ctx context.Context, p chat.Post) (ref chat.Ref, err error) {
	if err := a.world.mine(p.To); err != nil {
		return chat.Ref{}, err
	}
	r := Request{Kind: Post, In: p.To, Key: p.Key}
	m := Message{Body: a.render(a.inWords(p.Body)), Loud: p.Loud && !p.To.InChannel()}
	var said chat.Ref
	err = a.world.do(ctx, r, func() (err error) {
		said, err = a.world.post(r, m)
		return err
	})
	if err != nil {
		return chat.Ref{}, err
	}
	return said, nil
}

// Edit replaces what was said.
func (a *Adapter) Edit(ctx context.Context, ref chat.Ref, p chat.Post) error {
	if err := a.world.mine(ref.Thread); err != nil {
		return err
	}
	r := Request{Kind: Edit, In: ref.Thread, Key: ref.ID}
	body := a.render(a.inWords(p.Body))
	return a.world.do(ctx, r, func() error { return a.world.edit(r, ref, body) })
}

// Find returns what is there of a post.
func (a *Adapter) Find(ctx context.Context, p chat.Post) ([]chat.Ref, error) {
	if err := a.world.mine(p.To); err != nil {
		return nil, err
	}
	var refs []chat.Ref
	err := a.world.do(ctx, Request{Kind: Find, In: p.To, Key: p.Key}, func() error {
		if a.world.blind {
			return errors.New("what was said cannot be looked up")
		}
		refs = a.world.look(p.To, p.Key, p.Since)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return refs, nil
}

// Remove takes a message back.
func (a *Adapter) Remove(ctx context.Context, ref chat.Ref) error {
	if err := a.world.mine(ref.Thread); err != nil {
		return err
	}
	return a.world.do(ctx, Request{Kind: Remove, In: ref.Thread, Key: ref.ID}, func() error {
		if m := a.world.find(ref); m != nil && m.Author == (chat.Person{}) {
			m.takeAway(ByBaton)
		}
		return nil
	})
}

// mine refuses what is meant for another platform.
func (w *World) mine(t chat.Thread) error {
	if t.Platform() != w.o.Platform {
		return chat.Rejected{Why: t.Key() + " is no place of " + w.o.Platform}
	}
	return nil
}

// poster is an adapter that cannot look for what it said.
type poster struct{ chat.Poster }

// WithoutLookup is the adapter as a platform would be that has no history.
func (a *Adapter) WithoutLookup() chat.Poster { return poster{a} }
