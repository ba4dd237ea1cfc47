package memory

import (
	"context"
	"errors"
	"strconv"

	"github.com/synthoperator/baton/chat"
)

// answer hands a call over and shows the person what came of it. The delivery
// is acknowledged when both are done.
func (a *Adapter) answer(ctx context.Context, h chat.Handler, w work) {
	m := h.Handle(ctx, w.call)
	if w.Form != "" && (m.Refused || m.Fault) {
		a.world.keepForm(w.Delivery, m.Form, words(m))
		m.Form = nil
	} else if w.Form != "" {
		a.world.closeForm(w.Delivery)
	}
	if m.Form != nil {
		a.world.openForm(w.Delivery, *m.Form)
		m.Form = nil
	}
	if !m.IsZero() {
		if err := a.show(ctx, w.Delivery, m); err != nil {
			a.o.Log.Error("an answer was not shown", "delivery", w.ID, "error", err)
		}
	}
	a.world.ack(w.Delivery)
}

// show puts an answer where it belongs. Where that place takes nothing, the
// person who called sees it all the same.
func (a *Adapter) show(ctx context.Context, d Delivery, m chat.Message) error {
	in := d.In
	if !m.Thread.IsZero() {
		in = m.Thread
	}
	for i, part := range a.Split(m) {
		if a.o.Pace != nil && !m.Only {
			if err := a.o.Pace(ctx, in); err != nil {
				return err
			}
		}
		to := Message{Body: a.render(part)}
		if m.Only {
			to.Only, in = d.Person, d.In
		}
		once := d.ID + " " + strconv.Itoa(i)
		err := a.world.reply(in, to, once, a.o.Pace != nil)
		if errors.As(err, &chat.Blocked{}) {
			to.Only = d.Person
			err = a.world.reply(d.In, to, once, false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reply shows one part of an answer, once however often it comes. It is not
// subject to faults: it travels with the acknowledgement.
func (w *World) reply(in chat.Thread, m Message, once string, counts bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answered[once] {
		return nil
	}
	r := Request{Kind: Post, In: in, Began: w.o.Now()}
	if m.Only.ID == "" {
		if err := w.closedTo(r); err != nil {
			return err
		}
		if counts {
			if err := w.paced(r); err != nil {
				return err
			}
		}
	}
	if _, err := w.post(r, m); err != nil {
		return err
	}
	w.answered[once] = true
	return nil
}
