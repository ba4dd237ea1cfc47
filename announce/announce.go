package announce

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// follower is the name under which the log and the rows are kept.
const follower = "announce"

// Words makes messages from sessions: commands has the same to say.
type Words interface {
	// Card is a session as it stands, for people who see it all the time.
	Card(ctx context.Context, id state.SessionID) (chat.Message, error)
	// Told is what a decision did, for a whole channel: the session's own or
	// another one.
	Told(ctx context.Context, id state.SessionID, e orchestration.Entry, to chat.Thread) (chat.Message, error)
	// Waiting is a report or a proposal that waits for people, by its number.
	Waiting(ctx context.Context, id state.SessionID, number int) (chat.Message, error)
	// Nudge is what a session's thread is told in time; nothing where all of it
	// was seen to meanwhile.
	Nudge(ctx context.Context, id state.SessionID, n orchestration.Nudge) (chat.Message, error)
	// Digest is how a channel's sessions stand, and what was decided in them
	// since; some of them may have ended.
	Digest(ctx context.Context, channel orchestration.ChannelKey, since time.Time, ended []state.SessionID) (chat.Message, error)
}

// Deps is what an announcer needs.
type Deps struct {
	Store   *state.Store
	Words   Words
	Posters map[string]chat.Poster // by platform
	Log     *slog.Logger           // nil discards
	Now     func() time.Time       // nil is time.Now
	// Calendars are holidays by the names the operator gave them.
	Calendars map[string]orchestration.Calendar
	// Unwatched is how long the time goes unread at most while no timer is due;
	// 0 is a minute.
	Unwatched time.Duration
	// Rest is how long the follower waits after settings that change nothing it
	// says: where they come thick and fast, one look for many of them leaves more
	// to those who set them. 0 is not at all.
	Rest time.Duration
	// Step is for tests that end the process at a named step: "rows",
	// "attempting", "posted", "bound", "delivered", "found", "fired".
	Step func(name string)
}

// Announcer follows the log and speaks. It may be used by many goroutines at
// once.
type Announcer struct {
	store     *state.Store
	words     Words
	log       *slog.Logger
	now       func() time.Time
	rest      time.Duration
	calendars map[string]orchestration.Calendar
	step      func(string)
	self      string // what the keys of this database's messages begin with
	began     time.Time
	history   uint64 // the last record from before that; see [Announcer.old]
	past      past
	box       *outbox
	clock     *clock

	// given is the last record that the follower was given, lined the last whose
	// rows are durable and in line.
	given, lined atomic.Uint64
}

// past is the moment a backup was made that this database was restored from.
// What was to be said by then may have been said since.
type past struct {
	At  time.Time `json:"at"`
	Pos uint64    `json:"pos"`
}

// New makes an announcer over what the log and its rows hold.
func New(ctx context.Context, d Deps) (*Announcer, error) {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Step == nil {
		d.Step = func(string) {}
	}
	a := &Announcer{store: d.Store, words: careful{d.Words}, log: d.Log, now: d.Now, rest: d.Rest, step: d.Step, calendars: d.Calendars}
	if err := a.marks(ctx); err != nil {
		return nil, fmt.Errorf("read what was announced: %w", err)
	}
	a.box, a.clock = newOutbox(a, d.Posters), newClock(a, d.Unwatched)
	return a, nil
}

// marks reads who this database is and since when it announces, or settles it
// on the first start. What was decided before that is history, and not said.
func (a *Announcer) marks(ctx context.Context) error {
	end, err := a.store.End(ctx)
	if err != nil {
		return err
	}
	return a.store.Own(ctx, follower, func(tx *state.FollowTx) error {
		a.past = past{}
		self, known, err := tx.Get("m self")
		if err != nil {
			return err
		}
		if known {
			a.self = string(self)
		} else {
			a.self = strings.ToLower(rand.Text()[:selfLen])
			tx.Put("m self", []byte(a.self))
		}
		began, known, err := tx.Get("m began")
		switch {
		case err != nil:
			return err
		case known:
			if err := a.began.UnmarshalText(began); err != nil {
				return fmt.Errorf("the mark of the first start: %w", err)
			}
		default:
			a.began = a.now().UTC()
			text, err := a.began.MarshalText()
			if err != nil {
				return err
			}
			tx.Put("m began", text)
			tx.Put("m history", encode(end))
		}
		if err := a.readHistory(tx); err != nil {
			return err
		}
		data, restored, err := tx.Get("m restored")
		if err != nil || !restored {
			return err
		}
		a.past, err = decode[past]("m restored", data)
		return err
	})
}

