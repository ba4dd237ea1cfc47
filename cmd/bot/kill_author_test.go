package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// author makes up what is said, by what the twin's sessions stand at.
type author struct {
	*trial
	rng *rand.Rand
}

func (a *author) one(of ...string) string { return of[a.rng.IntN(len(of))] }

// next says something new.
func (a *author) next() {
	channel := a.one("launch", "ops", "lab")
	open, err := a.bot.store.Sessions(a.t.Context(), orchestration.ChannelKey("console/local/"+channel), state.Page{OnlyOpen: true})
	if err != nil {
		a.t.Fatal(err)
	}
	who := a.one("ana", "ana", "ana", "ben")
	switch n := a.rng.IntN(20); {
	case len(open) == 0 || n == 0 && len(open) < 3:
		a.ask(who+"@"+channel, fmt.Sprintf("start %s Goal KEY because KEY", a.one("product-launch", "solo-sprint", "skill-chain", "multi-agent-handoff")))
	case n <= 2:
		a.ask(who+"@"+channel, a.ofChannel())
	case n == 3: // typed in the channel: the only session there, or a refusal
		a.ask("ana@"+channel, a.one("note decision d-KEY because KEY", "handoff because KEY", "end because KEY", "persona"))
	default:
		l := open[a.rng.IntN(len(open))]
		s, err := a.bot.store.Session(a.t.Context(), l.ID)
		if err != nil {
			a.t.Fatal(err)
		}
		if a.rng.IntN(5) > 0 {
			who = s.Owner().Name()
		}
		if text := a.ofSession(s); n == 4 {
			a.ask(who+"@"+channel, text+fmt.Sprintf(" in: %d", l.Number))
		} else {
			a.ask(fmt.Sprintf("%s@%s/%d", who, channel, l.Number), text)
		}
	}
}

func (a *author) ofChannel() string {
	return a.one("persona "+a.persona()+" because KEY", "load "+a.skill()+" because KEY", "unload "+a.skill()+" because KEY",
		"announce "+a.one("all", "phases", "off")+" because KEY", "status", "list sessions all: yes", "frobnicate the widget")
}

func (a *author) persona() string {
	return a.one("startup-cto", "growth-marketer", "product-manager", "finance-lead")
}

func (a *author) skill() string {
	return a.one("seo-audit", "copywriting", "senior-security", "content-strategy")
}

func (a *author) ofSession(s orchestration.Session) string {
	task, item := "1", "1"
	if all := s.Tasks(); len(all) > 0 {
		task = fmt.Sprint(all[len(all)-1].ID)
	}
	if all := s.Items(); len(all) > 0 {
		item = fmt.Sprint(all[a.rng.IntN(len(all))].ID)
	}
	if s.State() == orchestration.PausedState && a.rng.IntN(2) == 0 {
		return "resume because KEY"
	}
	switch n := a.rng.IntN(32); {
	case n < 9:
		return "note " + a.one("decision", "artifact", "open") + " d-KEY because KEY"
	case n < 11:
		return "note " + a.one("resolve", "edit", "supersede") + " #" + item + " now-KEY because KEY"
	case n < 13:
		return "persona " + a.persona() + " because KEY"
	case n < 16:
		return a.one("load ", "load ", "unload ") + a.skill() + " because KEY"
	case n < 18:
		return "override " + a.one("persona "+a.persona(), "phase "+a.one("1", "2", "3"), "skills "+a.skill(), "handoff") + " because KEY"
	case n < 21:
		return "undo because KEY"
	case n < 23:
		return a.one("handoff because KEY", "handoff decisions: sealed-KEY because KEY", "handoff accept output: o-KEY because KEY")
	case n < 25:
		return "run do-KEY because KEY"
	case n < 27:
		return a.one("approve "+task, "deny "+task, "stop "+task) + " because KEY"
	case n == 27:
		return "run task: " + task + " report: done-KEY because KEY"
	case n == 28:
		return "remind in 2 days look-KEY because KEY"
	case n == 29:
		return a.one("pause", "pause", "end") + " because KEY"
	}
	return a.one("status", "prompt", "history", "catchup")
}
