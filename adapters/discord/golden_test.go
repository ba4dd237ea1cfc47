package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the goldens anew")

// told is what people say in a session from its start to its end.
var told = []string{
	"help", "help handoff", "list patterns", "list personas", "start product-launch Launch an invoicing tool for freelancers",
	"status", "prompt", "note decision Postgres", "note artifact [The plan](https://example.com/plan_1) `v1`", "note open What about *taxes* and <@1>?",
	"load copywriting", "history", "persona nobody-there", "persona", "run draft the architecture", "remind in 2 days check the landing page",
	"override phase 3 because @everyone knows it", "undo", "handoff decisions: Postgres; artifacts: plan.md; open items: taxes",
	"status", "catchup", "announce", "settings", "pause because of holidays", "resume", "export", "start form", "note form", "handoff form", "override form",
	"run form", "settings form", "nonsense", "end because it is done", "status",
}

// TestGoldens: every kind of message and form that Baton makes, as Discord gets
// it: inside all limits, and as Discord's own description wants it.
func TestGoldens(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
	st, err := state.Open(memory.New(), state.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	lib, err := library.Open([]library.Source{library.Shipped()}, library.Options{})
	if err != nil {
		t.Fatal(err)
	}
	router := commands.New(commands.Deps{Store: st, Library: lib, Now: now})
	a := newAdapter(Options{Keep: &memoryKeep{}})
	in, err := chat.NewThread(Platform, "1", "2", "")
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range told {
		m := router.Handle(t.Context(), chat.Call{
			ID: fmt.Sprint(i), Thread: in, Person: chat.Person{ID: "7", Name: "ana"}, Text: text, Role: "admin", At: now(),
		})
		if m.Fault {
			t.Errorf("%s: %+v", text, m)
		}
		name := fmt.Sprintf("%02d-%s", i, strings.Join(firstWords(text, 2), "-"))
		golden(t, name, a.asSent(t, m))
	}
}

func firstWords(text string, n int) []string {
	words := wordsOf(text)
	return words[:min(n, len(words))]
}

// asSent is what is sent for a message: its form, or its parts.
func (a *Adapter) asSent(t *testing.T, m chat.Message) []byte {
	t.Helper()
	if m.Form != nil {
		form, err := a.modal(t.Context(), *m.Form, formMeta{Thread: "discord/1/2/3"})
		if err != nil {
			t.Fatal(err)
		}
		body := indented(t, map[string]any{"type": 9, "data": form})
		described(t, "/interactions/1/token/callback", body)
		return body
	}
	parts, err := a.render(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, p := range parts {
		body := indented(t, p)
		described(t, "/channels/2/messages", body)
		if why := beyond(p); why != "" {
			t.Error(why)
		}
		described(t, "/channels/2/messages", indented(t, p.asEmbeds()))
		if why := beyondEmbeds(p.asEmbeds()); why != "" {
			t.Error(why)
		}
		out.Write(body)
	}
	return out.Bytes()
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// described: Discord's description takes it.
func described(t interface {
	Helper()
	Errorf(string, ...any)
}, path string, body []byte,
) {
	t.Helper()
	if spec := oracle(); spec != nil {
		if err := spec.Request("POST", path, body); err != nil {
			t.Errorf("%v\n%s", err, body)
		}
	}
}

// beyond says which limit a message breaks; "" for none. It is written from the
// documentation, not from what the adapter counts by.
func beyond(p payload) string {
	comps, text := 0, 0
	ids := map[string]bool{}
	var why string
	walk(p.Components, func(c *component) {
		comps++
		text += units(c.Content)
		switch {
		case c.Type == actionRow && len(c.Components) > 5, len(c.Options) > 25, len(c.Items) > 10:
			why = fmt.Sprintf("too many in %+v", c)
		case units(c.Label) > 80, units(c.Placeholder) > 150, units(c.CustomID) > 100:
			why = fmt.Sprintf("too long: %+v", c)
		case c.Type == textDisplay && strings.TrimSpace(c.Content) == "":
			why = "an empty text"
		case c.CustomID != "" && ids[c.CustomID]:
			why = c.CustomID + " is there twice"
		}
		ids[c.CustomID] = true
		for i, o := range c.Options {
			if o.Label == "" || o.Value == "" || units(o.Label) > 100 || units(o.Value) > 100 || units(o.Description) > 100 ||
				slices.ContainsFunc(c.Options[:i], func(other option) bool { return other.Value == o.Value }) {
				why = fmt.Sprintf("the option %+v", o)
			}
		}
	})
	size := 0
	for _, f := range p.files {
		size += len(f.Data)
	}
	switch {
	case comps > 40 || text > 4000:
		return fmt.Sprintf("%d components with %d units", comps, text)
	case len(p.files) > 10 || size > 25<<20 || len(p.AllowedMentions.Users) > 100:
		return fmt.Sprintf("%d files of %d bytes, %d people", len(p.files), size, len(p.AllowedMentions.Users))
	case p.Flags != flagComponentsV2 || p.AllowedMentions.Parse == nil || len(p.AllowedMentions.Parse) > 0:
		return fmt.Sprintf("flags %d, %+v", p.Flags, p.AllowedMentions)
	}
	return why
}

// beyondEmbeds is the same for a message of embeds (D:resources/message, Embed
// Limits; D:components/reference, Action Row).
func beyondEmbeds(p payload) string {
	if n := units(*p.Content); n > 2000 || len(p.Embeds) > 10 || len(p.Components) > 5 {
		return fmt.Sprintf("%d units, %d embeds, %d rows", n, len(p.Embeds), len(p.Components))
	}
	sum := 0
	for _, e := range p.Embeds {
		n := units(e.Description)
		if e.Author != nil {
			n += units(e.Author.Name)
			if units(e.Author.Name) > 256 {
				return "the author " + e.Author.Name
			}
		}
		for _, f := range e.Fields {
			n += units(f.Name) + units(f.Value)
			if blank(f.Name) || blank(f.Value) || units(f.Name) > 256 || units(f.Value) > 1024 {
				return fmt.Sprintf("the field %+v", f)
			}
		}
		if sum += n; n == 0 || units(e.Description) > 4096 || len(e.Fields) > 25 {
			return fmt.Sprintf("the embed %+v", e)
		}
	}
	for _, row := range p.Components {
		if row.Type != actionRow || len(row.Components) > 5 {
			return fmt.Sprintf("the row %+v", row)
		}
	}
	if sum > 6000 || p.Flags&flagComponentsV2 != 0 || p.AllowedMentions.Parse == nil {
		return fmt.Sprintf("%d units, flags %d, %+v", sum, p.Flags, p.AllowedMentions)
	}
	return ""
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	at := filepath.Join("testdata", "golden", name+".json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(at)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

// TestAnyMessageIsInside: whatever a message holds, its parts are inside all
// limits and as Discord's description wants them, with a key as without.
func TestAnyMessageIsInside(t *testing.T) {
	t.Parallel()
	a := newAdapter(Options{Keep: &memoryKeep{}})
	rapid.Check(t, func(rt *rapid.T) {
		m := adaptertest.Messages().Draw(rt, "message")
		if rapid.Bool().Draw(rt, "face") {
			m.As.Avatar = "https://example.com/a.png"
		}
		for i := range rapid.SampledFrom([]int{0, 1, 3, 150}).Draw(rt, "people") {
			m.To = append(m.To, chat.Person{ID: fmt.Sprint(1234567890123456000 + i), Name: "ana"})
		}
		for range rapid.SampledFrom([]int{0, 0, 30}).Draw(rt, "many fields") {
			m.Blocks = append(m.Blocks, chat.Fields{{Name: "phase", Value: "Build"}}, chat.Remark("by the plan"))
		}
		for range rapid.SampledFrom([]int{0, 0, 30}).Draw(rt, "more buttons") {
			m.Buttons = append(m.Buttons, chat.Button{Label: "b", Verb: "approve", Args: map[string]string{"task": fmt.Sprint(len(m.Buttons))}})
		}
		parts := split(m)
		for _, part := range parts {
			for _, key := range []string{"", testKey(1)} {
				p, err := a.renderPart(context.Background(), part, key)
				if err != nil {
					rt.Fatal(err)
				}
				if why := beyond(p); why != "" {
					rt.Fatal(why)
				}
				if key != "" && keyOf(p.Components) != key {
					rt.Fatal("the key is lost")
				}
				body, err := json.Marshal(p)
				if err != nil {
					rt.Fatal(err)
				}
				described(rt, "/channels/2/messages", body)
				inEmbeds := p.asEmbeds()
				if why := beyondEmbeds(inEmbeds); why != "" {
					rt.Fatal(why)
				}
				if body, err = json.Marshal(inEmbeds); err != nil {
					rt.Fatal(err)
				}
				described(rt, "/channels/2/messages", body)
				raw, _ := json.Marshal(inEmbeds.Embeds)
				if m := (&message{Embeds: raw}); key != "" && m.key() != key {
					rt.Fatal("the key is lost in embeds")
				}
			}
		}
		if again := split(m); len(again) != len(parts) {
			rt.Fatal("it is split in two ways")
		}
	})
}
