package discord

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
)

// all are the verbs there are.
func all() []chat.Spec {
	var out []chat.Spec
	for _, c := range commands.All() {
		out = append(out, c.Spec())
	}
	return out
}

var (
	puts      = discordtest.To("PUT", routeCommands)
	guildPuts = discordtest.To("PUT", routeGuildCommands)
)

// The commands of all verbs, as they are registered.
func TestRegistrationGolden(t *testing.T) {
	got, err := Commands(all(), true)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join("testdata", "golden", "commands.json")
	if *update {
		if err := os.WriteFile(at, append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)+"\n"); diff != "" {
		t.Errorf("the commands have changed (-update writes them anew): %s", diff)
	}
}

// The list is sent when it differs, whole, and not otherwise; for one server it
// says nothing about where it holds.
func TestCase25Register(t *testing.T) {
	bubble(t, discordtest.Options{}, Options{}, func(w *town) {
		register := func(specs []chat.Spec, guild string, want bool) {
			w.Helper()
			if changed, err := w.a.Register(w.Context(), specs, guild); err != nil || changed != want {
				w.Errorf("changed: %v, %v; want %v", changed, err, want)
			}
		}
		register(all(), "", true)
		register(all(), "", false)
		other := all()
		other[1].Help = "Where things stand now"
		register(other, "", true)
		register(other, "", false)
		register(all(), w.guild.ID, true)
		register(all(), w.guild.ID, false)
		sent := w.server.Requests(puts)
		if len(sent) != 2 || len(w.server.Requests(guildPuts)) != 1 {
			w.Fatalf("%d and %d lists were sent", len(sent), len(w.server.Requests(guildPuts)))
		}
		var list []map[string]any
		if err := json.Unmarshal(sent[1].Body, &list); err != nil || len(list) != 1+len(menu) {
			w.Errorf("the list has %d commands, %v", len(list), err)
		}
		for _, c := range list {
			if _, set := c["default_member_permissions"]; set || !cmp.Equal(c["contexts"], []any{0.0}) {
				w.Errorf("%v is for %v", c["name"], c["contexts"])
			}
		}
		w.clean()
	})
}

// Somebody's change to a command is undone, and what Discord adds is no change.
func TestCase25SameCommands(t *testing.T) {
	wanted, err := Commands(verbs, true)
	if err != nil {
		t.Fatal(err)
	}
	want, err := asObjects(wanted)
	if err != nil {
		t.Fatal(err)
	}
	list := func(change func(map[string]any)) []map[string]any {
		var out []map[string]any
		for _, c := range wanted {
			text, _ := json.Marshal(c)
			var o map[string]any
			_ = json.Unmarshal(text, &o)
			o["id"], o["version"], o["nsfw"], o["default_member_permissions"], o["description_localizations"] = "1", "2", false, nil, nil
			if c.Name == rootCommand {
				change(o)
			}
			text, _ = json.Marshal(o)
			o = nil
			_ = json.Unmarshal(text, &o)
			out = append([]map[string]any{o}, out...)
		}
		return out
	}
	if got := commandDifferences(want, list(func(map[string]any) {})); len(got) > 0 {
		t.Errorf("what Discord adds is taken for a change: %q", got)
	}
	verb := func(o map[string]any, n int) map[string]any { return o["options"].([]any)[n].(map[string]any) }
	for told, change := range map[string]func(map[string]any){
		`/baton: description is "x", and should be "Run the team's orchestration protocol"`: func(o map[string]any) { o["description"] = "x" },
		`/baton: default_member_permissions is "0", and should be not set`:                  func(o map[string]any) { o["default_member_permissions"] = "0" },
		`/baton: contexts is [0,1], and should be [0]`:                                      func(o map[string]any) { o["contexts"] = []int{0, 1} },
		`/baton: its options come in another order`:                                         func(o map[string]any) { s := o["options"].([]any); s[0], s[1] = s[1], s[0] },
		`/baton persona name: required is not set, and should be true`:                      func(o map[string]any) { verb(verb(o, 3), 0)["required"] = false },
		`/baton stop is missing`:                                                            func(o map[string]any) { o["options"] = o["options"].([]any)[:5] },
		`/baton halt is not Baton's any more`: func(o map[string]any) {
			o["options"] = append(o["options"].([]any), map[string]any{"type": 1, "name": "halt", "description": "x"})
		},
	} {
		if got := commandDifferences(want, list(change)); !cmp.Equal(got, []string{told}) {
			t.Errorf("%q is told instead of %q", got, told)
		}
	}
	if got := commandDifferences(want, nil); len(got) != len(wanted) || got[0] != `"Hand off this" is missing` {
		t.Errorf("where nothing is registered: %q", got)
	}
}

// What Discord would refuse is refused here, in words, before anything is sent.
func TestCase25RegistrationRefused(t *testing.T) {
	many := func(n int) []chat.Spec {
		var out []chat.Spec
		for i := range n {
			out = append(out, chat.Spec{Name: "verb-" + string(rune('a'+i)), Help: "does something"})
		}
		return out
	}
	large := many(25)
	for i := range large {
		for n := range 4 {
			large[i].Options = append(large[i].Options, chat.Option{Name: "option-" + string(rune('a'+n)), Help: strings.Repeat("x", 70)})
		}
	}
	crowded := many(1)
	for n := range 26 {
		crowded[0].Options = append(crowded[0].Options, chat.Option{Name: "option-" + string(rune('a'+n)), Help: "x"})
	}
	for name, specs := range map[string][]chat.Spec{
		"no name that Discord takes": {{Name: "Launch Review", Help: "x"}}, "more than the 25": many(26), "characters": large, "27 options": crowded,
		"no description": {{Name: "x"}}, "two options": {{Name: "x", Help: "y", Options: []chat.Option{{Name: "a", Help: "b"}, {Name: "a", Help: "b"}}}},
	} {
		a := newAdapter(Options{Keep: &memoryKeep{}, Client: &http.Client{Transport: forbidden{t}}})
		if _, err := a.Register(t.Context(), specs, ""); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// forbidden is a network that nobody may use.
type forbidden struct{ *testing.T }

func (f forbidden) RoundTrip(r *http.Request) (*http.Response, error) {
	f.Errorf("%s %s was asked", r.Method, r.URL.Path)
	return nil, http.ErrHandlerTimeout
}

// Required options come first, as Discord wants them; a verb with a form requires
// none, so that it can be sent without any to open it.
func TestOptionsOrder(t *testing.T) {
	got := subcommandOf(chat.Spec{Name: "x", Help: "y", Usage: "x [because …]", Options: []chat.Option{
		{Name: "b", Help: "h"}, {Name: "a", Help: "h", Required: true, Kind: chat.Number},
	}})
	var names []string
	for _, o := range got.Options {
		names = append(names, o.Name)
	}
	if !cmp.Equal(names, []string{"a", "b", "in", "because"}) || !got.Options[0].Required || got.Options[0].Type != integerOption {
		t.Errorf("%+v", got)
	}
	for _, o := range subcommandOf(verbs[1]).Options {
		if o.Required {
			t.Errorf("%s is required", o.Name)
		}
	}
}