// timeTells stands for the end of history in a database that has no mark of it:
// only the time tells there what is history.
const timeTells = ^uint64(0)

func (a *Announcer) readHistory(tx *state.FollowTx) error {
	data, known, err := tx.Get("m history")
	if err != nil {
		return err
	}
	a.history = timeTells
	if known {
		a.history, err = decode[uint64]("m history", data)
	}
	return err
}

// old reports whether a record is from before Baton announced anything here. It
// goes by the record's place in the log: the clock may have been wrong at the
// first start.
func (a *Announcer) old(r state.Record) bool {
	if a.history == timeTells {
		return r.Entry.At.Before(a.began)
	}
	return r.Pos <= a.history
}

// Restored marks a database as restored from a backup: what was to be said then
// may have been said, so that it is looked for before it is said, and the cards
// of open sessions are shown anew. pos is the
// last position of the log, at the moment it was restored.
func Restored(ctx context.Context, st *state.Store, pos uint64, at time.Time) error {
	return st.Own(ctx, follower, func(tx *state.FollowTx) error {
		tx.Put("m restored", encode(past{At: at.UTC(), Pos: pos}))
		soon := time.Unix(0, 0).UTC() // whatever the clock says where it is restored
		tx.Put(moment(soon)+"\x00show", encode(timer{Do: toShow, At: soon}))
		return nil
	})
}

// Run follows the log and works off what is to be said, until ctx ends. What is
// being said then is finished first. An error says that the log cannot be read
// or written.
func (a *Announcer) Run(ctx context.Context) error {
	group, all := errgroup.WithContext(ctx)
	group.Go(func() error { return a.box.run(all) })
	group.Go(func() error {
		return a.once(all, func() error {
			return a.store.FollowBut(all, follower, state.But{Pass: a.nothing, Rest: a.rest}, a.follow)
		})
	})
	group.Go(func() error { return a.once(all, func() error { return a.clock.run(all) }) })
	err := group.Wait()
	if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		return nil
	}
	return err
}

// once does something once what an earlier process left is in line: what comes
// anew comes after it.
func (a *Announcer) once(ctx context.Context, do func() error) error {
	select {
	case <-a.box.up:
		return do()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Turn waits until the answer to a call may be posted in a thread, before all
// that Baton says by itself. The function gives the turn back.
func (a *Announcer) Turn(ctx context.Context, thread chat.Thread) (done func(), err error) {
	d := a.box.desk(thread.WorkspaceKey(), thread.Platform())
	if d == nil {
		return func() {}, nil
	}
	return d.forAnswer(ctx, thread.Parent().Key())
}

// Settled returns once everything decided so far has been said as far as it can
// be said now.
func (a *Announcer) Settled(ctx context.Context) error {
	for {
		changed := a.box.changed()
		behind, err := a.store.Behind(ctx, follower)
		if err != nil {
			return err
		}
		if !behind && a.lined.Load() == a.given.Load() && a.clock.idle() && a.box.idle() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// settings are what holds for a channel: its own and its workspace's.
func (a *Announcer) settings(ctx context.Context, channel string) (in orchestration.Room, err error) {
	thread, err := chat.ParseThread(channel)
	if err != nil {
		return in, err
	}
	in.Now, in.Calendars = a.now(), a.calendars
	if in.Channel, err = a.store.Channel(ctx, orchestration.ChannelKey(channel)); err != nil {
		return in, err
	}
	in.Workspace, err = a.store.Workspace(ctx, thread.WorkspaceKey())
	return in, err
}
