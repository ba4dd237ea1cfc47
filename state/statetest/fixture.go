package statetest

import (
	"context"
	"fmt"
	"testing"

	o "github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// Ana decides in these tests.
var ana = o.NewHuman("test/w/ana", "ana")

// shelf has every persona and skill that is asked for.
type shelf struct{}

func (shelf) Persona(n o.PersonaName) (o.Persona, error) {
	return o.Persona{Name: n, Pin: o.Pin{Source: "test", Path: n.String() + ".md", Hash: hash(n.String())}}, nil
}

func (shelf) Skill(n o.SkillName) (o.Skill, error) {
	return o.Skill{Name: n, Pin: o.Pin{Source: "test", Path: n.String() + "/SKILL.md", Hash: hash(n.String())}}, nil
}

// Plan is a plan of three phases.
func Plan() o.Plan {
	name := func(s string) o.PersonaName { n, _ := o.ParsePersonaName(s); return n }
	skill := func(s string) o.SkillName { n, _ := o.ParseSkillName(s); return n }
	plan, err := o.SoloSprint(o.Title{Name: "sprint", Text: "Sprint"},
		o.Phase{Name: "Build", Persona: name("startup-cto"), Skills: []o.SkillName{skill("aws-solution-architect")}, Days: 14},
		o.Phase{Name: "Prepare", Persona: name("growth-marketer"), Days: 7},
		o.Phase{Name: "Ship", Persona: name("solo-founder")})
	if err != nil {
		panic(err)
	}
	return plan
}

func room(v state.View) o.Room { return o.Room{Now: v.Now(), Shelf: shelf{}} }

// Start is a change that starts a session; without a thread it is not bound.
func Start(key string, channel o.ChannelKey, thread o.ThreadKey) state.Change {
	return state.Change{Key: key, Session: state.NewSessionID(), Decide: func(v state.View, s o.Session) (o.Decision, error) {
		in := room(v)
		var err error
		if in.Channel, err = v.Channel(channel); err != nil {
			return o.Decision{}, err
		}
		return s.Start(ana, in, channel, thread, Plan(), o.Brief{Objective: "Launch an invoicing tool"}, "")
	}}
}

// Record is a change that records an item.
func Record(key string, id state.SessionID, text string) state.Change {
	return state.Change{Key: key, Session: id, Decide: func(v state.View, s o.Session) (o.Decision, error) {
		return s.Record(ana, room(v), o.Note{Kind: o.DecisionItem, Text: text}, "")
	}}
}

// Verb is a change by any function of a session.
func Verb(key string, id state.SessionID, decide func(s o.Session, by o.Human, in o.Room) (o.Decision, error)) state.Change {
	return state.Change{Key: key, Session: id, Decide: func(v state.View, s o.Session) (o.Decision, error) {
		return decide(s, ana, room(v))
	}}
}

// Sessions starts n sessions in channels of a hundred and returns their ids.
func Sessions(tb testing.TB, st *state.Store, n int) []state.SessionID {
	tb.Helper()
	ids := make([]state.SessionID, n)
	for i := range ids {
		channel := o.ChannelKey(fmt.Sprintf("test/w/c%d", i/100))
		r, err := st.Create(context.Background(), Start(fmt.Sprintf("start-%d", i), channel, o.ThreadKey(fmt.Sprintf("%s/t%d", channel, i))))
		if err != nil {
			tb.Fatal(err)
		}
		ids[i] = r.ID
	}
	return ids
}

// Text is a text to keep, by its hash.
func Text(text string) map[string][]byte { return map[string][]byte{hash(text): []byte(text)} }
