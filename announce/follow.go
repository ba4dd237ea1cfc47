package announce

import (
	"context"
	"errors"
	"slices"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// follow turns one record of the log into rows. They are durable in one
// transaction with the cursor, so that each record makes its rows once.
func (a *Announcer) follow(ctx context.Context, tx *state.FollowTx, r state.Record) error {
	a.given.Store(r.Pos)
	if err := a.rows(ctx, tx, r); err != nil {
		return err
	}
	tx.Committed(func() {
		a.lined.Store(r.Pos)
		a.box.notice()
	})
	return nil
}

// rows makes the rows of one record.
func (a *Announcer) rows(ctx context.Context, tx *state.FollowTx, r state.Record) error {
	id, ok := r.Stream.Session()
	if !ok {
		return a.rearm(ctx, tx, r)
	}
	s, err := a.store.Session(ctx, id)
	if errors.Is(err, state.ErrDamaged) {
		return nil // it was told of in the log; the others go on
	}
	if err != nil {
		return err
	}
	n := &news{a: a, tx: tx, id: id, s: s, Record: r, old: a.old(r)}
	return n.tell(ctx)
}

// news is one record while it is turned into rows.
type news struct {
	a  *Announcer
	tx *state.FollowTx
	id state.SessionID
	s  orchestration.Session // as it stands now, which may be later than the record
	state.Record
	old  bool // from before Baton announced anything here
	rows int
}

// tell makes the rows of one record.
func (n *news) tell(ctx context.Context) error {
	in, err := n.a.settings(ctx, string(n.s.Channel()))
	if errors.Is(err, state.ErrDamaged) {
		return nil // nobody knows what the channel wants to hear; the others go on
	}
	if err != nil {
		return err
	}
	if err := n.arm(in); err != nil || n.old {
		return err
	}
	mode, further := in.Channel.Announce()
	if started, ok := event[orchestration.Started](n.Entry); ok {
		n.card(started, mode)
	} else if bound, ok := event[orchestration.Bound](n.Entry); ok && bound.Thread != "" {
		n.wakeThread()
	}
	n.agents()
	if heard(n.Entry, mode) {
		n.announce(mode, further)
	}
	if undone, ok := event[orchestration.Undone](n.Entry); ok {
		if err := n.correct(undone, further); err != nil {
			return err
		}
	}
	n.refresh()
	return nil
}

// event is the first event of a kind in an entry.
func event[E orchestration.Event](e orchestration.Entry) (E, bool) {
	for _, one := range e.Events() {
		if found, ok := one.(E); ok {
			return found, true
		}
	}
	var none E
	return none, false
}

// traits are those of the platform the session lives on.
func (n *news) traits() (t chat.Traits, ok bool) {
	poster := n.a.box.posters[channelLane(string(n.s.Channel())).platform()]
	if poster == nil {
		return t, false
	}
	return poster.Traits(), true
}

// put makes a row in a queue. Rows of records that a backup may have been made
// after are looked for before they are said.
func (n *news) put(q queueKey, r row) {
	r.Session, r.Pos, r.Seq, r.Made = n.id, n.Pos, n.Entry.Seq, n.Entry.At.UTC()
	r.Name = name(n.id, n.Entry.Seq, n.Entry.At.UnixNano(), r.Kind, r.Number, q)
	if p := n.a.past; !p.At.IsZero() && n.Pos <= p.Pos {
		r.Status, r.Since, r.Tries = unknown, n.Entry.At.UTC(), 1
		r.Not = p.At.Add(n.a.box.settle(q.lane().platform()))
	}
	n.rows++
	n.tx.Put(q.rows()+order(n.Pos, n.rows), encode(r))
	n.wake(q)
}

func (n *news) wake(q queueKey) {
	n.tx.Committed(func() {
		n.a.step("rows")
		n.a.box.lineUp(q)
	})
}

// card makes the session's card: in the channel, or, where it was started in a
// thread that was there before, in that.
func (n *news) card(started orchestration.Started, mode orchestration.AnnounceMode) {
	channel := string(started.Channel)
	traits, known := n.traits()
	_, bound := event[orchestration.Bound](n.Entry)
	if mode == orchestration.AnnounceOff && (!traits.Roots || bound) {
		return // the channel wants to hear nothing, and no thread hangs under it
	}
	l := channelLane(channel)
	if known && traits.Roots && bound {
		l = threadLane(n.id, channel)
	}
	n.put(l.queue(urgent), row{Kind: cardRow})
}

// refresh says that the card may show something old.
func (n *news) refresh() {
	q := threadLane(n.id, string(n.s.Channel())).queue(edits)
	n.tx.Put(q.rows()+newest, encode(row{Kind: cardEdit, Session: n.id, Seq: n.Entry.Seq}))
	n.wake(q)
}

// wakeThread wakes what waited for the session's thread to have a name.
func (n *news) wakeThread() {
	l := threadLane(n.id, string(n.s.Channel()))
	for c := urgent; c <= checks; c++ {
		n.wake(l.queue(c))
	}
}

// agents tells the thread what agents did: nobody called for it there.
func (n *news) agents() {
	if _, ok := n.Entry.By().(orchestration.Agent); !ok {
		return
	}
	q := threadLane(n.id, string(n.s.Channel())).queue(urgent)
	for _, e := range n.Entry.Events() {
		switch e := e.(type) {
		case orchestration.TaskReported:
			n.put(q, row{Kind: reportRow, Number: e.ID})
		case orchestration.Proposed:
			n.put(q, row{Kind: askRow, Number: e.ID})
		}
	}
}

// heard reports whether a channel hears of a decision by itself.
func heard(e orchestration.Entry, mode orchestration.AnnounceMode) bool {
	for _, one := range e.Events() {
		switch one.(type) {
		case orchestration.Announced:
			return true // somebody asked for it
		case orchestration.Started, orchestration.PhaseEntered, orchestration.PhaseReopened,
			orchestration.Ended, orchestration.Reopened, orchestration.Paused, orchestration.Resumed:
			if mode != orchestration.AnnounceOff {
				return true
			}
		case orchestration.Overridden, orchestration.PersonaSwitched, orchestration.OwnerChanged,
			orchestration.ProposalApproved, orchestration.ProposalDenied,
			orchestration.TaskAccepted, orchestration.TaskRejected:
			if mode == orchestration.AnnounceAll {
				return true
			}
		}
	}
	return false
}

// announce says what a decision did in the session's channel and wherever else
// the team wants to hear of it.
func (n *news) announce(mode orchestration.AnnounceMode, further []orchestration.ChannelKey) {
	kind := eventRow
	if _, ok := event[orchestration.Announced](n.Entry); ok {
		kind = wordsRow
	}
	if _, ok := event[orchestration.Started](n.Entry); !ok { // there, the card says it
		n.put(n.home().queue(usual), row{Kind: kind, Loud: true})
	}
	var lanes []lane
	for _, channel := range further {
		if n.valid(channel) {
			lanes = append(lanes, channelLane(string(channel)))
			n.put(channelLane(string(channel)).queue(usual), row{Kind: kind})
		}
	}
	if len(lanes) > 0 && kind == eventRow {
		n.tx.Put(furtherKey(n.id, n.Entry.Seq), encode(lanes))
	}
}

// home is where the session's own announcements are said: in its thread, loud.
func (n *news) home() lane { return threadLane(n.id, string(n.s.Channel())) }

func (n *news) valid(channel orchestration.ChannelKey) bool {
	thread, err := chat.ParseThread(string(channel))
	if err != nil || !thread.InChannel() {
		n.a.log.Error("a further destination is no channel", "channel", string(channel))
		return false
	}
	return channel != n.s.Channel()
}

// correct edits what was announced of a decision that has now been undone:
// where it would be told now, and where it was told then, or is to be told still.
func (n *news) correct(undone orchestration.Undone, further []orchestration.ChannelKey) error {
	data := encode(corrected{Seq: undone.Seq})
	lanes := []lane{n.home()}
	for _, channel := range further {
		if n.valid(channel) {
			lanes = append(lanes, channelLane(string(channel)))
		}
	}
	n.tx.Put(undoneKey(n.id, undone.Seq), encode(takenBack{n.Pos, n.Entry.Seq}))
	then, err := n.further(undone.Seq)
	if err != nil {
		return err
	}
	said, err := n.tx.List(saidIn(row{Kind: eventRow, Session: n.id, Seq: undone.Seq}), "", mostLanes)
	if err != nil {
		return err
	}
	for _, one := range said {
		then = append(then, laneOf(one.Key))
	}
	for _, l := range then {
		if !slices.Contains(lanes, l) {
			lanes = append(lanes, l)
		}
	}
	for _, l := range lanes {
		n.put(l.queue(usual), row{Kind: correctRow, Data: data})
	}
	return nil
}

// mostLanes is how many places hear of one decision at most, by far.
const mostLanes = 64
