package slack

import (
	"context"
	"fmt"
	"maps"

	"github.com/synthoperator/baton/chat"
)

// decodeForm is the call that a submitted form stands for, or word that one was
// closed. A form that is sent again after it was refused has the same id and hash
// and is another call, so its trigger is part of what it is known by.
func (a *Adapter) decodeForm(ctx context.Context, r *request, d delivery, i interaction) error {
	meta, err := a.unstow(ctx, i.View.Metadata)
	if err != nil {
		if i.Type == "view_closed" {
			return nil // it only said something
		}
		return err
	}
	in, err := chat.ParseThread(meta.Thread)
	if err != nil || in.Platform() != Platform {
		return fmt.Errorf("a form is for %.80q", meta.Thread)
	}
	if r.in.team == "" {
		r.in.team = in.Workspace()
	}
	if in.Workspace() != r.in.id() {
		return fmt.Errorf("a form of workspace %s is for %s", r.in.id(), in.Key())
	}
	r.meta = meta
	if i.Type == "view_closed" {
		r.door = doorClosed
		return a.finish(r, d, by{i.App, i.User.ID, in.Channel(), in.Root(), "", ""}, "view:"+i.View.ID+":closed")
	}
	r.door = doorForm
	args := maps.Clone(meta.Args)
	if args == nil {
		args = map[string]string{}
	}
	maps.Copy(args, formValues(i.View.State, meta))
	r.call.Verb, r.call.Args, r.call.At, r.call.Pressed = meta.Verb, args, d.receipt.came, true
	return a.finish(r, d, by{i.App, i.User.ID, in.Channel(), in.Root(), "", i.Trigger},
		"view:"+i.View.ID+":"+i.View.Hash+":"+i.Trigger)
}

// decodeSuggestion asks for what may be chosen in a menu: in a form the field's
// name is its block's, in a message the menu's id says what the choice becomes.
func (a *Adapter) decodeSuggestion(ctx context.Context, r *request, d delivery, i interaction) error {
	r.door, r.typed = doorSuggestion, i.Value
	channel, root := or(i.Container.Channel, i.Channel.ID), or(i.Container.Thread, i.Message.Thread)
	if verb, option, ok := searchedFor(i.ActionID); ok {
		meta, err := a.unstow(ctx, i.View.Metadata)
		if err != nil {
			return err
		}
		r.meta, r.call.Verb, r.option = meta, verb, option
		in, err := chat.ParseThread(meta.Thread)
		if err != nil {
			return err
		}
		channel, root = in.Channel(), in.Root()
	} else if v, err := parseValue(i.ActionID); err == nil {
		r.call.Verb, r.option = v.Verb, v.Option
	} else {
		return fmt.Errorf("the menu %.80q is none of Baton's", i.ActionID)
	}
	err := a.finish(r, d, by{i.App, i.User.ID, channel, root, "", ""}, "ask")
	r.keys = nil // the same may be asked again
	return err
}
