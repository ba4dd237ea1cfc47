package state_test

import (
	"context"
	"errors"
	"testing"

	o "github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

type shelf struct{}

func (shelf) Persona(n o.PersonaName) (o.Persona, error) { return o.Persona{Name: n}, nil }
func (shelf) Skill(n o.SkillName) (o.Skill, error)       { return o.Skill{Name: n}, nil }

func TestSmoke(t *testing.T) {
	st, err := state.Open(memory.New(), state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	ana := o.NewHuman("t/ana", "ana")
	p, _ := o.ParsePersonaName("startup-cto")
	plan, _ := o.SoloSprint(o.Title{Name: "x", Text: "X"}, o.Phase{Name: "Build", Persona: p, Days: 3}, o.Phase{Name: "Ship", Persona: p})
	start := func(v state.View, s o.Session) (o.Decision, error) {
		return s.Start(ana, o.Room{Now: v.Now(), Shelf: shelf{}}, "p/w/c", "p/w/c/1", plan, o.Brief{Objective: "go"}, "")
	}
	r, err := st.Create(ctx, state.Change{Key: "k1", Session: state.NewSessionID(), Decide: start})
	if err != nil || r.Number != 1 || r.After.State() != o.ActiveState {
		t.Fatal(r, err)
	}
	again, err := st.Create(ctx, state.Change{Key: "k1", Session: state.NewSessionID(), Decide: start})
	if err != nil || !again.Repeated || again.ID != r.ID || again.Number != 1 {
		t.Fatal(again, err)
	}
	if _, err := st.Create(ctx, state.Change{Key: "k2", Session: state.NewSessionID(), Decide: start}); !errors.Is(err, state.ErrBound) {
		t.Fatal(err)
	}
	u, err := st.Update(ctx, state.Change{Key: "k3", Session: r.ID, Decide: func(v state.View, s o.Session) (o.Decision, error) {
		return s.Record(ana, o.Room{Now: v.Now()}, o.Note{Kind: o.DecisionItem, Text: "Postgres"}, "")
	}})
	if err != nil || len(u.After.Items()) != 1 {
		t.Fatal(u, err)
	}
	fresh, _ := state.Open(memory.New(), state.Options{})
	_ = fresh
	if id, ok, err := st.InThread(ctx, "p/w/c/1"); id != r.ID || !ok || err != nil {
		t.Fatal(id, ok, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	var got []uint64
	err = st.Follow(ctx, "f", func(ctx context.Context, tx *state.FollowTx, r state.Record) error {
		got = append(got, r.Pos)
		tx.Put("a", []byte("b"))
		if r.Pos == 2 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || len(got) != 2 {
		t.Fatal(err, got)
	}
	list, err := st.Sessions(context.Background(), "p/w/c", state.Page{OnlyOpen: true})
	if err != nil || len(list) != 1 || list[0].Number != 1 {
		t.Fatal(list, err)
	}
}
