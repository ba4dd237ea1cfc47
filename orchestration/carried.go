package orchestration

import (
	"iter"
	"slices"
)

// Carried is what earlier phases left behind for the open one, in the order it
// was recorded: the decisions and artifacts of handoffs, in their newest
// wording, and every open item until somebody settles it.
func (s Session) Carried() []Item {
	var out []Item
	for _, item := range s.items.all() {
		if item.State == Live && !item.leftOut && !s.hidden(item) && (item.Phase != s.at || s.state == EndedState) {
			out = append(out, item)
		}
	}
	return out
}

// Here is what was recorded in the open phase and stands.
func (s Session) Here() []Item {
	var out []Item
	for _, item := range s.items.having(phaseMark(s.at)) {
		if item.Phase == s.at {
			out = append(out, item)
		}
	}
	return out
}

// Open are the open items nobody has settled, of every phase.
func (s Session) Open() []Item {
	var out []Item
	for _, item := range s.items.having(openMark) {
		if !s.hidden(item) {
			out = append(out, item)
		}
	}
	return out
}

// handable are the items that a handoff of the open phase passes on if nobody keeps
// them out: what was recorded in it, and every open item.
func (s Session) handable() iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for _, item := range s.items.having(phaseMark(s.at) | openMark) {
			if (item.Phase == s.at || item.Kind == OpenItem) && !s.hidden(item) && !yield(item) {
				return
			}
		}
	}
}

// Draft is the handoff as it would read if it were signed now: what was
// recorded, and where the plan goes next.
func (s Session) Draft() Handoff {
	h := Handoff{Phase: s.at + 1}
	for item := range s.handable() {
		switch item.Kind {
		case DecisionItem:
			h.Decisions = append(h.Decisions, item.Text)
		case ArtifactItem:
			h.Artifacts = append(h.Artifacts, item.Text)
		case OpenItem:
			h.Open = append(h.Open, item.Text)
		}
	}
	if s.at+1 < len(s.plan.phases) {
		next := s.plan.phases[s.at+1]
		h.Persona, h.Skills = next.Persona, slices.Clone(next.Skills)
	}
	return h
}
