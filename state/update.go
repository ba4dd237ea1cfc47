package state

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

// Change asks for one decision on one session.
type Change struct {
	// Key is the inbound key. A Change whose key was committed in the last 48
	// hours has no further effect: it gets the first one's answer.
	Key     string
	Session SessionID
	// Decide takes the decision. It may run more than once, so it is pure: it
	// reads nothing but the view and the session. The zero Decision changes
	// nothing and writes nothing; an error is passed through as it is.
	Decide func(v View, s orchestration.Session) (orchestration.Decision, error)
	// Content are texts to keep for good under their SHA-256 in hexadecimal,
	// as pinned by the decision. Those kept already are not written again.
	Content map[string][]byte
	// Contents says which texts the decision that was taken needs, beside
	// Content. May be nil.
	Contents func(d orchestration.Decision) map[string][]byte
}

// Result is what became of a Change.
type Result struct {
	ID            SessionID
	Before, After orchestration.Session
	Entry         orchestration.Entry // zero where nothing was decided
	Number        int                 // of the session within its channel, from 1
	Repeated      bool                // the key was seen: all of this is from the first time
}

// Update decides on a session. One decision is taken at a time; it is durable
// when Update returns without an error.
func (st *Store) Update(ctx context.Context, c Change) (Result, error) {
	s := SessionStream(c.Session)
	done, err := st.change(ctx, change{
		key: c.Key, stream: s, content: c.Content, contents: c.Contents,
		decide: func(v View, f *fold) (orchestration.Decision, error) { return c.Decide(v, f.session) },
		rows: func(before, after *fold, d orchestration.Decision, w *Write) error {
			if before.seq == 0 {
				return fmt.Errorf("update of session %s: it was never created", c.Session)
			}
			st.sessionRows(c.Session, before, after, d, w)
			return nil
		},
	})
	return done.result(), err
}

// change is what Update, Create and UpdateSettings have in common.
type change struct {
	key      string
	stream   Stream
	decide   func(View, *fold) (orchestration.Decision, error)
	rows     func(before, after *fold, d orchestration.Decision, w *Write) error
	content  map[string][]byte
	contents func(orchestration.Decision) map[string][]byte
}

// changed is what became of a change.
type changed struct {
	stream        Stream
	before, after *fold
	entry         orchestration.Entry
	repeated      bool
}

func (c changed) result() Result {
	id, _ := c.stream.Session()
	if c.after == nil {
		return Result{ID: id}
	}
	return Result{
		ID: id, Before: c.before.session, After: c.after.session, Entry: c.entry,
		Number: c.after.number, Repeated: c.repeated,
	}
}

// maxTries bounds how often a decision is taken anew because what it read has
// moved.
const maxTries = 100

func (st *Store) change(ctx context.Context, c change) (changed, error) {
	unlock, err := st.locks.lock(ctx, string(c.stream))
	if err != nil {
		return changed{stream: c.stream}, err
	}
	defer unlock()
	for range maxTries {
		if err = st.usable(ctx); err != nil {
			return changed{stream: c.stream}, err
		}
		v := &view{ctx: ctx, st: st, own: c.stream, now: st.now().UTC().Round(0)}
		var done changed
		done, err = st.try(ctx, c, v)
		var seen *Seen
		switch {
		case errors.As(err, &seen):
			return st.first(ctx, *seen)
		case err == nil && !done.entry.IsZero(), errors.Is(err, ErrBound):
			return done, err
		case errors.Is(err, ErrConflict):
			st.forgetCount(err)
			if _, err := v.refresh(); err != nil {
				return done, err
			}
			continue
		}
		// A refusal, no decision, or a fault: was it said of what stands now?
		if again, err := st.again(ctx, c.key, v); again || err != nil {
			if errors.As(err, &seen) {
				return st.first(ctx, *seen)
			}
			if err != nil {
				return done, err
			}
			continue
		}
		return done, err
	}
	return changed{stream: c.stream}, fmt.Errorf("update %s: %w", c.stream, err)
}

