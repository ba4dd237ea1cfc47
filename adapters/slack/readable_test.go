package slack

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What somebody typed is what Baton reads, whatever Slack made of it.
func TestReadable(t *testing.T) {
	both(t, setting{}, func(w *world) {
		for raw, want := range map[string]string{
			"ask <@U2> and <@U2|ben>":            "ask @ben and @ben",
			"<@U404> is unknown":                 "<@U404> is unknown",
			"in <#C1|launch> or <#C2|> or <#C3>": "in #launch or #C2 or #C3",
			"<!here> <!channel|channel> <!subteam^S1|@ops> <!date^1^{date}|May>":    "@here @channel @ops May",
			"see <https://a.example/x?a=1&amp;b=2> or <http://b.example|b.example>": "see https://a.example/x?a=1&b=2 or b.example",
			"the <https://a.example|paper> by <mailto:a@b.example|a@b.example>":     "the paper (https://a.example) by a@b.example",
			"a &lt;draft&gt; &amp;amp; more":                                        "a <draft> &amp; more",
			"no <token> here < or >":                                                "no <token> here < or >",
			"&lt;@U2&gt; was typed":                                                 "<@U2> was typed",
		} {
			got := w.a.readable(w.t.Context(), workspace{team: "T1"}, raw)
			if got.text != want {
				w.t.Errorf("%q is read as %q, want %q", raw, got.text, want)
			}
			if strings.Contains(raw, "<@U2>") && got.people["@ben"].ID != "U2" {
				w.t.Errorf("%q names %v", raw, got.people)
			}
		}
		if got := w.a.readable(w.t.Context(), workspace{team: "T1"}, "&lt;@U2&gt;"); len(got.people) != 0 {
			w.t.Errorf("what was typed names %v", got.people)
		}
	})
}

// A text that was typed without any token comes back as it was.
func TestReadableTyped(t *testing.T) {
	a := &Adapter{}
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	rapid.Check(t, func(t *rapid.T) {
		want := strings.TrimSpace(rapid.String().Draw(t, "typed"))
		if got := a.readable(context.Background(), workspace{}, escape.Replace(want)); got.text != want {
			t.Errorf("%q is read as %q", want, got.text)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"type":"block_actions","actions":[{"type":"button","value":"{\"v\":\"status\"}","action_ts":"1.1"}],"user":{"id":"U1"},"channel":{"id":"C1"}}`,
		`{"type":"view_submission","view":{"id":"V1","private_metadata":"{\"v\":\"note\",\"t\":\"slack/T1/C1\"}","state":{"values":{}}},"user":{"id":"U1","team_id":"T1"}}`,
		`{"type":"event_callback","team_id":"T1","event":{"type":"message","text":"<@UB> x","user":"U1","channel":"C1","ts":"1.1"}}`,
		`{"command":"/baton","text":"status","team_id":"T1","channel_id":"C1","user_id":"U1","trigger_id":"1"}`,
	} {
		f.Add(seed)
	}
	a, err := New(Options{Transport: HTTP, SigningSecret: "s", Installs: &installations{}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		for _, kind := range []string{kindCommand, kindInteractive, kindEvent} {
			r, err := a.decode(t.Context(), delivery{kind: kind, payload: []byte(payload)})
			if err == nil && r.door != doorNone && r.door != doorSuggestion && (r.call.ID == "" || r.call.Thread.IsZero() || r.call.Person.ID == "") {
				t.Errorf("%+v", r)
			}
		}
	})
}
