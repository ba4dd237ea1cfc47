package slacktest

import (
	"fmt"
	"strings"
)

// The shape of a manifest as far as an app of commands, messages and modals needs
// it; what is not here is refused. Lengths: github.com/slackapi/manifest-schema v1
// (MIT). A test compares the two.
var (
	request  = text(8, 3500)
	promptly = array(0, 4, object(fields{"title!": anyText, "message!": anyText}))
	scopes   = array(0, 255, text(0, 50))

	manifestShape = object(fields{
		"_metadata": object(fields{"major_version": number(1, 2), "minor_version": number(0, 99), "schema_version": number(1, 2)}),
		"display_information!": object(fields{
			"name!": text(1, 35), "description": text(1, 140), "background_color": text(4, 7), "long_description": text(175, 4000),
		}),
		"features": object(fields{
			"app_home": object(fields{
				"home_tab_enabled": truth, "messages_tab_enabled": truth, "messages_tab_read_only_enabled": truth,
			}),
			"bot_user": object(fields{"display_name!": text(1, 80), "always_online": truth}),
			"shortcuts": array(1, 10, object(fields{
				"name!": text(1, 24), "type!": oneOf("message", "global"), "callback_id!": text(1, 255), "description!": text(1, 150),
			})),
			"slash_commands": array(1, 50, object(fields{
				"command!": text(2, 32), "url": text(8, 3000), "description!": text(1, 2000), "usage_hint": text(1, 1000),
				"should_escape": truth,
			})),
			"unfurl_domains": array(1, 5, text(1, 255)),
			"assistant_view": object(fields{"assistant_description!": anyText, "suggested_prompts": promptly}),
			"agent_view": object(fields{
				"agent_description": text(0, 300), "suggested_prompts": promptly,
				"actions": array(0, 100, object(fields{"name!": anyText, "description!": anyText})),
			}),
		}),
		"oauth_config": object(fields{
			"redirect_urls": array(0, 1000, text(1, 2500)), "token_management_enabled": truth, "pkce_enabled": truth,
			"scopes": object(fields{"bot": scopes, "bot_optional": scopes, "user": scopes, "user_optional": scopes}),
		}),
		"settings": object(fields{
			"event_subscriptions": object(fields{
				"request_url": request, "bot_events": array(0, 100, text(0, 50)), "user_events": array(0, 100, text(0, 50)),
				"metadata_subscriptions": array(1, 20, object(fields{"app_id!": anyText, "event_type!": text(0, 50)})),
			}),
			"interactivity":      object(fields{"is_enabled!": truth, "request_url": request, "message_menu_options_url": request}),
			"org_deploy_enabled": truth, "socket_mode_enabled": truth, "token_rotation_enabled": truth, "is_hosted": truth,
		}),
	})
)

// scopesOfEvents are the scopes without which Slack does not take a subscription
// (D:reference/events).
var scopesOfEvents = map[string]string{
	"app_mention": "app_mentions:read", "message.channels": "channels:history", "message.groups": "groups:history",
	"message.im": "im:history", "agent_session_stopped": "assistant:write", "agent_session_title_changed": "assistant:write",
}

// Manifest reads an app's manifest and says what Slack would not take of it.
func Manifest(raw []byte) (AppConfig, error) {
	v, err := parseJSON(raw)
	if err != nil {
		return AppConfig{}, fmt.Errorf("the manifest is no JSON: %w", err)
	}
	var wrong problems
	manifestShape(v, "", &wrong)
	if len(wrong) > 0 {
		return AppConfig{}, fmt.Errorf("invalid_manifest: %s", strings.Join(wrong, "; "))
	}
	m := node{v}
	cfg := AppConfig{
		Name:            m.at("display_information", "name").text(),
		Scopes:          append(m.at("oauth_config", "scopes", "bot").texts(), m.at("oauth_config", "scopes", "bot_optional").texts()...),
		Events:          m.at("settings", "event_subscriptions", "bot_events").texts(),
		RedirectURLs:    m.at("oauth_config", "redirect_urls").texts(),
		HomeTab:         m.at("features", "app_home", "home_tab_enabled").v == true,
		Agent:           m.at("features", "agent_view").v != nil || m.at("features", "assistant_view").v != nil,
		NoInteractivity: m.at("settings", "interactivity", "is_enabled").v != true,
		Shortcuts:       map[string]string{},
	}
	cfg.wire(m, &wrong)
	cfg.scopesMissing(m, &wrong)
	if len(wrong) > 0 {
		return AppConfig{}, fmt.Errorf("invalid_manifest: %s", strings.Join(wrong, "; "))
	}
	return cfg, nil
}

// wire reads commands, shortcuts and where deliveries go.
func (cfg *AppConfig) wire(m node, wrong *problems) {
	socket := m.at("settings", "socket_mode_enabled").v == true
	for _, c := range m.at("features", "slash_commands").items() {
		name := c.at("command").text()
		if !strings.HasPrefix(name, "/") {
			wrong.add("/features/slash_commands", "%s does not start with a slash", name)
		}
		if !socket && c.at("url").text() == "" {
			wrong.add("/features/slash_commands", "%s needs a url without Socket Mode", name)
		}
		cfg.Commands, cfg.Escape = append(cfg.Commands, name), cfg.Escape || c.at("should_escape").v == true
	}
	for _, c := range m.at("features", "shortcuts").items() {
		cfg.Shortcuts[c.at("callback_id").text()] = c.at("type").text()
	}
	if !socket {
		cfg.RequestURL = m.at("settings", "event_subscriptions", "request_url").text()
	}
}

// scopesMissing says which scopes the features need and the manifest lacks.
func (cfg *AppConfig) scopesMissing(m node, wrong *problems) {
	missing := func(scope, why string) {
		if scope != "" && !contains(cfg.Scopes, scope) {
			wrong.add("/oauth_config/scopes/bot", "%s needs the scope %s", why, scope)
		}
	}
	for _, e := range cfg.Events {
		missing(scopesOfEvents[e], e)
	}
	if len(cfg.Commands)+len(cfg.Shortcuts) > 0 {
		missing("commands", "a command or shortcut")
	}
	if len(cfg.Scopes) > 0 && m.at("features", "bot_user").v == nil {
		wrong.add("/features/bot_user", "bot scopes need a bot user")
	}
}

// node is a place in a tree of JSON; what is not there is nothing.
type node struct{ v any }

func (n node) at(path ...string) node {
	for _, name := range path {
		o, _ := n.v.(map[string]any)
		n.v = o[name]
	}
	return n
}

func (n node) text() string { s, _ := n.v.(string); return s }

func (n node) items() []node {
	list, _ := n.v.([]any)
	nodes := make([]node, len(list))
	for i, v := range list {
		nodes[i] = node{v}
	}
	return nodes
}

func (n node) texts() []string {
	var all []string
	for _, i := range n.items() {
		all = append(all, i.text())
	}
	return all
}
