package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/internal/lanes"
)

// shift is one run of an adapter: what it heard and has not done with yet.
type shift struct {
	a       *Adapter
	h       chat.Handler
	ctx     context.Context // of calls; it outlives the listening
	end     context.CancelFunc
	calls   *lanes.Lanes // what is heard, up to its first response
	answers *lanes.Lanes // what is said after it, so that nobody's command waits for a slow post
	seen    *window
}

const (
	// How many calls wait or are under way at most; more are not accepted.
	mostCalls   = 2000
	mostAnswers = 4000
	// grace is how long what is under way is waited for when the adapter ends,
	// before it is told to end.
	grace = 10 * time.Second
)

// finish begins nothing more, and waits for what is under way. One that does not
// even end when it is told to is left behind.
func (s *shift) finish() error {
	if !lanes.Finish(s.calls, s.answers, grace, s.end) {
		return fmt.Errorf("discord: some calls did not end within %v", 2*grace)
	}
	return nil
}

// door is how something came in.
type door int

const (
	doorCommand     door = iota + 1 // /baton, or a command of a message's menu
	doorComponent                   // a button or a select
	doorForm                        // a form that was submitted
	doorSuggestions                 // an option is being typed
	doorMention                     // @Baton in a message
)

// request is what somebody asks for.
type request struct {
	door  door
	call  chat.Call
	lane  string
	typed string // the option that is being typed

	draft   *draft          // a form that is opened again as it was
	meta    formMeta        // of a form that was submitted
	entered map[string]bool // its inputs
	on      *message        // the message that a component stands on
	raw     interaction     // of an interaction
	said    *heardMessage   // of a message
}

// work is one request that is being answered.
type work struct {
	*shift
	request
	re *responder // nil for a message
}

const (
	// tooOld is the age from which an interaction is not executed any more. Discord
	// waits three seconds for a response and then tells the person that there was
	// none (D:interactions/receiving-and-responding), who says it again.
	tooOld = 2500 * time.Millisecond
	// soonWithin is the age at which somebody who waits is told that it takes longer.
	soonWithin = 1800 * time.Millisecond
)

// urgent are the verbs that wait for nobody: they end or let go on what others
// may be waiting for.
var urgent = map[string]bool{"stop": true, "approve": true, "deny": true}

// takeInteraction takes an interaction in, as Discord sent it, and does not wait
// for what comes of it. The channel is closed when it has its first response, or
// will not get one from here.
func (s *shift) takeInteraction(raw []byte) <-chan struct{} {
	re := &responder{a: s.a, hold: make(chan struct{}, 1), given: make(chan struct{})}
	var i interaction
	if err := json.Unmarshal(raw, &i); err != nil || i.ID == "" || i.Token == "" {
		s.a.o.Log.Warn("Discord told of an interaction that cannot be read", "error", err)
		re.over()
		return re.given
	}
	now := s.a.o.Now()
	re.id, re.app, re.token, re.made = i.ID, i.ApplicationID, i.Token, s.a.clock.ours(madeAt(i.ID))
	re.came, re.update = now, i.Type == typeComponent || i.Type == typeForm && i.Message != nil
	if !s.seen.claim(seenID{id: number(i.ID)}) { // whoever it is known to responds
		re.over()
		return re.given
	}
	r, err := s.decode(i)
	switch {
	case err != nil:
		s.a.o.Log.Warn("Discord told of an interaction that Baton does not understand", "type", i.Type, "error", err)
		s.puzzled(i, re)
	case now.Sub(re.made) > tooOld:
		re.over()
		if r.door != doorSuggestions {
			w := &work{shift: s, request: r, re: re}
			s.answers.Add(r.lane, lanes.Job{Do: w.tooLate})
		}
	default:
		s.begin(&work{shift: s, request: r, re: re})
	}
	return re.given
}

// puzzled tells somebody that what they did stands for nothing.
func (s *shift) puzzled(i interaction, re *responder) {
	text := "Baton does not know what this stands for. Type the command instead: `/baton help`."
	if i.GuildID == "" {
		text = "Baton works in servers: use it in a channel of one."
	}
	if i.Type == typeSuggestions || !s.answers.Add("", lanes.Job{Do: func() { re.refuse(s.ctx, text) }}) {
		re.over()
	}
}

// begin has a request answered in its lane.
func (s *shift) begin(w *work) {
	w.soon()
	if !s.calls.Add(w.lane, lanes.Job{Do: w.do, Leave: w.leave}) {
		w.leave()
	}
}

// madeAt is when something was made, by its id (D:reference, Snowflakes).
func madeAt(id string) time.Time {
	return epoch.Add(time.Duration(number(id)>>22) * time.Millisecond) //nolint:gosec // 42 bits
}

// do does what is asked for and responds.
func (w *work) do() {
	switch {
	case w.door == doorSuggestions:
		w.suggest(w.ctx)
	case w.draft != nil:
		w.openForm(w.ctx, w.draft.Form)
	default:
		if !w.complete(w.ctx) {
			w.answer(refusal("Not accepted: Discord did not say which channel this is in. Say it again in a moment."))
			return
		}
		m := w.h.Handle(w.ctx, w.call)
		w.answer(m)
	}
}

// window holds what was heard lately, so that it is not handled again: a resumed
// session may replay it, and another process may have heard it too. What is older
// than that, or than this program, is told apart by whoever keeps the calls' ids
// for good; an interaction is too old by then to be handled at all, see [tooOld].
type window struct {
	now func() time.Time

	mu    sync.Mutex
	known map[seenID]int64 // when, in nanoseconds since 1970
	order []seenID         // a ring: the oldest stands at next once it is full
	next  int
}

// seenID is an interaction or a message: ids are numbers.
type seenID struct {
	message bool
	id      idNumber
}

// How long something is remembered, and how much at most: the room for it is taken
// at the start, so that a bot does not grow with what it hears. Where more comes
// in that time, the log tells apart what changed something.
const (
	remembered     = 10 * time.Minute
	mostRemembered = 4096
)

func newWindow(now func() time.Time) *window {
	return &window{now: now, known: make(map[seenID]int64, mostRemembered), order: make([]seenID, mostRemembered)}
}

// claim reports whether something is heard for the first time.
func (d *window) claim(id seenID) bool {
	if id.id == 0 {
		return true // no id of Discord's
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now().UnixNano()
	if at, known := d.known[id]; known && now-at <= int64(remembered) {
		return false
	} else if known { // its place in the ring stays
		d.known[id] = now
		return true
	}
	delete(d.known, d.order[d.next])
	d.known[id] = now
	d.order[d.next] = id
	d.next = (d.next + 1) % len(d.order)
	return true
}
