package statetest

import (
	"testing"

	o "github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// Budget is a change that sets a channel's budget of tokens.
func Budget(key string, channel o.ChannelKey, tokens int) state.SettingChange {
	return state.SettingChange{
		Key: key, Stream: state.ChannelStream(channel),
		Decide: func(v state.View, s o.Settings) (o.Decision, error) {
			return s.SetBudget(ana, room(v), tokens, "")
		},
	}
}

// testSettings: a channel's and a workspace's settings are streams like any.
func testSettings(t *testing.T, f *fixture) {
	r, err := f.UpdateSettings(ctx, Budget("k", "p/w/c", 500))
	if err != nil || r.Before.Budget() != 0 || r.After.Budget() != 500 || r.Entry.Seq != 1 || r.Repeated {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := f.UpdateSettings(ctx, Budget("k2", "p/w/c", 600)); err != nil {
		t.Fatal(err)
	}
	r, err = f.UpdateSettings(ctx, Budget("k", "p/w/c", 700))
	if err != nil || !r.Repeated || r.Before.Budget() != 0 || r.After.Budget() != 500 || r.Entry.Seq != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	zone := state.SettingChange{Stream: state.WorkspaceStream("p/w"), Decide: func(v state.View, s o.Settings) (o.Decision, error) {
		return s.SetZone(ana, room(v), "Europe/Berlin", "")
	}}
	if _, err := f.UpdateSettings(ctx, zone); err != nil {
		t.Fatal(err)
	}
	f.reopen(t)
	c, err := f.Channel(ctx, "p/w/c")
	if err != nil || c.Budget() != 600 || c.Seq() != 2 {
		t.Fatal(c.Budget(), err)
	}
	w, err := f.Workspace(ctx, "p/w")
	if err != nil || w.Zone() == nil || w.Zone().String() != "Europe/Berlin" {
		t.Fatal(w.Zone(), err)
	}
	if other, err := f.Channel(ctx, "p/w/d"); err != nil || other.Seq() != 0 {
		t.Fatal(other, err)
	}
	session := Budget("k3", "p/w/c", 1)
	session.Stream = state.SessionStream("x")
	if _, err := f.UpdateSettings(ctx, session); err == nil {
		t.Fatal("a session has settings now")
	}
}

// testContent: texts are kept under their hash, once, and go with the decision.
func testContent(t *testing.T, f *fixture) {
	text := []byte("You are a CTO.")
	c := Start("start", "p/w/c", "")
	c.Content = map[string][]byte{hash(string(text)): text}
	c.Contents = func(d o.Decision) map[string][]byte {
		if _, ok := d.Events()[0].(o.Started); !ok {
			t.Error("asked before the decision was taken")
		}
		return map[string][]byte{hash("other"): []byte("other")}
	}
	must(t)(f.Create(ctx, c))
	f.reopen(t)
	for _, want := range []string{string(text), "other"} {
		got, ok, err := f.Content(ctx, hash(want))
		if string(got) != want || !ok || err != nil {
			t.Fatal(string(got), ok, err)
		}
	}
	if _, ok, err := f.Content(ctx, hash("never")); ok || err != nil {
		t.Fatal(ok, err)
	}
	wrong := Start("again", "p/w/c", "")
	wrong.Content = map[string][]byte{hash("a"): []byte("b")}
	if _, err := f.Create(ctx, wrong); err == nil {
		t.Fatal("a text is kept under another's hash")
	}
	if list, err := f.Sessions(ctx, "p/w/c", state.Page{}); err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
}
