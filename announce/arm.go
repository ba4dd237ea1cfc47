package announce

import (
	"context"
	"errors"

	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// arm sets the timers that a record asks for. Those of records from before
// Baton announced anything here are set too: what comes is not history.
func (n *news) arm(in orchestration.Room) error {
	moved := false
	for _, e := range n.Entry.Events() {
		switch e := e.(type) {
		case orchestration.ReminderSet:
			if !n.old || !e.At.Before(n.a.began) {
				timer{Do: toRemind, Session: n.id, Number: e.ID, At: e.At}.put(n.a, n.tx, e.At)
			}
		case orchestration.Started, orchestration.PhaseEntered, orchestration.PhaseReopened, orchestration.HandedOff,
			orchestration.Resumed, orchestration.Reopened, orchestration.Undone, orchestration.Ended:
			moved = true
		}
	}
	if !moved {
		return nil
	}
	if n.s.State() == orchestration.EndedState {
		return n.ended(in)
	}
	if err := n.missed(in); err != nil {
		return err
	}
	if due := n.s.Due(); n.s.State() == orchestration.ActiveState && due.After(in.Now) {
		timer{Do: toSayDue, Session: n.id, At: due}.put(n.a, n.tx, due)
	}
	return n.a.armRound(n.tx, string(n.s.Channel()), in, false)
}

// missed has the reminders come back that fell due while the session had ended.
func (n *news) missed(in orchestration.Room) error {
	rows, err := n.tx.List("o"+string(n.id)+"\x00", "", mostMissed)
	for _, one := range rows {
		t, err := decode[timer](one.Key, one.Value)
		if err != nil {
			return err
		}
		n.tx.Delete(one.Key)
		t.put(n.a, n.tx, in.Now)
	}
	return err
}

// mostMissed is how many reminders come back at a time, by far more than anybody
// sets.
const mostMissed = 1000

// ended forgets what was told in a session, and has the next digest say that it
// has ended.
func (n *news) ended(in orchestration.Room) error {
	n.tx.Delete(toldKey(n.id))
	if _, now := event[orchestration.Ended](n.Entry); now && !n.old && in.Digests() {
		n.tx.Put(endedKey(string(n.s.Channel()), n.id), []byte(n.id))
	}
	return nil
}

// rearm has the rounds of a channel, or of a workspace's channels, go by
// settings that have changed.
func (a *Announcer) rearm(ctx context.Context, tx *state.FollowTx, r state.Record) error {
	if workspace, ok := r.Stream.Workspace(); ok {
		timer{Do: toSweep, Channel: workspace, At: r.Entry.At}.put(a, tx, r.Entry.At)
	}
	channel, ok := r.Stream.Channel()
	if !ok {
		return nil
	}
	return a.rearmChannel(ctx, tx, string(channel))
}

func (a *Announcer) rearmChannel(ctx context.Context, tx *state.FollowTx, channel string) error {
	if quiet, err := a.quiet(ctx, channel); err != nil || quiet {
		return err
	}
	in, err := a.settings(ctx, channel)
	if errors.Is(err, state.ErrDamaged) {
		return nil // it was told of in the log; the others go on
	}
	if err != nil {
		return err
	}
	return a.armRound(tx, channel, in, true)
}

// quiet reports whether a channel has no session that goes on.
func (a *Announcer) quiet(ctx context.Context, channel string) (bool, error) {
	open, err := a.store.Sessions(ctx, orchestration.ChannelKey(channel), state.Page{OnlyOpen: true, Limit: 1})
	return len(open) == 0, err
}

// nothing reports whether a record needs no rows: what is set in a channel where
// no session goes on.
func (a *Announcer) nothing(ctx context.Context, tx *state.FollowTx, r state.Record) (bool, error) {
	channel, ok := r.Stream.Channel()
	if !ok {
		return false, nil
	}
	tx.Committed(a.box.notice)
	return a.quiet(ctx, string(channel))
}

// swept is how many channels one transaction of a sweep goes through.
const swept = 64

// sweep goes through the channels of a workspace that have rounds.
func (a *Announcer) sweep(ctx context.Context, one set) error {
	return a.store.Own(ctx, follower, func(tx *state.FollowTx) error {
		tx.Delete(one.key)
		rows, err := tx.List(roundsKey(one.Channel+"/"), one.After, swept)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := a.rearmChannel(ctx, tx, r.Key[1:]); err != nil {
				return err
			}
		}
		if len(rows) == swept {
			next := one.timer
			next.After = rows[len(rows)-1].Key
			next.put(a, tx, one.At)
		}
		return nil
	})
}
