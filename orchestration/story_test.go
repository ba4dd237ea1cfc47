package orchestration

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// The people of every story. Roles are given by team.
var (
	ana = NewHuman("t/ana", "Ana") // owns what she starts
	ben = NewHuman("t/ben", "Ben") // approver
	cem = NewHuman("t/cem", "Cem") // contributor
	dot = NewHuman("t/dot", "Dot") // observer
	eve = NewHuman("t/eve", "Eve") // admin
	bot = NewAgent("bot")
)

// monday is when every story begins.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// shelf has every persona and skill but those missing, in a version that a test
// can change.
type shelf struct {
	version map[string]string
	missing map[string]bool
}

func newShelf() *shelf { return &shelf{map[string]string{}, map[string]bool{}} }

func (s *shelf) pin(name string) (Pin, error) {
	if s.missing[name] {
		return Pin{}, Refuse("nothing is called %s", name).Try("list skills")
	}
	hash := s.version[name]
	if hash == "" {
		hash = "0123456789abcdef"
	}
	return Pin{Source: "test", Path: name, Hash: hash}, nil
}

func (s *shelf) Persona(n PersonaName) (Persona, error) {
	pin, err := s.pin(n.String())
	return Persona{Name: n, Pin: pin}, err
}

func (s *shelf) Skill(n SkillName) (Skill, error) {
	pin, err := s.pin(n.String())
	return Skill{Name: n, Pin: pin}, err
}

func persona(s string) PersonaName {
	n, err := ParsePersonaName(s)
	if err != nil {
		panic(err)
	}
	return n
}

func skills(text ...string) []SkillName {
	var out []SkillName
	for _, s := range text {
		n, err := ParseSkillName(s)
		if err != nil {
			panic(err)
		}
		out = append(out, n)
	}
	return out
}

// must is for plans that a story needs and does not question.
func must(p Plan, err error) Plan {
	if err != nil {
		panic(err)
	}
	return p
}

func sprint() Plan {
	return must(SoloSprint(Title{"product-launch", "Product launch"},
		Phase{
			Name: "Build", Days: 14, Persona: persona("startup-cto"), Skills: skills("aws-solution-architect", "senior-frontend"),
			Deliverables: []string{"Architecture doc", "deployed MVP"},
		},
		Phase{Name: "Prepare", Days: 14, Persona: persona("growth-marketer"), Skills: skills("launch-strategy", "copywriting", "seo-audit")},
		Phase{Name: "Ship", Days: 7, Persona: persona("solo-founder"), Skills: skills("email-sequence", "analytics-tracking")},
		Phase{Name: "Iterate", Days: 7, Persona: persona("solo-founder"), Skills: skills("form-cro", "copy-editing")}))
}

func dive() Plan {
	return must(DomainDeepDive(Title{"audit", "Technical audit"},
		Dive{Persona: persona("startup-cto"), Skills: skills("aws-solution-architect", "senior-security", "cto-advisor")}))
}

func reviewOf(sealed bool) Plan {
	return must(MultiAgentHandoff(Title{"review", "Readiness review"}, Review{
		Author: Phase{Name: "Design", Persona: persona("startup-cto")},
		Reviewers: []Phase{
			{Name: "Market review", Persona: persona("growth-marketer")},
			{Name: "Cost review", Persona: persona("finance-lead")},
		},
		Decider: Phase{Name: "Trade-off", Persona: persona("solo-founder")},
		Sealed:  sealed,
	}))
}

func chain() Plan {
	return must(SkillChain(Title{"content", "Content pipeline"},
		Link{Skill: skills("content-strategy")[0]}, Link{Skill: skills("copywriting")[0]}, Link{Skill: skills("seo-audit")[0]}))
}

// story is a session as people talk it forward.
type story struct {
	*testing.T
	Session
	in   Room
	team *shelf
	log  []Entry
	last Decision
}

// tell opens a thread in which nothing has started.
func tell(t *testing.T) *story {
	s := newShelf()
	var channel, workspace Settings
	for i, g := range []grant{{ben, Approver}, {dot, Observer}} {
		channel = channel.Apply(Entry{Seq: uint64(i + 1), At: monday, Decision: Recall(eve, "", []Event{RoleGiven{g.who, g.role}})})
	}
	workspace = workspace.Apply(Entry{Seq: 1, At: monday, Decision: Recall(eve, "", []Event{RoleGiven{eve, Admin}})})
	return &story{T: t, team: s, in: Room{Now: monday, Shelf: s, Channel: channel, Workspace: workspace}}
}

// begin starts a plan as Ana's.
func begin(t *testing.T, p Plan) *story {
	st := tell(t)
	return st.do(st.Start(ana, st.in, "chan", "chan/1", p, Brief{Objective: "Launch an invoicing tool"}, ""))
}

