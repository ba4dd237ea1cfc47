package commands

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// Deps is what the router needs.
type Deps struct {
	Store   *state.Store
	Library *library.Library
	Log     *slog.Logger             // nil discards
	Now     func() time.Time         // nil is time.Now
	Admins  []orchestration.PersonID // workspace admins named by the operator
	// Calendars are holidays by the names the operator gave them.
	Calendars map[string]orchestration.Calendar
}

// Router answers calls. It implements [chat.Handler] and may be used by many
// goroutines at once.
type Router struct {
	store     *state.Store
	library   *library.Library
	log       *slog.Logger
	now       func() time.Time
	admins    []orchestration.PersonID
	calendars map[string]orchestration.Calendar
	verbs     []Command
	byName    map[string]*Command
}

var _ chat.Handler = (*Router)(nil)

// New makes the router of all verbs.
func New(d Deps) *Router {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	r := &Router{
		store: d.Store, library: d.Library, log: d.Log, now: d.Now, admins: d.Admins, calendars: d.Calendars,
		verbs: All(), byName: map[string]*Command{},
	}
	for i := range r.verbs {
		r.byName[r.verbs[i].spec.Name] = &r.verbs[i]
	}
	return r
}

// Specs are the verbs, in the order they are shown.
func (r *Router) Specs() []chat.Spec {
	specs := make([]chat.Spec, len(r.verbs))
	for i, v := range r.verbs {
		specs[i] = v.spec
	}
	return specs
}

// inSession is the argument that names a session by its number in the channel,
// for verbs typed in the channel: "status in: 2".
const inSession = "in"

// Handle answers one call. When it returns, what the call changed is durable.
func (r *Router) Handle(ctx context.Context, call chat.Call) (m chat.Message) {
	defer func() {
		if p := recover(); p != nil { // one call's fault ends no other's work
			m = r.explain(ctx, call, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	m, err := r.handle(ctx, call)
	if err != nil {
		return r.explain(ctx, call, err)
	}
	return m
}

func (r *Router) handle(ctx context.Context, call chat.Call) (chat.Message, error) {
	t := &turn{
		ctx: ctx, r: r, call: call, lib: r.library.Snapshot(),
		by: orchestration.NewHuman(orchestration.PersonID(call.Person.Key(call.Thread)), call.Person.Name),
	}
	cmd, w, err := t.read()
	if err != nil {
		return chat.Message{}, err
	}
	t.cmd, t.because = cmd, w.because
	if t.call.Form {
		m, err := cmd.open(t, w)
		return m, t.picking(w, err)
	}
	if m, late, err := t.late(w); late || err != nil {
		return m, err
	}
	if w.because != "" && !cmd.changes {
		return chat.Message{}, orchestration.Refuse("`%s` changes nothing, so it takes no reason", cmd.spec.Name).Try(cmd.spec.Example)
	}
	m, err := cmd.run(t, w)
	m.Only = m.Only || t.alone
	err = t.picking(w, err)
	if err == nil && t.acted != "" && m.Thread.IsZero() {
		m.Blocks = append(m.Blocks, t.actedOn())
	}
	if err == nil && t.call.Pressed && cmd.changes && !m.Only && m.Form == nil && t.by.Name() != "" {
		m.Blocks = append(m.Blocks, chat.Remark("By "+t.by.Name()+"."))
	}
	return m, err
}

// actedOn names the session that a verb typed in the channel acted on.
func (t *turn) actedOn() chat.Block {
	s, err := t.load(t.acted)
	if err != nil {
		return chat.Remark("In another session of this channel.")
	}
	return chat.Remark(fmt.Sprintf("In session %d, %s: %s.", s.number, s.Plan().Title(), short(s.Brief().Objective, 80)))
}

// maxText bounds what one call may say, in bytes: a report and some words.
const maxText = orchestration.MaxOutput + 8*1024

// read finds the verb and sorts its arguments.
func (t *turn) read() (*Command, words, error) {
	verb, text := t.call.Verb, t.call.Text
	if len(text) > maxText {
		return nil, words{}, orchestration.Refuse("this has %d bytes, at most %d are read: link the document and say what is in it", len(text), maxText).
			Try("note artifact … link: …")
	}
	if verb == "" {
		verb, text = splitVerb(text)
	}
	cmd, ok := t.r.byName[strings.ToLower(verb)]
	if !ok {
		return nil, words{}, t.r.unknown(verb)
	}
	if t.call.Args != nil {
		w, err := cmd.fromArgs(t.call.Args)
		if err == nil {
			t.in, err = sessionNumber(t.call.Args[inSession])
		}
		if err != nil || text == "" {
			return cmd, w, err
		}
	}
	text, number := cutSession(text, t.call.Thread.InChannel())
	if number != "" {
		var err error
		if t.in, err = sessionNumber(number); err != nil {
			return cmd, words{}, err
		}
	}
	if strings.EqualFold(strings.TrimSpace(text), "form") && len(cmd.fields) > 0 {
		t.call.Form = true
		return cmd, words{}, nil
	}
	w, err := readText(cmd, text)
	return cmd, w, err
}

// splitVerb takes the verb off. The protocol's own handoff opens with "Phase 1
// complete." and needs none.
func splitVerb(text string) (verb, rest string) {
	text = strings.TrimSpace(text)
	for _, name := range [...]string{"/baton", "@baton", "baton"} {
		if after, ok := cutWord(text, name); ok {
			text = after
		}
	}
	if orchestration.LooksLikeHandoff(text) {
		return "handoff", text
	}
	verb, rest = nextWord(text)
	verb = strings.ToLower(strings.Trim(verb, "/:.,!"))
	for _, other := range otherWords {
		after, ok := cutFold(text, other.words)
		if strings.EqualFold(text, other.words) {
			after, ok = "", true
		}
		if ok {
			return other.verb, strings.TrimSpace(other.before + " " + after)
		}
	}
	return verb, rest
}

// otherWords are what people type for a verb without thinking.
var otherWords = []struct{ words, verb, before string }{
	{"hand off", "handoff", ""},
	{"hand over", "handoff", ""},
	{"report", "run", "report"},
	{"catch up", "catchup", ""},
	{"?", "help", ""},
}

// The two places where "in: 2" names a session: right after the verb, and at
// the very end, before the reason if there is one. Anywhere else it is
// somebody's words.
var (
	leadingSession  = regexp.MustCompile(`^in:\s*#?(\d{1,9})(?:\s+|$)`)
	trailingSession = regexp.MustCompile(`(?:^|\s)in:\s*#?(\d{1,9})(\s+because\s[^\n]*)?$`)
)

// cutSession takes the session's number off a text typed in a channel. In a
// thread there is nothing to name.
func cutSession(text string, inChannel bool) (rest, number string) {
	if !inChannel {
		return text, ""
	}
	if m := leadingSession.FindStringSubmatch(text); m != nil {
		return text[len(m[0]):], m[1]
	}
	if m := trailingSession.FindStringSubmatch(text); m != nil && !strings.Contains(text, "\n") {
		return strings.TrimSpace(text[:len(text)-len(m[0])] + m[2]), m[1]
	}
	return text, ""
}

func (r *Router) unknown(verb string) error {
	if verb == "" {
		return orchestration.Refuse("nothing was asked").Try("help", "status")
	}
	names := make([]string, len(r.verbs))
	for i, v := range r.verbs {
		names[i] = v.spec.Name
	}
	try := near(strings.ToLower(verb), names)
	if len(try) == 0 {
		try = []string{"help"}
	}
	return orchestration.Refuse("%q is no verb of Baton", short(verb, 40)).Try(try...)
}
