package discord

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/chat"
	"pgregory.net/rapid"
)

// forms are forms of any content.
var forms = rapid.Custom(func(t *rapid.T) chat.Form {
	text := adaptertest.Texts()
	f := chat.Form{Title: text.Draw(t, "title"), Verb: "note", Submit: "Sign", Args: map[string]string{"session": text.Draw(t, "arg")}}
	for i := range rapid.IntRange(1, 12).Draw(t, "inputs") {
		in := chat.Input{Option: chat.Option{
			Name: "input-" + string(rune('a'+i)), Help: text.Draw(t, "help"), Required: rapid.Bool().Draw(t, "required"),
			Kind: rapid.SampledFrom([]chat.Kind{chat.Line, chat.Text, chat.List, chat.Names, chat.Choice, chat.Who, chat.When, chat.Yes}).Draw(t, "kind"),
		}}
		if in.Kind == chat.Choice {
			in.Choices = rapid.SliceOfN(rapid.StringMatching("[a-z]{1,5}"), 0, 40).Draw(t, "choices")
		}
		if rapid.Bool().Draw(t, "filled") {
			in.Value = text.Draw(t, "value")
		}
		f.Inputs = append(f.Inputs, in)
	}
	return f
})

// submit is a form as somebody submits it who changes nothing.
func submit(t interface{ Fatal(...any) }, m modalData) json.RawMessage {
	var all []any
	for _, c := range m.Components {
		in := map[string]any{"type": c.Component.Type, "custom_id": c.Component.CustomID, "id": 2}
		switch c.Component.Type {
		case textInput:
			in["value"] = c.Component.Value
		case radioGroup:
			in["value"] = nil
			for _, o := range c.Component.Options {
				if o.Default {
					in["value"] = o.Value
				}
			}
		case stringSelect:
			values := []string{}
			for _, o := range c.Component.Options {
				if o.Default {
					values = append(values, o.Value)
				}
			}
			in["values"] = values
		}
		all = append(all, map[string]any{"type": fieldLabel, "id": 1, "component": in})
	}
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestCase08Modals: whatever a form asks for, Discord takes it, and what stands in it
// comes back when nobody changes it. One that cannot hold what is to
// stand in it is refused, not cut.
func TestCase08Modals(t *testing.T) {
	a := &Adapter{o: Options{Keep: &memoryKeep{}}}
	spec := oracle()
	if spec == nil {
		t.Log("../shared/specs/discord-openapi.json is absent")
	}
	rapid.Check(t, func(rt *rapid.T) {
		f := forms.Draw(rt, "form")
		m, err := a.modal(t.Context(), f, formMeta{Thread: "discord/1/2"})
		if errors.Is(err, errTooLong) {
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		body, err := json.Marshal(map[string]any{"type": 9, "data": m})
		if err != nil {
			rt.Fatal(err)
		}
		if spec != nil {
			if err := spec.Request("POST", "/interactions/1/token/callback", body); err != nil {
				rt.Fatalf("%v\n%s", err, body)
			}
		}
		if n := len(m.Components); n > maxModalInputs || units(m.Title) > maxModalTitle || units(m.CustomID) > maxCustomID {
			rt.Fatalf("%d components, title %q, custom_id %q", n, m.Title, m.CustomID)
		}
		meta, err := parseForm(t.Context(), a.o.Keep, m.CustomID)
		if err != nil || meta.Verb != f.Verb || meta.Thread != "discord/1/2" {
			rt.Fatalf("%+v, %v", meta, err)
		}
		got := modalValues(submit(rt, m), meta)
		for _, in := range f.Inputs {
			if value, ok := got[in.Name]; !ok || strings.TrimSpace(value) != strings.TrimSpace(clean(in.Value)) && !shares(meta, in, value) {
				rt.Errorf("%s comes back as %q, it was %q", in.Name, value, in.Value)
			}
		}
	})
}

// shares: several values in one field may lose blanks at the ends of lines, and
// a line that looks like the name of another is one.
func shares(meta formMeta, in chat.Input, value string) bool {
	for _, name := range meta.More {
		if name == in.Name {
			return strings.Join(strings.Fields(value), "") == strings.Join(strings.Fields(clean(in.Value)), "")
		}
	}
	return false
}

// TestCase09ModalValues: labels and the rows of before, and what is not known.
func TestCase09ModalValues(t *testing.T) {
	raw := `[{"type":18,"component":{"type":4,"custom_id":"decisions","value":"Postgres"}},
		{"type":18,"component":{"type":21,"custom_id":"go","value":"go"}},
		{"type":18,"component":{"type":3,"custom_id":"persona","values":["cto"]}},
		{"type":18,"component":{"type":22,"custom_id":"who","values":["a","b"]}},
		{"type":18,"component":{"type":23,"custom_id":"sealed","value":true}},
		{"type":18,"component":{"type":21,"custom_id":"none","value":null}},
		{"type":18,"component":{"type":4,"custom_id":"baton:more","value":"skills: a, b\nbrief: one\ntwo\nempty:"}},
		{"type":1,"components":[{"type":4,"custom_id":"old","value":"row"}]},
		{"type":99,"x":[1]}, 7, null, {"type":18}]`
	want := map[string]string{
		"decisions": "Postgres", "go": "go", "persona": "cto", "who": "a, b", "sealed": "yes", "none": "",
		"skills": "a, b", "brief": "one\ntwo", "empty": "", "old": "row",
	}
	if diff := cmp.Diff(want, modalValues(json.RawMessage(raw), formMeta{More: []string{"skills", "brief", "empty"}})); diff != "" {
		t.Error(diff)
	}
}

func TestModalTooLong(t *testing.T) {
	a := &Adapter{o: Options{Keep: &memoryKeep{}}}
	f := chat.Form{Title: "Hand off", Verb: "handoff", Inputs: []chat.Input{{Option: chat.Option{Name: "decisions", Kind: chat.List}, Value: strings.Repeat("x", 4001)}}}
	if m, err := a.modal(t.Context(), f, formMeta{}); !errors.Is(err, errTooLong) {
		t.Errorf("%+v, %v", m, err)
	}
}

// TestForeignForm: a form that Baton never opened stands for nothing.
func TestForeignForm(t *testing.T) {
	keep := &memoryKeep{}
	keep.Put(t.Context(), "name", []byte(`{"v":"approve"}`), formLife)
	for _, id := range []string{"", "f1:", "f1:{}", "g1:name", "g1:nobody", "b1:v=approve", "x"} {
		if m, err := parseForm(t.Context(), keep, id); err == nil {
			t.Errorf("%q is %+v", id, m)
		}
	}
}

func FuzzModalValues(f *testing.F) {
	f.Add(`[{"type":18,"component":{"type":4,"custom_id":"a","value":"b"}}]`)
	f.Add(`[{"components":[{"components":[{"custom_id":"x"}]}]}]`)
	f.Fuzz(func(t *testing.T, raw string) {
		for name := range modalValues(json.RawMessage(raw), formMeta{More: []string{"a"}}) {
			if name == moreField {
				t.Error("the shared field is none of the inputs")
			}
		}
	})
}
