package commands

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// InPlace is the argument of a button that is pressed outside of any channel:
// the key of the thread or channel that it acts in. Whoever reads the button
// takes it out before it becomes a call.
const InPlace = "thread"

// What a home shows at most: a screen that has to be scrolled is no overview.
const (
	homeReads    = 500 // sessions looked at
	homeSessions = 10
	homeItems    = 15
	homeAsks     = 5
	homePatterns = 5
)

// Home is what somebody sees of a workspace outside of its channels: what waits
// for them, what they own, and what they could start. It tells of sessions that
// they own, started, hold an open item of, or decide on as the channel's
// approver. A role that holds in every channel shows nothing here, since it may
// be of one they cannot read.
func (r *Router) Home(ctx context.Context, workspace chat.Thread, p chat.Person) (chat.Message, error) {
	open, err := r.store.AllOpen(ctx, workspace.WorkspaceKey(), homeReads)
	if err != nil {
		return chat.Message{}, err
	}
	by := orchestration.NewHuman(orchestration.PersonID(p.Key(workspace)), p.Name)
	h := home{by: by}
	for _, l := range open {
		s, err := r.speaking(ctx, l.ID)
		if errors.Is(err, state.ErrDamaged) {
			h.damaged++
			continue
		}
		if err != nil {
			return chat.Message{}, err
		}
		h.add(s)
	}
	slices.SortStableFunc(h.mine, func(a, b shown) int { return cmp.Compare(b.Moved().UnixNano(), a.Moved().UnixNano()) })
	return h.message(r), nil
}

// home is what concerns one person.
type home struct {
	by      orchestration.Human
	mine    []shown
	asks    chat.Bullets
	items   chat.Bullets
	buttons []chat.Button
	more    int // asks without buttons
	damaged int // sessions that cannot be read, whoever they concern
}

// add takes a session in where it concerns the person.
func (h *home) add(s shown) {
	me := h.by.ID()
	starter, _ := s.Starter()
	owns := s.Owner().ID() == me
	approves := slices.ContainsFunc(s.in.Channel.People(orchestration.Approver), func(a orchestration.Human) bool { return a.ID() == me })
	holds := false
	for _, item := range s.Open() {
		if item.Owner.ID() != me {
			continue
		}
		holds = true
		if len(h.items) < homeItems {
			h.items = append(h.items, fmt.Sprintf("#%d %s (%s)", item.ID, short(firstLine(item.Text), 120), s.named()))
		}
	}
	if owns || holds || starter.ID() == me {
		h.mine = append(h.mine, s)
	}
	if !owns && !approves || s.May(h.by, s.in, orchestration.ToSteer) != nil {
		return
	}
	for _, task := range s.Tasks() {
		if task.State == orchestration.TaskDone {
			h.ask(s, task.ID, fmt.Sprintf("report on #%d: %s", task.ID, short(firstLine(task.Brief), 80)))
		}
	}
	for _, a := range s.Session.Waiting() {
		h.ask(s, a.ID, fmt.Sprintf("proposal #%d by %s", a.ID, a.By))
	}
}

// ask adds something to decide on, with its buttons where there is room.
func (h *home) ask(s shown, number int, text string) {
	if len(h.asks) == homeAsks {
		h.more++
		return
	}
	h.asks = append(h.asks, fmt.Sprintf("%s (%s)", text, s.named()))
	for _, verb := range [...]string{"approve", "deny"} {
		b := s.about(fmt.Sprintf("%s #%d of session %d", upperFirst(verb), number, s.number), verb, "number", number, false)
		h.buttons = append(h.buttons, s.placed(b))
	}
}

// named is a session as it is told from others: its number is its channel's.
func (s shown) named() string {
	return fmt.Sprintf("session %d, %s", s.number, short(s.Brief().Objective, 60))
}

// placed makes a button act in the session's own thread, or in its channel while
// it has none.
func (s shown) placed(b chat.Button) chat.Button {
	b.Args[InPlace] = s.t.call.Thread.Key()
	return b
}

func (h *home) message(r *Router) chat.Message {
	m := chat.Message{Title: "What waits for you", Only: true}
	section := func(name string, lines chat.Bullets) {
		if len(lines) > 0 {
			m.Blocks = append(m.Blocks, chat.Paragraph(name+":"), lines)
		}
	}
	section("To decide", h.asks)
	if h.more > 0 {
		m.Blocks = append(m.Blocks, chat.Remark(plural(h.more, "more thing waits", "more things wait")+" for your decision: `status` in the session's thread shows them."))
	}
	section("Your open items", h.items)
	if len(h.asks)+len(h.items) == 0 {
		m.Blocks = append(m.Blocks, chat.Paragraph("Nothing: no decision and no open item is yours."))
	}
	if h.damaged > 0 {
		m.Blocks = append(m.Blocks, chat.Remark(plural(h.damaged, "session here is", "sessions here are")+" damaged and not looked at; see `bot verify`."))
	}
	m.Buttons = h.buttons
	var lines chat.Bullets
	for _, s := range h.mine[:min(len(h.mine), homeSessions)] {
		lines = append(lines, fmt.Sprintf("Session %d, %s: %s – %s%s", s.number, s.Plan().Title(), short(s.Brief().Objective, 80), s.standing(), s.paused()))
	}
	section("Your sessions", lines)
	if more := len(h.mine) - len(lines); more > 0 {
		m.Blocks = append(m.Blocks, chat.Remark(plural(more, "older session is", "older sessions are")+" not shown; `list` in a channel shows its own."))
	}
	for i, p := range r.library.Snapshot().Patterns() {
		if i == homePatterns {
			break
		}
		name := p.Plan.Name()
		m.Buttons = append(m.Buttons, chat.Button{
			Label: "Start " + name, Verb: "start", Form: true, Args: map[string]string{"pattern": name}, Typed: "start " + name + " …",
		})
	}
	m.Blocks = append(m.Blocks, chat.Remark("Start one in a channel with `start <pattern> <objective>`; all patterns: `list patterns`."))
	return m
}
