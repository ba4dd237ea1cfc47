package slack

import (
	"context"
	"slices"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/internal/lanes"
)

// work is one thing that Slack told, however often it told it.
type work struct {
	*shift
	request
	*attempts
	retry int
	form  opening
	said  chat.Call // the call as it was handed over: with names and a link
}

// settled says what came of it and acknowledges every attempt that waits. It
// reports whether one of them was still in time for that.
func (w *work) settled(payload []byte, failed bool) (told bool) {
	w.mu.Lock()
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil // which holds the work
	}
	w.handled, w.payload, w.failed = true, payload, failed
	waiting := w.receipts
	w.receipts = nil
	w.mu.Unlock()
	if failed {
		w.seen.forget(w.attempts)
	} else {
		w.seen.over(w.attempts)
	}
	return w.acknowledge(waiting)
}

// soonWithin is when somebody who waits is told that it takes longer.
const soonWithin = 2400 * time.Millisecond

// soon tells somebody who waits, and whom Slack would tell that it failed, that
// nothing is accepted yet and that the answer follows.
func (w *work) soon() {
	if !w.door.person() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(soonWithin, func() {
		w.mu.Lock()
		if w.handled {
			w.mu.Unlock()
			return
		}
		w.late = true
		waiting := w.receipts
		w.receipts = nil
		w.mu.Unlock()
		payload, rest := w.soonSaid()
		for _, r := range waiting {
			r.give(payload)
		}
		if rest != nil {
			w.answers.Add("", lanes.Job{Do: func() { rest(w.ctx) }})
		}
	})
}

// soonSaid is what is said then. A form that was opened empty says it already.
func (w *work) soonSaid() (payload []byte, rest func(context.Context)) {
	if w.form.isOpen() {
		return nil, nil
	}
	return w.aside("Not done yet: the answer follows here. If none comes, say it again.")
}

// leave is for what is not begun because there is no more room, or no more time:
// an event comes again, and whoever waits is told to say it again.
func (w *work) leave() {
	w.form.answered()
	if !w.door.person() {
		w.settled(nil, true)
		return
	}
	payload, rest := w.aside("Not accepted: Baton is stopping or has too much to do. Say it again in a moment.")
	w.seen.forget(w.attempts)
	w.settled(payload, false)
	if rest != nil && !w.answers.Add("", lanes.Job{Do: func() { rest(w.ctx) }}) {
		rest(w.ctx)
	}
}

// do does what is asked for and acknowledges it.
func (w *work) do() {
	switch w.door {
	case doorSuggestion:
		w.settled(w.suggest(w.ctx), false)
	case doorHome, doorClosed, doorHeard, doorRevoked:
		err := w.noted(w.ctx)
		if err != nil {
			w.a.o.Log.Error("what Slack told was not taken in", "workspace", w.in.id(), "error", w.a.plain(err))
		}
		w.settled(nil, err != nil)
	case doorAside:
		w.settled(nil, false)
		w.later(func(ctx context.Context) { w.show(ctx, hint) })
	default:
		w.handle()
	}
}

// handle hands the call over and says what came of it.
func (w *work) handle() {
	w.said = w.complete(w.ctx)
	m := w.h.Handle(w.ctx, w.said)
	if m.Fault && w.door == doorMessage {
		w.settled(nil, true)
		w.later(func(ctx context.Context) { w.show(ctx, w.again(m)) })
		return
	}
	payload, rest := w.answer(m)
	if told := w.settled(payload, false); !told && len(payload) > 0 { // the acknowledgement was given while this was made
		rest = w.missed(m)
	}
	if m.Fault {
		w.seen.forget(w.attempts)
	}
	switch {
	case rest == nil:
	case m.Form != nil || w.wantsForm(): // which has three seconds, and waits for nobody
		w.atOnce(rest)
	default:
		w.later(rest)
	}
}

// atOnce says something beside everything else, so that no thread waits for it.
func (w *work) atOnce(say func(context.Context)) {
	if !w.answers.Add("", lanes.Job{Do: func() { say(w.ctx) }}) {
		say(w.ctx)
	}
}

// missed says what an acknowledgement was to say that nobody took.
func (w *work) missed(m chat.Message) func(context.Context) {
	if w.door == doorForm {
		return w.lateForm(m)
	}
	return func(ctx context.Context) { w.show(ctx, m) }
}

// lastRetry is how often Slack tries an event again
// (https://docs.slack.dev/apis/events-api#retries).
const lastRetry = 3

// again says of an event that failed that it comes again by itself.
func (w *work) again(m chat.Message) chat.Message {
	m.Only = true
	if w.retry < lastRetry {
		m.Blocks = append(slices.Clone(m.Blocks), chat.Remark("Slack delivers this again by itself in a moment, so it need not be said again."))
	}
	return m
}

// later says something in the order of the place where it was asked for.
func (w *work) later(say func(context.Context)) {
	if !w.answers.Add(w.lane(), lanes.Job{Do: func() { say(w.ctx) }}) {
		say(w.ctx)
	}
}
