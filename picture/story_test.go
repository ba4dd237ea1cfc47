package picture

import (
	"fmt"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

type shelf struct{}

func (shelf) Persona(n orchestration.PersonaName) (orchestration.Persona, error) {
	return orchestration.Persona{Name: n}, nil
}

func (shelf) Skill(n orchestration.SkillName) (orchestration.Skill, error) {
	return orchestration.Skill{Name: n}, nil
}

var ana = orchestration.NewHuman("t/ana", "ana")

// monday is when every story begins.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// failer is a test, a benchmark, or one run of a property.
type failer interface {
	Helper()
	Fatal(...any)
}

// story is a session as people decide on it.
type story struct {
	t       failer
	in      orchestration.Room
	session orchestration.Session
	entries []orchestration.Entry
}

func begin(t failer, plan orchestration.Plan, objective string) *story {
	t.Helper()
	s := &story{t: t, in: orchestration.Room{Now: monday, Shelf: shelf{}}}
	return s.do(s.session.Start(ana, s.in, "c", "c/1", plan, orchestration.Brief{Objective: objective}, ""))
}

func (s *story) do(d orchestration.Decision, err error) *story {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	e := orchestration.Entry{Seq: s.session.Seq() + 1, At: s.in.Now, Decision: d}
	s.session, s.entries = s.session.Apply(e), append(s.entries, e)
	return s
}

func (s *story) after(d time.Duration) *story {
	s.in.Now = s.in.Now.Add(d)
	return s
}

func (s *story) days(n int) *story { return s.after(time.Duration(n) * day) }

func (s *story) pass() *story {
	s.t.Helper()
	return s.do(s.session.HandOff(ana, s.in, orchestration.Pass{Handoff: orchestration.Handoff{
		Decisions: []string{"Postgres"}, Output: "the text",
	}}))
}

func (s *story) goTo(phase int) *story {
	s.t.Helper()
	return s.do(s.session.OverridePhase(ana, s.in, phase-1, "customers asked"))
}

func (s *story) skip() *story {
	s.t.Helper()
	return s.do(s.session.OverrideHandoff(ana, s.in, "no time"))
}

func (s *story) undo() *story { s.t.Helper(); return s.do(s.session.Undo(ana, s.in, "")) }

func (s *story) pause() *story { s.t.Helper(); return s.do(s.session.Pause(ana, s.in, "holidays")) }

func (s *story) resume() *story { s.t.Helper(); return s.do(s.session.Resume(ana, s.in, "back")) }

func (s *story) end() *story { s.t.Helper(); return s.do(s.session.End(ana, s.in, "sold")) }

func (s *story) timeline() Timeline {
	return Timeline{Session: s.session, Entries: s.entries, Now: s.in.Now}
}

func persona(text string) orchestration.PersonaName {
	n, err := orchestration.ParsePersonaName(text)
	if err != nil {
		panic(err)
	}
	return n
}

func skill(text string) orchestration.SkillName {
	n, err := orchestration.ParseSkillName(text)
	if err != nil {
		panic(err)
	}
	return n
}

func must(p orchestration.Plan, err error) orchestration.Plan {
	if err != nil {
		panic(err)
	}
	return p
}

func phase(name string, days int, who string) orchestration.Phase {
	return orchestration.Phase{Name: name, Days: days, Persona: persona(who)}
}

func sprint(title string, phases ...orchestration.Phase) orchestration.Plan {
	return must(orchestration.SoloSprint(orchestration.Title{Name: "plan", Text: title}, phases...))
}

func launch() orchestration.Plan {
	return sprint("Product launch", phase("Build", 14, "startup-cto"), phase("Prepare", 14, "growth-marketer"),
		phase("Ship", 7, "solo-founder"), phase("Iterate", 7, "solo-founder"))
}

func long(n, days int) orchestration.Plan {
	var phases []orchestration.Phase
	for i := range n {
		phases = append(phases, phase(fmt.Sprintf("Week of topic %d", i+1), days, "startup-cto"))
	}
	return sprint("A year of weeks", phases...)
}

func chain() orchestration.Plan {
	return must(orchestration.SkillChain(orchestration.Title{Name: "content", Text: "Content pipeline"},
		orchestration.Link{Skill: skill("content-strategy")}, orchestration.Link{Skill: skill("copywriting")}, orchestration.Link{Skill: skill("seo-audit")}))
}

func dive(days int) orchestration.Plan {
	return must(orchestration.DomainDeepDive(orchestration.Title{Name: "audit", Text: "Technical audit"}, orchestration.Dive{
		Days: days, Persona: persona("startup-cto"), Skills: []orchestration.SkillName{skill("senior-security"), skill("cto-advisor")},
	}))
}

func review(sealed bool) orchestration.Plan {
	return must(orchestration.MultiAgentHandoff(orchestration.Title{Name: "review", Text: "Readiness review"}, orchestration.Review{
		Author:    phase("Design", 3, "startup-cto"),
		Reviewers: []orchestration.Phase{phase("Market review", 2, "growth-marketer"), phase("Cost review", 2, "finance-lead")},
		Decider:   phase("Trade-off", 1, "solo-founder"), Sealed: sealed,
	}))
}

const invoices = "Launch an invoicing tool for freelancers"

// scene is a session worth looking at.
type scene struct {
	name string
	tell func(failer) *story
}

var scenes = []scene{
	{"just-begun", func(t failer) *story { return begin(t, launch(), invoices) }},
	{"second-phase", func(t failer) *story { return begin(t, launch(), invoices).days(11).pass().days(6) }},
	{"late", func(t failer) *story { return begin(t, launch(), invoices).days(17).pass().days(19) }},
	{"eventful", func(t failer) *story {
		s := begin(t, launch(), invoices).days(9).pass().days(2).undo().days(4).pass().days(3).pause().days(6).resume().days(4)
		s.do(s.session.OverridePersona(ana, s.in, persona("finance-lead"), "budget first"))
		return s.days(8).goTo(4).days(2).goTo(3).days(3)
	}},
	{"ended", func(t failer) *story {
		return begin(t, launch(), invoices).days(12).pass().days(10).skip().days(6).pass().days(7).pass().days(100)
	}},
	{"ended-early", func(t failer) *story { return begin(t, launch(), invoices).days(12).pass().days(3).end().days(5) }},
	{"paused", func(t failer) *story { return begin(t, launch(), invoices).days(12).pass().days(5).pause().days(9) }},
	{"reopened", func(t failer) *story {
		return begin(t, dive(10), "Find what breaks").days(6).end().days(5).resume().days(2)
	}},
	{"chain-of-an-hour", func(t failer) *story {
		s := begin(t, chain(), "Write the launch article").after(25 * time.Minute).pass().after(20 * time.Minute)
		return s.do(s.session.SkipStep(ana, s.in, "short enough")).after(10 * time.Minute)
	}},
	{"one-minute", func(t failer) *story {
		return begin(t, dive(0), "Is the site up?").after(time.Minute).pass().after(time.Hour)
	}},
	{"one-minute-planned", func(t failer) *story { return begin(t, dive(5), "Is the site up?").after(time.Minute) }},
	{"ten-years", func(t failer) *story {
		return begin(t, sprint("Cathedral", phase("Foundations", 1200, "master-mason"), phase("Walls", 2000, "master-mason"), phase("Roof", 0, "carpenter")),
			"Something that our grandchildren will see").days(1500).pass().days(1900).pass().days(250)
	}},
	{"sealed-review", func(t failer) *story {
		return begin(t, review(true), "Are we ready for the bank?").days(2).pass().days(1).pass().after(7 * time.Hour)
	}},
	{"a-year-of-weeks", func(t failer) *story {
		s := begin(t, long(52, 7), "Learn one thing a week")
		for i := range 33 {
			if s.days(5 + i%4); i%9 == 7 {
				s.skip()
			} else {
				s.pass()
			}
		}
		return s.days(3)
	}},
	{"first-of-many", func(t failer) *story { return begin(t, long(52, 7), "Learn one thing a week").days(3) }},
	{"fidgety", func(t failer) *story {
		s := begin(t, launch(), invoices).days(5)
		for range 4 {
			s.pass().after(10 * time.Minute).undo().after(10 * time.Minute).goTo(3).goTo(1)
		}
		return s.days(20)
	}},
	{"scripts", func(t failer) *story {
		return begin(t, sprint("Запуск продукта, Έναρξη 新产品发布", phase("Größe & Maß: Überprüfung", 5, "startup-cto"),
			phase("市场调研", 5, "growth-marketer"), phase("בדיקה אחרונה", 3, "solo-founder"), phase("Ship 🚀👩‍👩‍👧‍👦🇩🇪 ✔️", 3, "solo-founder")),
			"発売 before Христос e\u0301te\u0301 🎉").days(4).pass().days(3)
	}},
	{"long-words", func(t failer) *story {
		return begin(t, sprint("The complete relaunch of everything that we sell, in every country where we sell it, at once",
			phase("Understand what the customers of the northern region mean by reliable delivery", 7, "customer-research-and-insights-lead"),
			phase("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung", 7, "growth-marketer")),
			"Bring the relaunch to all nineteen countries without a day on which the old shop and the new one are both closed, and with "+
				"every customer's basket, addresses, payment methods and order history carried over as they were, so that nobody calls").days(9)
	}},
}
