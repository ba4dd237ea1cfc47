package slacktest

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
)

const skeleton = `{"display_information":{"name":"Baton","description":"Orchestrates personas and skills"},
 "features":{"bot_user":{"display_name":"baton","always_online":true},
  "app_home":{"home_tab_enabled":true,"messages_tab_enabled":true,"messages_tab_read_only_enabled":false},
  "slash_commands":[{"command":"/baton","description":"Run patterns","usage_hint":"start","should_escape":true}],
  "shortcuts":[{"name":"Baton: hand off","type":"message","callback_id":"baton_handoff","description":"Hand off this thread"}]},
 "oauth_config":{"scopes":{"bot":["app_mentions:read","chat:write","commands"]}},
 "settings":{"event_subscriptions":{"bot_events":["app_mention","app_home_opened","app_uninstalled","tokens_revoked"]},
  "interactivity":{"is_enabled":true},"socket_mode_enabled":true,"org_deploy_enabled":false,"token_rotation_enabled":false}}`

func TestManifest(t *testing.T) {
	cfg, err := Manifest([]byte(skeleton))
	if err != nil || cfg.Commands[0] != "/baton" || !cfg.Escape || !cfg.HomeTab || cfg.NoInteractivity || cfg.Shortcuts["baton_handoff"] != "message" {
		t.Fatalf("%+v, %v", cfg, err)
	}
	for name, change := range map[string][2]string{
		"no field":            {`"settings":{`, `"settings":{"colour":"red",`},
		"a long name":         {`"name":"Baton"`, `"name":"` + strings.Repeat("B", 36) + `"`},
		"a command without /": {`"/baton"`, `"baton"`},
		"a long command":      {`"/baton"`, `"/` + strings.Repeat("b", 32) + `"`},
		"a long shortcut":     {`"Baton: hand off"`, `"` + strings.Repeat("B", 25) + `"`},
		"a missing scope":     {`"app_mentions:read",`, ``},
		"no url over HTTP":    {`"socket_mode_enabled":true`, `"socket_mode_enabled":false`},
		"no bot":              {`"bot_user":{"display_name":"baton","always_online":true},`, ``},
		"code channels":       {`"features":{`, `"features":{"code_channels":{},`},
	} {
		if _, err := Manifest([]byte(strings.Replace(skeleton, change[0], change[1], 1))); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestManifestAgreesWithTheSchema(t *testing.T) {
	// Go's regular expressions have no lookahead; the patterns with one are of
	// domains, which the samples here do not have.
	raw := regexp.MustCompile(`"pattern": "[^"]*\(\?![^"]*",?`).ReplaceAll(shared(t, "slack-manifest.schema.json"), nil)
	var schema jsonschema.Schema
	if err := json.Unmarshal(regexp.MustCompile(`,(\s*})`).ReplaceAll(raw, []byte("$1")), &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(raw string) bool {
		var v any
		if err := json.Unmarshal([]byte(raw), &v); err != nil {
			t.Fatal(err)
		}
		return resolved.Validate(v) != nil
	}
	if refused(skeleton) {
		t.Fatal("the schema refuses the skeleton")
	}
	n := 0
	mutants(t, skeleton, func(what, mutant string) {
		if _, err := Manifest([]byte(mutant)); refused(mutant) {
			n++
			if err == nil {
				t.Errorf("%s: the schema refuses it and we do not: %s", what, mutant)
			}
		}
	})
	if n < 20 {
		t.Errorf("the schema refused %d mutants only", n)
	}
}