// again reports whether a change that came to nothing must be tried once more
// because it was decided on something outdated; a *Seen says that it was
// accepted before.
func (st *Store) again(ctx context.Context, key string, v *view) (bool, error) {
	if st.usable(ctx) != nil {
		return false, nil
	}
	where, seq, ok, err := st.Seen(ctx, key)
	if err != nil {
		return false, err
	}
	if ok {
		return false, &Seen{where, seq}
	}
	return v.refresh()
}

// try decides once and commits once.
func (st *Store) try(ctx context.Context, c change, v *view) (changed, error) {
	before, err := st.fold(ctx, c.stream)
	done := changed{stream: c.stream, before: before, after: before}
	if err != nil {
		return done, err
	}
	d, err := c.decide(v, before)
	if err != nil || d.IsZero() {
		return done, err
	}
	e := orchestration.Entry{Seq: before.seq + 1, At: v.now, Decision: canonical(d)}
	w := Write{At: v.now, Key: c.key}
	after := before.with(c.stream, e, note{}, chain{})
	v.expect(&w)
	if err := c.rows(before, after, d, &w); err != nil {
		return done, err
	}
	var n note
	if before.number == 0 {
		n.number = after.number
	}
	if n.content, err = st.newContent(ctx, c, d, &w); err != nil {
		return done, err
	}
	payload, err := encode(e, n)
	if err != nil {
		return done, fmt.Errorf("append to stream %s: %w", c.stream, err)
	}
	record, link := place{c.stream, e.Seq, before.link}.seal(payload)
	after.link = link
	w.Appends = []Append{{c.stream, before.seq, record}}
	if err := st.commit(ctx, w); err != nil {
		return done, bindingError(err)
	}
	st.folds.keep(c.stream, after)
	for _, hash := range n.content {
		st.texts.put(hash, struct{}{}, nil)
	}
	return changed{stream: c.stream, before: before, after: after, entry: e}, nil
}

// first is the answer that was given when the key was seen first.
func (st *Store) first(ctx context.Context, seen Seen) (changed, error) {
	before, err := st.foldTo(ctx, seen.Stream, &fold{}, seen.Seq-1)
	if err != nil {
		return changed{stream: seen.Stream}, err
	}
	records, err := st.backend.Read(ctx, seen.Stream, seen.Seq-1, 1)
	if err != nil {
		return changed{stream: seen.Stream}, st.damaged(err)
	}
	if len(records) == 0 {
		return changed{stream: seen.Stream}, st.damaged(&Damaged{Stream: seen.Stream, Seq: seen.Seq, Why: "the decision is missing"})
	}
	e, n, link, err := before.read(seen.Stream, records[0])
	if err != nil {
		return changed{stream: seen.Stream}, st.damaged(err)
	}
	return changed{stream: seen.Stream, before: before, after: before.with(seen.Stream, e, n, link), entry: e, repeated: true}, nil
}

// bindingError tells a thread that is taken from other conflicts.
func bindingError(err error) error {
	var c *Conflict
	if errors.As(err, &c) && c.Row.Space == SpaceThread {
		return fmt.Errorf("%w (%s)", ErrBound, c.Row.Key)
	}
	return err
}

// canonical is a decision with its times as the log keeps them, so that what
// was decided and what is read back print alike.
func canonical(d orchestration.Decision) orchestration.Decision {
	var events []orchestration.Event
	for i, event := range d.Events() {
		switch e := event.(type) {
		case orchestration.PhaseEntered:
			e.Due = utc(e.Due)
			event = e
		case orchestration.Resumed:
			e.Due = utc(e.Due)
			event = e
		case orchestration.ReminderSet:
			e.At = utc(e.At)
			event = e
		default:
			continue
		}
		if events == nil {
			events = append(events, d.Events()...)
		}
		events[i] = event
	}
	if events == nil {
		return d
	}
	return orchestration.Recall(d.By(), d.Because(), events)
}

func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Round(0)
}
