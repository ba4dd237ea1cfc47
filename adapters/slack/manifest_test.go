package slack

import (
	"encoding/json"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"

	"github.com/synthoperator/baton/chat"
)

// verbs are as many and as long as there can be.
func verbs() []chat.Spec {
	var all []chat.Spec
	for i := range 25 {
		all = append(all, chat.Spec{Name: strings.Repeat("v", 20) + string(rune('a'+i)), Options: []chat.Option{{Name: strings.Repeat("o", 30), Required: true}, {Name: "optional"}}})
	}
	return all
}

// combinations are all choices of features.
func combinations() [][]Feature {
	all := Features()
	var out [][]Feature
	for bits := range 1 << len(all) {
		var some []Feature
		for i, f := range all {
			if bits&(1<<i) != 0 {
				some = append(some, f)
			}
		}
		out = append(out, some)
	}
	return out
}

// Slack's own schema takes the manifest of every choice of features, on both
// transports.
func TestSlackTakesEveryManifest(t *testing.T) {
	doc, err := os.ReadFile("../../../shared/specs/slack-manifest.schema.json")
	if err != nil {
		t.Skip("Slack's schema of manifests is not at hand: ", err)
	}
	// Go's expressions have no look-ahead; it is used for domains, of which no
	// manifest of Baton's has any.
	doc = regexp.MustCompile(`"pattern": "[^"]*\(\?![^"]*",?`).ReplaceAll(doc, nil)
	var schema jsonschema.Schema
	if err := json.Unmarshal(doc, &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	valid := func(m Manifest) error {
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		return resolved.Validate(v)
	}
	for _, features := range combinations() {
		for _, s := range []Setup{
			{Transport: SocketMode},
			{Transport: HTTP, PublicURL: "https://baton.example.com/x/"},
			{Transport: HTTP, PublicURL: "https://baton.example.com", Installs: true, Org: true},
		} {
			s.Features = features
			m, err := MakeManifest(verbs(), s)
			if err != nil {
				t.Fatalf("%v: %v", s, err)
			}
			if err := valid(m); err != nil {
				t.Fatalf("%v: %v", s, err)
			}
		}
	}
	m, _ := MakeManifest(verbs(), Setup{})
	m.Features.Shortcuts[0].Name = strings.Repeat("x", 25)
	if valid(m) == nil {
		t.Error("the schema takes a shortcut's name of 25 characters: it checks nothing")
	}
}

// Nothing is asked for that no feature needs, everything beyond the least may be
// declined, and what may be declined is among what is asked for.
func TestManifestAsksForLeast(t *testing.T) {
	for _, features := range combinations() {
		m, err := MakeManifest(verbs(), Setup{Features: features})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"app_mentions:read", "chat:write", "commands"}
		for _, f := range features {
			want = append(want, needs()[f].scopes...)
		}
		slices.Sort(want)
		if diff := cmp.Diff(slices.Compact(want), m.OAuth.Scopes.Bot); diff != "" {
			t.Fatalf("%v: %s", features, diff)
		}
		for _, scope := range m.OAuth.Scopes.Bot {
			optional := slices.Contains(m.OAuth.Scopes.Optional, scope)
			if least := slices.Contains([]string{"app_mentions:read", "chat:write", "commands"}, scope); least == optional {
				t.Fatalf("%v: %s is optional: %v", features, scope, optional)
			}
		}
		for _, event := range m.Settings.Events.Bot {
			if scope, ok := eventScopes[event]; !ok || scope != "" && !slices.Contains(m.OAuth.Scopes.Bot, scope) {
				t.Fatalf("%v: %s is subscribed to without %q", features, event, scope)
			}
		}
		if len(Missing(m.OAuth.Scopes.Bot, features...)) != 0 {
			t.Fatalf("%v: what the manifest asks for is not enough", features)
		}
	}
}

// eventScopes are the permissions that events need
// (https://docs.slack.dev/reference/events).
var eventScopes = map[string]string{
	"app_mention": "app_mentions:read", "app_uninstalled": "", "tokens_revoked": "", "app_home_opened": "",
	"message.channels": "channels:history", "message.groups": "groups:history", "message.im": "im:history",
	"agent_session_stopped": "assistant:write",
}

func TestTheTwoTransports(t *testing.T) {
	m, err := MakeManifest(verbs(), Setup{Transport: SocketMode, PublicURL: "https://baton.example.com", Installs: true})
	if err != nil || !m.Settings.Socket || m.Settings.Events.URL+m.Settings.Interactivity.URL+m.Features.Commands[0].URL != "" || m.OAuth.Redirects != nil {
		t.Errorf("%v: %+v", err, m)
	}
	m, err = MakeManifest(verbs(), Setup{Transport: HTTP, PublicURL: "https://baton.example.com/", Installs: true})
	const at = "https://baton.example.com/slack/events"
	if err != nil || m.Settings.Socket || m.Settings.Events.URL != at || m.Settings.Interactivity.URL != at || m.Features.Commands[0].URL != at ||
		!slices.Equal(m.OAuth.Redirects, []string{"https://baton.example.com/slack/oauth"}) {
		t.Errorf("%v: %+v", err, m)
	}
	for _, s := range []Setup{{Transport: HTTP}, {Transport: HTTP, PublicURL: "http://baton.example.com"}, {Features: []Feature{"mind-reading"}}} {
		if _, err := MakeManifest(verbs(), s); err == nil {
			t.Errorf("%+v is taken", s)
		}
	}
}

func TestTheUsageHintHoldsWholeVerbs(t *testing.T) {
	hint := usageHint(verbs())
	if len(hint) > maxHint || strings.HasSuffix(hint, "| ") || !strings.HasSuffix(hint, ">") || strings.Contains(hint, "optional") {
		t.Errorf("%d: %s", len(hint), hint)
	}
}

// The link opens the form with exactly this manifest, whether a plus is read as
// a blank or not.
func TestTheLinkCarriesTheManifest(t *testing.T) {
	m, _ := MakeManifest(verbs(), Setup{Features: Features()})
	for api, site := range map[string]string{
		"": "https://api.slack.com", "https://slack.com/api/": "https://api.slack.com",
		"https://slack-gov.com/api/": "https://api.slack-gov.com", "https://x.slack-gov.com.example.com/": "https://api.slack.com",
	} {
		link, err := m.Link(api)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(link)
		if err != nil || u.Scheme+"://"+u.Host != site || u.Path != "/apps" || u.Query().Get("new_app") != "1" || strings.Contains(link, "+") {
			t.Fatalf("%v: %s", err, link)
		}
		var got Manifest
		if err := json.Unmarshal([]byte(u.Query().Get("manifest_json")), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestWhatIsMissingIsSaidFeatureByFeature(t *testing.T) {
	got := Missing([]string{"commands", "chat:write", "channels:history"}, Home, History, Personas)
	if len(got) != 3 {
		t.Fatalf("%q", got)
	}
	for i, want := range []string{"without app_mentions:read;", `feature "history": Baton cannot look whether something was said after a connection broke without groups:history;`, "without chat:write.customize;"} {
		if !strings.Contains(got[i], want) {
			t.Errorf("%q, want %q", got[i], want)
		}
	}
	if !strings.Contains(got[1], `take "history" out of slack.features`) {
		t.Error(got[1])
	}
}
