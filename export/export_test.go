package export

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/synthoperator/baton/orchestration"
)

type shelf struct{}

func (shelf) Persona(n orchestration.PersonaName) (orchestration.Persona, error) {
	return orchestration.Persona{Name: n}, nil
}

func (shelf) Skill(n orchestration.SkillName) (orchestration.Skill, error) {
	return orchestration.Skill{Name: n}, nil
}

// chat is a session that people decide on.
type chat struct {
	t       *testing.T
	in      orchestration.Room
	session orchestration.Session
	entries []orchestration.Entry
}

func (c *chat) do(d orchestration.Decision, err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	e := orchestration.Entry{Seq: c.session.Seq() + 1, At: c.in.Now, Decision: d}
	c.session, c.entries = c.session.Apply(e), append(c.entries, e)
}

func (c *chat) page() Page { return Page{Session: c.session, Entries: c.entries} }

var ana = orchestration.NewHuman("t/ana", "ana")

func begin(t *testing.T, sealed bool) *chat {
	t.Helper()
	persona := func(s string) orchestration.PersonaName { n, _ := orchestration.ParsePersonaName(s); return n }
	plan, err := orchestration.MultiAgentHandoff(orchestration.Title{Name: "review", Text: "Review"}, orchestration.Review{
		Author:    orchestration.Phase{Name: "Design", Persona: persona("cto")},
		Reviewers: []orchestration.Phase{{Name: "Users", Persona: persona("marketer")}, {Name: "Money", Persona: persona("finance")}},
		Decider:   orchestration.Phase{Name: "Decide", Persona: persona("founder")}, Sealed: sealed,
	})
	if err != nil {
		t.Fatal(err)
	}
	c := &chat{t: t, in: orchestration.Room{Now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Shelf: shelf{}}}
	c.do(c.session.Start(ana, c.in, "c", "c/1", plan, orchestration.Brief{Objective: "Choose | <b>well</b>"}, ""))
	return c
}

func pass(decisions ...string) orchestration.Pass {
	return orchestration.Pass{Handoff: orchestration.Handoff{Decisions: decisions, Artifacts: []string{"a sketch"}, Open: []string{"a question"}}}
}

// Every handoff on the page can be given to somebody as it stands: it reads
// back as what was handed off.
func TestHandoffsReadBack(t *testing.T) {
	c := begin(t, false)
	c.do(c.session.HandOff(ana, c.in, pass("one service; one database", "Decisions: are final")))
	c.do(c.session.HandOff(ana, c.in, pass("no card at sign-up")))
	var read []orchestration.Handoff
	for _, block := range strings.Split(c.page().Markdown(), "```text\n")[1:] {
		text, _, _ := strings.Cut(block, "\n```")
		h, err := orchestration.ParseHandoff(text)
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, h)
	}
	var want []orchestration.Handoff
	for _, h := range c.session.Handoffs() {
		want = append(want, h.Handoff)
	}
	if diff := cmp.Diff(want, read, cmp.AllowUnexported(orchestration.PersonaName{}, orchestration.SkillName{})); diff != "" {
		t.Error(diff)
	}
}

// What is sealed is on no page, in neither form; that something was decided is.
func TestSealed(t *testing.T) {
	c := begin(t, true)
	c.do(c.session.HandOff(ana, c.in, pass("one service")))
	c.do(c.session.HandOff(ana, c.in, pass("the canary sings")))
	data, err := c.page().JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{c.page().Markdown(), string(data)} {
		if strings.Contains(text, "canary") {
			t.Errorf("a sealed review is on the page:\n%s", text)
		}
		if !strings.Contains(text, "sealed") {
			t.Errorf("the page does not say that something is sealed:\n%s", text)
		}
	}
	c.do(c.session.HandOff(ana, c.in, pass("money is fine")))
	if text := c.page().Markdown(); !strings.Contains(text, "canary") {
		t.Error("the review is still sealed when it is decided on")
	}
}

// What people write is not the page's structure.
func TestMarkdownHolds(t *testing.T) {
	c := begin(t, false)
	c.do(c.session.HandOff(ana, c.in, orchestration.Pass{Handoff: orchestration.Handoff{Decisions: []string{"<script>alert(1)</script> `x`"}, Output: "```\nfence\n```\n# not a heading"}}))
	text := c.page().Markdown()
	if strings.Contains(text, "- #1 decision: <script>") || strings.Contains(text, "Choose | <b>") {
		t.Errorf("markup got through:\n%s", text)
	}
	if !strings.Contains(text, "````markdown\n```\nfence") {
		t.Errorf("the fence is no longer than the one in it:\n%s", text)
	}
}

// The JSON page holds what the Markdown page holds.
func TestJSON(t *testing.T) {
	c := begin(t, false)
	c.do(c.session.Record(ana, c.in, orchestration.Note{Kind: orchestration.DecisionItem, Text: "one"}, "two is more"))
	c.do(c.session.Ask(ana, c.in, "draw it", ""))
	c.do(c.session.Report(ana, c.in, 2, "drawn", "a window", ""))
	c.do(c.session.HandOff(ana, c.in, pass()))
	data, err := c.page().JSON()
	if err != nil {
		t.Fatal(err)
	}
	var page jsonPage
	if err := json.Unmarshal(data, &page); err != nil {
		t.Fatal(err)
	}
	if page.Phase != 2 || len(page.Items) != 3 || page.Items[0].Why != "two is more" || page.Tasks[0].Report != "drawn" ||
		len(page.Handoffs) != 1 || len(page.Log) != 5 || page.Handoffs[0].Text != c.session.Handoffs()[0].Text(orchestration.ProtocolText) {
		t.Errorf("%s", data)
	}
}