// do expects a decision to be accepted, and folds it.
func (st *story) do(d Decision, err error) *story {
	st.Helper()
	if err != nil {
		st.Fatalf("refused: %v", err)
	}
	if d.IsZero() {
		st.Fatal("accepted, and nothing happened")
	}
	e := Entry{Seq: st.Seq() + 1, At: st.in.Now, Decision: d}
	st.log = append(st.log, e)
	st.Session = st.Apply(e)
	st.last = d
	return st
}

// no expects a refusal that says so.
func (st *story) no(says string) func(Decision, error) {
	st.Helper()
	return func(d Decision, err error) {
		st.Helper()
		if !d.IsZero() {
			st.Fatalf("accepted: %s", Describe(d))
		}
		checkRefusal(st, err, says)
	}
}

// failer is a test, or one run of a property.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// checkRefusal expects an answer that a person can go on from.
func checkRefusal(t failer, err error, says string) {
	t.Helper()
	var r Refusal
	if !errors.As(err, &r) {
		t.Fatalf("%v is no refusal", err)
	}
	if bad := illFormed(r); bad != "" {
		t.Errorf("%q %s", r.Why, bad)
	}
	if !strings.Contains(r.Why, says) {
		t.Fatalf("refused with %q, not with %q", r.Why, says)
	}
}

// illFormed says what is wrong with the sentence of a refusal.
func illFormed(r Refusal) string {
	first, _ := utf8.DecodeRuneInString(r.Why)
	switch {
	case r.Why == "":
		return "says nothing"
	case unicode.IsUpper(first) || unicode.IsTitle(first):
		return "begins in upper case"
	case strings.HasSuffix(r.Why, "."):
		return "ends with a full stop"
	case strings.ContainsAny(r.Why, "\n"):
		return "has more than one line"
	}
	for _, try := range r.Instead {
		if try == "" || strings.HasPrefix(try, "/") {
			return "suggests " + try
		}
	}
	return ""
}

// later lets time pass.
func (st *story) after(d time.Duration) *story {
	st.in.Now = st.in.Now.Add(d)
	return st
}

const day = 24 * time.Hour

// note records an item as Ana and gives its number.
func (st *story) note(kind ItemKind, text string) int {
	st.Helper()
	st.do(st.Record(ana, st.in, Note{Kind: kind, Text: text}, ""))
	return st.last.Events()[0].(ItemRecorded).ID
}

// task asks for work as Ana and gives its number.
func (st *story) ask(brief string) int {
	st.Helper()
	st.do(st.Ask(ana, st.in, brief, ""))
	return st.last.Events()[0].(TaskAsked).ID
}

// report brings a task's result as Cem.
func (st *story) report(id int, text string) *story {
	st.Helper()
	return st.do(st.Session.Report(cem, st.in, id, text, "", ""))
}

// pass hands off as Ana.
func (st *story) pass(decisions ...string) *story {
	st.Helper()
	return st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: decisions}}))
}

// passOutput hands a step's output on as Ana.
func (st *story) passOutput(output string) *story {
	st.Helper()
	return st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Output: output}}))
}

// undo takes the last decision back as Ana.
func (st *story) undo() *story {
	st.Helper()
	return st.do(st.Undo(ana, st.in, ""))
}

// stands checks phase, persona and skills, in words.
func (st *story) stands(phase, who string, loaded ...string) *story {
	st.Helper()
	p, _ := st.Phase()
	if p.Name != phase || st.Persona().Name.orNobody() != who || !slices.Equal(skillWords(st.Skills()), loaded) {
		st.Fatalf("stands in %s as %s with %v, not in %s as %s with %v",
			p.Name, st.Persona().Name.orNobody(), skillWords(st.Skills()), phase, who, loaded)
	}
	return st
}

func skillWords(stack []Skill) []string {
	var out []string
	for _, s := range stack {
		out = append(out, s.Name.String())
	}
	return out
}

func texts(items []Item) []string {
	var out []string
	for _, i := range items {
		out = append(out, i.Text)
	}
	return out
}

// want compares lists of words.
func (st *story) want(what string, got []string, want ...string) *story {
	st.Helper()
	if !slices.Equal(got, want) {
		st.Fatalf("%s: %q, want %q", what, got, want)
	}
	return st
}

func (st *story) outcomes(want ...Outcome) *story {
	st.Helper()
	var got []Outcome
	for i := range st.Phases() {
		got = append(got, st.Outcome(i))
	}
	if !slices.Equal(got, want) {
		st.Fatalf("outcomes %q, want %q", got, want)
	}
	return st
}
