package commands

import (
	"fmt"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// shown is a session on its way to a screen.
type shown struct {
	orchestration.Session
	t      *turn
	id     state.SessionID
	number int
	in     orchestration.Room
}

// where says which phase is open, as people say it: "Phase 2 of 4: Prepare".
func (s shown) where() string {
	phase, open := s.Phase()
	switch {
	case s.State() == orchestration.EndedState:
		return "Ended"
	case !open:
		return "Nothing is open"
	}
	return s.nth(s.At(), phase)
}

// nth is a phase with its place in the plan: "Phase 2 of 4: Prepare".
func (s shown) nth(i int, phase orchestration.Phase) string {
	word := "Phase"
	if k := s.Plan().Kind(); k == orchestration.SkillChainKind || k == orchestration.MultiAgentHandoffKind {
		word = "Step"
	}
	return fmt.Sprintf("%s %d of %d: %s", word, i+1, len(s.Phases()), phase.Name)
}

// standing is one sentence on where the session is and what is in force there.
func (s shown) standing() string {
	text := s.where()
	if s.State() == orchestration.EndedState {
		return text + "."
	}
	if p := s.Persona(); !p.Name.IsZero() {
		text += ", as " + p.Name.Last()
	}
	if skills := s.Skills(); len(skills) > 0 {
		text += ", with " + skillNames(skills)
	}
	text += "."
	if due := s.Due(); !due.IsZero() {
		text += " Due " + date(due.In(s.roomNow().Zone())) + "."
	}
	return text
}

// cost is the tokens of what is loaded: persona and skills.
func (s shown) cost() int { return s.t.stackCost(s.Persona(), s.Skills()) }

// costLine says what loading changed, and warns above the budget.
func (t *turn) costLine(before, after int, in orchestration.Room) chat.Block {
	text := fmt.Sprintf("Stack: about %s tokens; before: %s tokens.", thousands(after), thousands(before))
	if b := in.Budget(); b > 0 && after > b {
		text += fmt.Sprintf(" That is over the budget of %s.", thousands(b))
	}
	return chat.Remark(text)
}

// becauseOf repeats the reason a person gave.
func becauseOf(reason string) string {
	if reason == "" {
		return ""
	}
	return ", because " + strings.TrimRight(reason, ".")
}

// inThread puts the answer into the session's own thread.
func (s shown) inThread(m chat.Message) chat.Message {
	if !s.t.call.Thread.InChannel() {
		return m
	}
	thread, err := chat.ParseThread(string(s.Thread()))
	if err != nil {
		return m // not bound yet: the answer goes where the question was
	}
	m.Thread = thread
	return m
}

// stopped ends a sentence that ends in somebody's words.
func stopped(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "!") {
		return text
	}
	return text + "."
}

func say(text string, more ...chat.Block) chat.Message {
	return chat.Message{Blocks: append([]chat.Block{chat.Paragraph(text)}, more...)}
}

// briefLines are the constraints and success criteria, if there are any.
func (s shown) briefLines() []chat.Block {
	b := s.Brief()
	if len(b.Constraints)+len(b.Success) == 0 {
		return nil
	}
	var lines chat.Bullets
	for _, c := range b.Constraints {
		lines = append(lines, "constraint: "+c)
	}
	for _, c := range b.Success {
		lines = append(lines, "success: "+c)
	}
	return []chat.Block{lines}
}

// itemLine is an item as a list shows it.
func itemLine(item orchestration.Item) string {
	text := fmt.Sprintf("#%d %s", item.ID, item.Text)
	if !item.Owner.IsZero() {
		text += " → " + item.Owner.Name()
	}
	return text + becauseOf(item.Because)
}

// mostItems is how many items a list in a chat shows.
const mostItems = 15

// section is a named list of items, cut to what a chat can hold.
func section(name string, items []orchestration.Item) []chat.Block {
	cut := max(0, len(items)-mostItems)
	return newest(name, items[cut:], cut > 0)
}

// newest is a named list of the newest items; more says that there are others.
func newest(name string, items []orchestration.Item, more bool) []chat.Block {
	if len(items) == 0 {
		return nil
	}
	lines := make(chat.Bullets, len(items))
	for i, item := range items {
		lines[i] = itemLine(item)
	}
	if more {
		name += fmt.Sprintf(" (the newest %d; `export` has all)", len(items))
	}
	return []chat.Block{chat.Paragraph(name + ":"), lines}
}

func ofKind(items []orchestration.Item, kind orchestration.ItemKind) []orchestration.Item {
	var out []orchestration.Item
	for _, item := range items {
		if item.Kind == kind {
			out = append(out, item)
		}
	}
	return out
}

func skillNames(skills []orchestration.Skill) string {
	names := make([]string, len(skills))
	for i, s := range skills {
		names[i] = s.Name.Last()
	}
	return strings.Join(names, ", ")
}

// owns says whose a session is; whoever is at the console is "you".
func owns(owner orchestration.Human, what string) string {
	if owner.Name() == "you" {
		return "You own " + what
	}
	return owner.Name() + " owns " + what
}

func nobody(p orchestration.Persona) string {
	if p.Name.IsZero() {
		return "nobody"
	}
	return p.Name.Last()
}

func date(t time.Time) string { return t.Format("Mon 2 Jan 2006") }

func moment(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2 Jan 2006 15:04 MST")
}

// thousands prints a number with thin groups: 12,345.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
