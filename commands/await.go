package commands

import (
	"strconv"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// awaitThread is how long a word in a thread waits for the session that is
// about to be bound to it: people answer a card before Baton has heard from the
// platform which thread hangs under it. Platforms want an answer within three
// seconds.
const awaitThread = 2 * time.Second

// awaited is the session of a thread that is bound to it in a moment.
func (t *turn) awaited() (state.SessionID, error) {
	late := time.NewTimer(awaitThread)
	defer late.Stop()
	for {
		changed := t.r.store.Changed()
		id, ok, err := t.lookUp()
		if ok || err != nil {
			return id, err
		}
		opening, err := t.opening()
		if err != nil {
			return "", err
		}
		if !opening {
			return "", orchestration.Refuse("nothing has been started in this thread").Try("start product-launch …", "list")
		}
		select {
		case <-changed:
		case <-late.C:
			return "", orchestration.Refuse("a session of this channel is about to get its thread, and it may be this one: say that again in a moment").
				Try("list sessions")
		case <-t.ctx.Done():
			return "", t.ctx.Err()
		}
	}
}

// opening reports whether a session of this channel has no thread yet.
func (t *turn) opening() (bool, error) {
	newest, err := t.r.store.Sessions(t.ctx, t.channel(), state.Page{OnlyOpen: true, Limit: 5})
	if err != nil {
		return false, err
	}
	for _, l := range newest {
		s, err := t.r.store.Session(t.ctx, l.ID)
		if err == nil && s.Thread() == "" && s.State() != orchestration.None {
			return true, nil
		}
	}
	return false, nil
}

// stale is how old a command may be that was held up on its way. Older ones are
// not carried out unasked: what they were said about may be long over.
const stale = 10 * time.Minute

// late asks about a command that comes too late whether it is still meant.
func (t *turn) late(w words) (chat.Message, bool, error) {
	if t.call.At.IsZero() || !t.cmd.changes {
		return chat.Message{}, false, nil
	}
	age := t.now().Sub(t.call.At)
	if age <= stale {
		return chat.Message{}, false, nil
	}
	if _, _, seen, err := t.r.store.Seen(t.ctx, t.call.ID); seen || err != nil {
		return chat.Message{}, false, err // it came in time once: it gets the answer of then
	}
	args := map[string]string{}
	for name, value := range w.values {
		args[name] = value
	}
	if w.because != "" {
		args["because"] = w.because
	}
	if t.in > 0 {
		args[inSession] = strconv.Itoa(t.in)
	}
	m := say("This was said " + plural(int(age/time.Minute), "minute", "minutes") + " ago and reached Baton only now. Nothing was done: what it was about may be over.")
	m.Refused, m.Only = true, true
	m.Buttons = []chat.Button{{Label: "Do it now", Verb: t.cmd.spec.Name, Args: args, Typed: short(t.call.Text, 100)}}
	return m, true, nil
}
