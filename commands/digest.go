package commands

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/picture"
	"github.com/synthoperator/baton/state"
)

const (
	mostDigest  = 20 // sessions that a digest tells of, a line each
	mostLooked  = 500
	mostDrawn   = 3 // sessions whose timelines a digest shows
	mostDecided = 3 // decisions of a session that a digest repeats
)

// Digest is how a channel's sessions stand, those that are late first, and what
// was decided in them since.
func (r *Router) Digest(ctx context.Context, channel orchestration.ChannelKey, since time.Time, ended []state.SessionID) (chat.Message, error) {
	place, err := chat.ParseThread(string(channel))
	if err != nil {
		return chat.Message{}, err
	}
	t := &turn{ctx: ctx, r: r, lib: r.library.Snapshot(), call: chat.Call{Thread: place}}
	in, err := t.here()
	if err != nil {
		return chat.Message{}, err
	}
	open, err := r.store.Sessions(ctx, channel, state.Page{OnlyOpen: true, Limit: mostLooked})
	if err != nil {
		return chat.Message{}, err
	}
	var all []shown
	damaged := 0
	for _, l := range open {
		s, err := t.load(l.ID)
		if err != nil {
			damaged++
			continue
		}
		all = append(all, s)
	}
	slices.SortStableFunc(all, func(a, b shown) int { return cmp.Compare(b.urgency(), a.urgency()) })
	m := chat.Message{Title: "How things stand, " + date(in.Now.In(in.Zone()))}
	m.Short = m.Title + ": " + plural(len(all), "open session", "open sessions")
	for i, s := range all[:min(len(all), mostDigest)] {
		m.Blocks = append(m.Blocks, chat.Paragraph(s.digestLine()), chat.Bullets(s.digestLines(since)))
		if i < mostDrawn {
			f, err := s.picture()
			if err != nil {
				r.log.Error("a timeline cannot be drawn", "session", s.id, "err", err)
				continue
			}
			m.Files = append(m.Files, f)
		}
	}
	if n := len(all) - mostDigest; n > 0 {
		m.Blocks = append(m.Blocks, chat.Remark(fmt.Sprintf("And %d more: `list sessions`.", n)))
	}
	if damaged > 0 {
		m.Blocks = append(m.Blocks, chat.Remark(plural(damaged, "session is", "sessions are")+" damaged; see `bot verify`."))
	}
	if lines := t.endedLines(ended); len(lines) > 0 {
		m.Blocks = append(m.Blocks, chat.Paragraph("Ended:"), lines)
	}
	return m, nil
}

// urgency is higher the sooner somebody has to look.
func (s shown) urgency() int {
	switch {
	case s.State() != orchestration.ActiveState:
		return 0
	case !s.Due().IsZero() && s.in.Now.After(s.Due()):
		return 2
	}
	return 1
}

func (s shown) digestLine() string {
	return fmt.Sprintf("Session %d, %s: %s", s.number, s.Plan().Title(), short(s.Brief().Objective, 80))
}

// digestLines are where a session stands, on whom it waits, and what was
// decided since.
func (s shown) digestLines(since time.Time) []string {
	line := s.where() + s.paused()
	if due := s.Due(); !due.IsZero() {
		line += ", due " + s.dueText()
	}
	lines := []string{line}
	if waits := s.waitsOn(); len(waits) > 0 {
		lines = append(lines, "waiting on "+strings.Join(waits, "; "))
	}
	var decided []string
	for _, item := range s.Items() {
		if item.Kind == orchestration.DecisionItem && item.State == orchestration.Live && item.At.After(since) {
			decided = append(decided, fmt.Sprintf("#%d %s", item.ID, short(item.Text, 80)))
		}
	}
	for _, h := range s.Handoffs() {
		if h.At.After(since) {
			lines = append(lines, fmt.Sprintf("%s was handed off by %s", s.phaseName(h.Index), h.By))
		}
	}
	if n := len(decided); n > 0 {
		text := "decided"
		if n > mostDecided {
			text += fmt.Sprintf(" (the newest %d of %d)", mostDecided, n)
		}
		lines = append(lines, text+": "+strings.Join(decided[max(0, n-mostDecided):], "; "))
	}
	return lines
}

// endedLines are sessions that have ended, a line each.
func (t *turn) endedLines(ended []state.SessionID) chat.Bullets {
	var lines chat.Bullets
	for _, id := range ended {
		if s, err := t.load(id); err == nil && s.State() == orchestration.EndedState {
			lines = append(lines, s.digestLine())
		}
	}
	return lines
}

// picture is the session's timeline.
func (s shown) picture() (chat.File, error) {
	p := picture.Timeline{Session: s.Session, Zone: s.in.Zone(), Now: s.in.Now}
	for e, err := range s.t.r.store.Entries(s.t.ctx, state.SessionStream(s.id), 0) {
		if err != nil {
			return chat.File{}, err
		}
		if p.Entries = append(p.Entries, e); uint64(len(p.Entries)) == s.Seq() {
			break // what was decided meanwhile is not in the session either
		}
	}
	data, err := p.PNG()
	if err != nil {
		return chat.File{}, err
	}
	return chat.File{Name: fmt.Sprintf("session-%d.png", s.number), MediaType: "image/png", Data: data, Alt: p.Alt()}, nil
}
