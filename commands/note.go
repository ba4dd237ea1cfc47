package commands

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

type noteArgs struct {
	Kind  string              `pos:"word" need:"yes" choices:"decision,artifact,open,edit,resolve,supersede,withdraw,assign" help:"what to record, or what to do with item #n"`
	Item  int                 `help:"the item, for edit, resolve, supersede, withdraw and assign"`
	Text  string              `pos:"rest" help:"the words, on one line"`
	Owner orchestration.Human `alias:"for,assignee" help:"who sees to an open item"`
	Link  string              `help:"where it was said"`
}

func note() Command {
	return declare(about{
		Name: "note", Help: "Record a decision, an artifact or an open item, or change one",
		Example: "note decision Postgres, not Dynamo", Form: "Record",
		Fill: noteForm,
	}, doNote)
}

// noteForm asks for what is to be recorded. Where what it is is known already,
// as from a message's menu, it asks only for what such a thing has.
func noteForm(t *turn) (chat.Form, error) {
	f := chat.Form{Title: "Note", Submit: "Record"}
	kind := t.call.Args["kind"]
	name := map[string]string{"decision": "decision", "artifact": "artifact", "open": "open item"}[kind]
	if name != "" {
		f.Title, f.Args = "Record "+name, map[string]string{"kind": kind}
	}
	for _, o := range t.cmd.spec.Options {
		in := chat.Input{Option: o}
		switch {
		case name == "":
		case o.Name == "text":
			in.Label, in.Required = name, true
		case o.Name == "kind" || o.Name == "item" || o.Name == "owner" && kind != "open":
			continue
		}
		f.Inputs = append(f.Inputs, in)
	}
	if kind == "decision" {
		f.Inputs = slices.Insert(f.Inputs, 1, chat.Input{Option: chat.Option{Name: "because", Help: "why", Kind: chat.Line}})
	}
	return f, nil
}

func doNote(t *turn, a noteArgs) (chat.Message, error) {
	if a.Item == 0 {
		a.Item, a.Text = leadingNumber(a.Kind, a.Text)
	}
	switch a.Kind {
	case "decision", "artifact", "open":
		return t.record(a)
	}
	if a.Link != "" {
		return chat.Message{}, orchestration.Refuse("a link belongs to what is recorded, not to a change of it").Try("note artifact … link: …")
	}
	if a.Kind == "resolve" || a.Kind == "withdraw" { // what follows the number is why
		t.because = strings.TrimSpace(strings.Join([]string{a.Text, t.because}, " "))
	}
	if a.Item == 0 {
		return chat.Message{}, orchestration.Refuse("which item? its number stands in `status`").Try("note " + a.Kind + " #4 …")
	}
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		return t.change(s, in, a)
	})
	if err != nil {
		return chat.Message{}, err
	}
	return t.changed(res, a), nil
}

// leadingNumber takes "#4" off the text of a verb that is about an item.
func leadingNumber(kind, text string) (int, string) {
	switch kind {
	case "edit", "resolve", "supersede", "withdraw", "assign":
	default:
		return 0, text
	}
	word, rest := nextWord(text)
	n, err := strconv.Atoi(strings.Trim(word, "#:.,"))
	if err != nil || n < 1 {
		return 0, text
	}
	return n, rest
}

func (t *turn) record(a noteArgs) (chat.Message, error) {
	n := orchestration.Note{Kind: orchestration.ItemKind(a.Kind), Text: a.Text, Owner: a.Owner, Link: a.Link}
	if n.Link == "" {
		n.Link = t.call.Link
	}
	if n.Kind == orchestration.OpenItem && n.Owner.IsZero() {
		n.Owner, n.Text = t.ownerAtEnd(n.Text)
	}
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		return s.Record(t.by, in, n, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	m := t.recorded(res)
	if e, ok := res.Entry.Events()[0].(orchestration.ItemRecorded); ok && e.Kind == orchestration.OpenItem && e.Owner.IsZero() {
		if who, _, ok := t.mentioned(e.Text); ok {
			m.Blocks = append(m.Blocks, chat.Remark(fmt.Sprintf("It is nobody's yet: `note assign #%d @%s`.", e.ID, who.Name())))
		}
	}
	return m, nil
}

// ownerAtEnd reads "… for @ben" off an open item.
func (t *turn) ownerAtEnd(text string) (orchestration.Human, string) {
	i := strings.LastIndex(text, " for ")
	if i < 0 {
		return orchestration.Human{}, text
	}
	who, rest, ok := t.mentioned(text[i+len(" for "):])
	if !ok || strings.TrimSpace(rest) != "" {
		return orchestration.Human{}, text
	}
	return who, text[:i]
}

func (t *turn) recorded(res state.Result) chat.Message {
	e, ok := res.Entry.Events()[0].(orchestration.ItemRecorded)
	if !ok {
		return say("Recorded.")
	}
	name := map[orchestration.ItemKind]string{orchestration.DecisionItem: "Decision", orchestration.ArtifactItem: "Artifact", orchestration.OpenItem: "Open item"}[e.Kind]
	text := name + " #" + strconv.Itoa(e.ID) + " recorded: " + e.Text
	if !e.Owner.IsZero() {
		text += " → " + e.Owner.Name()
	}
	return say(stopped(text + becauseOf(res.Entry.Because())))
}

func (t *turn) change(s orchestration.Session, in orchestration.Room, a noteArgs) (orchestration.Decision, error) {
	switch a.Kind {
	case "edit":
		return s.Edit(t.by, in, a.Item, a.Text, t.because)
	case "resolve":
		return s.Resolve(t.by, in, a.Item, t.because)
	case "supersede":
		return s.Supersede(t.by, in, a.Item, a.Text, t.because)
	}
	if a.Kind == "withdraw" {
		return s.Withdraw(t.by, in, a.Item, t.because)
	}
	owner := a.Owner
	a.Text = strings.TrimPrefix(a.Text, "to ")
	if owner.IsZero() && a.Text != "" && !strings.EqualFold(a.Text, "nobody") {
		var err error
		if owner, err = t.person(a.Text); err != nil {
			return orchestration.Decision{}, err
		}
	}
	return s.Assign(t.by, in, a.Item, owner, t.because)
}

func (t *turn) changed(res state.Result, a noteArgs) chat.Message {
	s := t.after(res)
	item, _ := s.Item(a.Item)
	reason := becauseOf(res.Entry.Because())
	switch a.Kind {
	case "edit":
		return say(stopped(fmt.Sprintf("#%d now reads: %s%s", item.ID, item.Text, reason)))
	case "resolve":
		return say(stopped(fmt.Sprintf("Resolved #%d: %s%s", item.ID, item.Text, reason)) + " " + openLeft(s) + ".")
	case "withdraw":
		return say(stopped(fmt.Sprintf("Withdrawn #%d: %s%s", item.ID, item.Text, reason)))
	case "supersede":
		next, _ := s.Item(item.Replaced)
		return say(stopped(fmt.Sprintf("#%d (%s) is replaced by #%d: %s%s", item.ID, item.Text, next.ID, next.Text, reason)))
	}
	if item.Owner.IsZero() {
		return say(stopped(fmt.Sprintf("#%d is nobody's now: %s%s", item.ID, item.Text, reason)))
	}
	return say(stopped(fmt.Sprintf("#%d is %s's now: %s%s", item.ID, item.Owner.Name(), item.Text, reason)))
}

func openLeft(s shown) string {
	switch n := len(s.Open()); n {
	case 0:
		return "Nothing is open any more"
	default:
		return plural(n, "open item", "open items") + " left"
	}
}
