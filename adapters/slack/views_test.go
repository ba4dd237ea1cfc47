package slack

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/chat"
	"pgregory.net/rapid"
)

// untouched is what a modal's inputs hold before anybody touched them.
func untouched(t interface{ Fatal(...any) }, v slackgo.ModalViewRequest) *slackgo.ViewState {
	state := &slackgo.ViewState{Values: map[string]map[string]slackgo.BlockAction{}}
	for _, b := range v.Blocks.BlockSet {
		in, is := b.(*slackgo.InputBlock)
		if !is {
			continue
		}
		if _, twice := state.Values[in.BlockID]; twice {
			t.Fatal("two inputs are called " + in.BlockID)
		}
		data, err := json.Marshal(in.Element)
		if err != nil {
			t.Fatal(err)
		}
		var e struct {
			Type    slackgo.ActionType          `json:"type"`
			Action  string                      `json:"action_id"`
			Value   string                      `json:"initial_value"`
			Option  *slackgo.OptionBlockObject  `json:"initial_option"`
			Options []slackgo.OptionBlockObject `json:"initial_options"`
			User    string                      `json:"initial_user"`
		}
		if err := json.Unmarshal(data, &e); err != nil {
			t.Fatal(err)
		}
		action := slackgo.BlockAction{Type: e.Type, Value: e.Value, SelectedUser: e.User, SelectedOptions: e.Options}
		if e.Option != nil {
			action.SelectedOption = *e.Option
		}
		state.Values[in.BlockID] = map[string]slackgo.BlockAction{e.Action: action}
	}
	return state
}

// kindsOfInputs are inputs of every kind, empty and filled.
func kindsOfInputs() []chat.Input {
	var all []chat.Input
	add := func(o chat.Option, values ...string) {
		for i, value := range append(values, "") {
			one := o
			one.Name, one.Help, one.Required = fmt.Sprintf("%s_%d", o.Name, i), "what it is", i == 0
			all = append(all, chat.Input{Option: one, Value: value})
		}
	}
	long := strings.TrimSpace(strings.Repeat("a long line of words\n", 500))
	add(chat.Option{Name: "line", Kind: chat.Line}, "x", "two\nlines", strings.Repeat("漢", 7001))
	add(chat.Option{Name: "text", Kind: chat.Text}, "x\ny", long)
	add(chat.Option{Name: "list", Kind: chat.List}, "x; y", long)
	add(chat.Option{Name: "names", Kind: chat.Names}, "a, b")
	add(chat.Option{Name: "skills", Kind: chat.Names, Complete: "skills"}, "a, b", strings.Repeat("n", 80)+", b")
	add(chat.Option{Name: "persona", Kind: chat.Line, Complete: "personas"}, "startup-cto", strings.Repeat("n", 80))
	add(chat.Option{Name: "number", Kind: chat.Number}, "7", "many")
	add(chat.Option{Name: "choice", Kind: chat.Choice, Choices: []string{"a", "b"}}, "b", "c")
	add(chat.Option{Name: "who", Kind: chat.Who}, "<@U1>", "@ana", "U2")
	add(chat.Option{Name: "when", Kind: chat.When}, "in 2 hours")
	add(chat.Option{Name: "yes", Kind: chat.Yes}, "yes", "no", "perhaps")
	return all
}

// TestFormsComeBack: what stood in a form is what comes back when nobody changed
// it, for every kind of input and however long it is.
func TestFormsComeBack(t *testing.T) {
	f := chat.Form{Title: "A title that is longer than a modal's", Verb: "handoff", Inputs: kindsOfInputs(), Submit: "Hand off"}
	meta := formMeta{Verb: f.Verb, Args: map[string]string{"session": "s1"}, Thread: "slack/T1/C1/1.0"}
	v, err := modal(f, meta)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"session": "s1"}
	for _, in := range f.Inputs {
		want[in.Name] = in.Value
	}
	want["who_2"], want["yes_0"], want["yes_1"] = "<@U2>", "yes", "no"
	if diff := cmp.Diff(want, formValues(untouched(t, v), meta)); diff != "" {
		t.Error(diff)
	}
	data, _ := json.Marshal(v)
	if !strings.Contains(string(data), f.Title) {
		t.Error("the title is cut and nowhere whole")
	}
	checkView(t, v)
}

// TestAnyFormComesBack: the same for texts of any kind.
func TestAnyFormComesBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		value := adaptertest.Texts().Draw(rt, "value")
		kind := rapid.SampledFrom([]chat.Kind{chat.Line, chat.Text, chat.List, chat.Names, chat.Number, chat.When}).Draw(rt, "kind")
		f := chat.Form{Title: "Form", Verb: "note", Inputs: []chat.Input{{Option: chat.Option{Name: "text", Kind: kind}, Value: value}}}
		v, err := modal(f, formMeta{Verb: "note"})
		if err != nil {
			rt.Fatal(err)
		}
		if got := formValues(untouched(rt, v), formMeta{})["text"]; got != clean(value) {
			rt.Fatalf("%q came back as %q", value, got)
		}
	})
}

// stowed is what a form is about in a form that a modal holds.
func stowed(t *testing.T, a *Adapter, meta formMeta) formMeta {
	t.Helper()
	meta, err := a.stow(t.Context(), meta)
	if err != nil {
		t.Fatal(err)
	}
	return meta
}

// TestFormAboutMuch: what a form is about and a modal cannot hold is kept, also over
// a restart, for a day.
func TestFormAboutMuch(t *testing.T) {
	now := fixedNow()
	keep := newMemory(func() time.Time { return now })
	a, b := &Adapter{o: Options{Now: fixedNow, Keep: keep}}, &Adapter{o: Options{Now: fixedNow, Keep: keep}}
	for _, size := range []int{10, 5000} {
		now = fixedNow()
		meta := formMeta{Verb: "override", Args: map[string]string{"text": strings.Repeat("x", size)}, Thread: "slack/T1/C1"}
		v, err := modal(chat.Form{Title: "F", Verb: "override"}, stowed(t, a, meta))
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.unstow(t.Context(), v.PrivateMetadata)
		if err != nil || !maps.Equal(got.Args, meta.Args) || got.Verb != meta.Verb || got.Thread != meta.Thread {
			t.Errorf("%d: %+v, %v", size, got, err)
		}
		now = now.Add(2 * shelfTime)
		if _, err := b.unstow(t.Context(), v.PrivateMetadata); (err != nil) != (size > maxPrivate) {
			t.Errorf("%d, after two days: %v", size, err)
		}
	}
	if _, err := modal(chat.Form{Title: "F", Verb: "v"}, formMeta{Thread: strings.Repeat("x", 4000)}); err == nil {
		t.Error("a modal that Slack does not take")
	}
}
