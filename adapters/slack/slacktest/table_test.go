package slacktest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
)

// shared reads a file that is kept beside the repository.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "specs", name))
	if err != nil {
		t.Skipf("no ../shared/specs/%s here: the comparison with Slack's facts is skipped", name)
	}
	return raw
}

// beside are the methods and arguments that the facts lack, with where they are from.
var beside = map[string]string{
	"agents.sessions.setStatus": "declarations of @slack/web-api 8.2.0",
	"agents.sessions.rename":    "declarations of @slack/web-api 8.2.0",
}

func TestMethodsAgreeWithTheFacts(t *testing.T) {
	var facts struct {
		Methods map[string]struct {
			Args   map[string]struct{ Required bool }
			Errors []string
			Rate   struct{ Label string } `json:"rate_limit"`
			Scopes struct{ Bot []struct{ Name string } }
		}
	}
	if err := json.Unmarshal(shared(t, "slack-methods.json"), &facts); err != nil {
		t.Fatal(err)
	}
	tiers := map[Tier]string{tier1: "Tier 1", tier2: "Tier 2", tier3: "Tier 3", tier4: "Tier 4", special: "Special"}
	same := func(name, what, ours string, theirs []string) {
		mine := strings.Fields(ours)
		slices.Sort(mine)
		slices.Sort(theirs)
		if !slices.Equal(mine, theirs) {
			t.Errorf("%s: %s are %v, the facts say %v", name, what, mine, theirs)
		}
	}
	for name, m := range methods {
		f, there := facts.Methods[name]
		if !there {
			if beside[name] == "" {
				t.Errorf("%s is in no facts", name)
			}
			continue
		}
		var required, optional, scopes []string
		for arg, a := range f.Args {
			if a.Required {
				required = append(required, arg)
			} else {
				optional = append(optional, arg)
			}
		}
		for _, s := range f.Scopes.Bot {
			scopes = append(scopes, s.Name)
		}
		same(name, "required arguments", m.Required, required)
		same(name, "optional arguments", m.Optional, optional)
		same(name, "scopes", m.Scopes, scopes)
		same(name, "errors", m.Errors, f.Errors)
		if !strings.HasPrefix(f.Rate.Label, tiers[m.Tier]) {
			t.Errorf("%s: tier %d, the facts say %s", name, m.Tier, f.Rate.Label)
		}
	}
}

func TestEveryMethodHasAHandler(t *testing.T) {
	for name := range methods {
		if handlers[name] == nil {
			t.Errorf("%s is in the table and nothing answers it", name)
		}
	}
	for name := range handlers {
		if _, there := methods[name]; !there {
			t.Errorf("%s is answered and not in the table", name)
		}
	}
}

// blockSchema is the schema that was made of Slack's own types.
func blockSchema(t *testing.T) *jsonschema.Resolved {
	t.Helper()
	var schema jsonschema.Schema
	if err := json.Unmarshal(shared(t, "slack-blocks.schema.json"), &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return resolved
}

// ours is what the hand-written rules say to one block.
func ours(raw string) problems {
	v, err := parseJSON([]byte(raw))
	if err != nil {
		return problems{err.Error()}
	}
	return checkBlocks([]any{v}, blocks, "/blocks")
}

func theirs(schema *jsonschema.Resolved, raw string) error {
	var v any
	if err := json.Unmarshal([]byte("["+raw+"]"), &v); err != nil {
		return err
	}
	return schema.Validate(v)
}

// samples has one of every block and element, complete.
var samples = []string{
	`{"type":"divider","block_id":"b"}`,
	`{"type":"header","text":{"type":"plain_text","text":"T","emoji":true}}`,
	`{"type":"section","text":{"type":"mrkdwn","text":"T","verbatim":true},"expand":true,"fields":[{"type":"plain_text","text":"F"}]}`,
	`{"type":"section","text":{"type":"plain_text","text":"T"},"accessory":{"type":"image","image_url":"https://a.b","alt_text":"A"}}`,
	`{"type":"section","text":{"type":"plain_text","text":"T"},"accessory":` + button + `}`,
	`{"type":"section","text":{"type":"plain_text","text":"T"},"accessory":{"type":"overflow","action_id":"a","options":[` + option + `]}}`,
	`{"type":"markdown","text":"**x**"}`,
	`{"type":"context","elements":[{"type":"mrkdwn","text":"T"},{"type":"image","slack_file":{"id":"F1"},"alt_text":"A"}]}`,
	`{"type":"image","image_url":"https://a.b","alt_text":"A","title":{"type":"plain_text","text":"T"}}`,
	`{"type":"actions","elements":[` + button + `,{"type":"workflow_button","text":{"type":"plain_text","text":"T"},"workflow":{"trigger":{"url":"https://a.b"}}}]}`,
	`{"type":"actions","elements":[{"type":"static_select","action_id":"a","options":[` + option + `],"initial_option":` + option + `,"focus_on_load":true}]}`,
	`{"type":"actions","elements":[{"type":"static_select","option_groups":[{"label":{"type":"plain_text","text":"G"},"options":[` + option + `]}]}]}`,
	`{"type":"actions","elements":[{"type":"external_select","min_query_length":2,"placeholder":{"type":"plain_text","text":"P"}}]}`,
	`{"type":"actions","elements":[{"type":"users_select","initial_user":"U1"},{"type":"channels_select","response_url_enabled":true}]}`,
	`{"type":"actions","elements":[{"type":"conversations_select","filter":{"include":["im"],"exclude_bot_users":true},"default_to_current_conversation":true}]}`,
	`{"type":"actions","elements":[{"type":"multi_static_select","options":[` + option + `],"max_selected_items":2},{"type":"multi_users_select","initial_users":["U1"]}]}`,
	`{"type":"actions","elements":[{"type":"checkboxes","options":[` + option + `]},{"type":"radio_buttons","options":[` + option + `],"initial_option":` + option + `}]}`,
	`{"type":"actions","elements":[{"type":"datepicker","initial_date":"2026-01-01"},{"type":"timepicker","initial_time":"10:00"},{"type":"datetimepicker","initial_date_time":1628633820}]}`,
	`{"type":"input","label":{"type":"plain_text","text":"L"},"hint":{"type":"plain_text","text":"H"},"optional":true,"dispatch_action":true,"element":{"type":"plain_text_input","multiline":true,"min_length":1,"max_length":9,"initial_value":"x","dispatch_action_config":{"trigger_actions_on":["on_enter_pressed"]}}}`,
	`{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"number_input","is_decimal_allowed":false,"min_value":"1"}}`,
	`{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"email_text_input"}}`,
	`{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"url_text_input","initial_value":"https://a.b"}}`,
	`{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"rich_text_input","min_lines":1}}`,
	`{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"file_input","filetypes":["pdf"],"max_files":1}}`,
	`{"type":"context_actions","elements":[{"type":"feedback_buttons","action_id":"f","positive_button":{"text":{"type":"plain_text","text":"Good"},"value":"1"},"negative_button":{"text":{"type":"plain_text","text":"Bad"},"value":"0","accessibility_label":"bad"}}]}`,
	`{"type":"context_actions","elements":[{"type":"icon_button","icon":"trash","text":{"type":"plain_text","text":"Delete"},"visible_to_user_ids":["U1"]}]}`,
	`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"bold":true}},{"type":"user","user_id":"U1"},{"type":"broadcast","range":"here"},{"type":"channel","channel_id":"C1"},{"type":"emoji","name":"eyes"},{"type":"link","url":"https://a.b"},{"type":"usergroup","usergroup_id":"S1"},{"type":"team","team_id":"T1"},{"type":"color","value":"#fff"},{"type":"date","timestamp":1,"format":"{date}"}]},{"type":"rich_text_list","style":"bullet","indent":1,"elements":[{"type":"rich_text_section","elements":[]}]},{"type":"rich_text_quote","elements":[],"border":1},{"type":"rich_text_preformatted","elements":[{"type":"text","text":"x"}]}]}`,
	`{"type":"table","rows":[[{"type":"raw_text","text":"a"},{"type":"raw_number","text":"1","value":1}]],"column_settings":[{"align":"right","is_wrapped":true}]}`,
	`{"type":"data_table","caption":"C","rows":[[{"type":"raw_text","text":"a"}]],"page_size":5,"row_header_column_index":0}`,
	`{"type":"alert","level":"warning","text":{"type":"mrkdwn","text":"x"}}`,
	`{"type":"card","title":{"type":"mrkdwn","text":"x"},"actions":[` + button + `]}`,
	`{"type":"carousel","elements":[{"type":"card","body":{"type":"mrkdwn","text":"x"}}]}`,
	`{"type":"container","title":{"type":"plain_text","text":"T"},"width":"wide","is_collapsible":true,"child_blocks":[{"type":"divider"}]}`,
	`{"type":"task_card","task_id":"t","title":"T","status":"pending","sources":[{"type":"url","url":"https://a.b","text":"x"}]}`,
	`{"type":"plan","title":"P","tasks":[{"type":"task_card","task_id":"t","title":"T","status":"error"}]}`,
	`{"type":"video","alt_text":"A","title":{"type":"plain_text","text":"T"},"thumbnail_url":"https://a.b","video_url":"https://a.b","author_name":"x"}`,
	`{"type":"file","external_id":"x","source":"remote"}`,
}

const (
	button = `{"type":"button","action_id":"a1","text":{"type":"plain_text","text":"B"},"value":"v","style":"danger","confirm":{"title":{"type":"plain_text","text":"S"},"text":{"type":"mrkdwn","text":"S"},"confirm":{"type":"plain_text","text":"Y"},"deny":{"type":"plain_text","text":"N"}}}`
	option = `{"text":{"type":"plain_text","text":"O"},"value":"o","description":{"type":"plain_text","text":"D"}}`
)

func TestBlocksAgreeWithTheSchema(t *testing.T) {
	schema := blockSchema(t)
	seen := map[string]bool{}
	for _, raw := range samples {
		if wrong := ours(raw); len(wrong) > 0 {
			t.Errorf("we refuse %s: %v", raw, wrong)
		}
		if err := theirs(schema, raw); err != nil {
			t.Errorf("the schema refuses %s: %v", raw, err)
		}
		mutants(t, raw, func(what, mutant string) {
			us, them := len(ours(mutant)) > 0, theirs(schema, mutant) != nil
			if them && !us {
				t.Errorf("%s: the schema refuses it and we do not: %s", what, mutant)
			}
			if us && !them && !seen[what] && !stricter(what) {
				t.Errorf("%s: we refuse it and the schema does not: %s: %v", what, mutant, ours(mutant))
			}
			seen[what] = true
		})
	}
}

// stricter are the places where we ask for more than the types do: T says in
// words that one of several fields has to be there, and Slack refuses an option
// without a value.
func stricter(what string) bool {
	for _, known := range []string{
		"without value", "without text in section", "without fields", "without options", "without option_groups", "without title in card",
		"without body in card", "without title in container", "without image_url", "without slack_file", "without id in ",
	} {
		if strings.HasPrefix(what, known) {
			return true
		}
	}
	return false
}

// mutants are the sample with one field taken out, one of another type, and one
// that does not belong there, at every place.
func mutants(t *testing.T, raw string, f func(what, mutant string)) {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatal(raw, err)
	}
	emit := func(what string) {
		b, _ := json.Marshal(v)
		f(what, string(b))
	}
	var walk func(at any)
	walk = func(at any) {
		switch at := at.(type) {
		case []any:
			for _, e := range at {
				walk(e)
			}
		case map[string]any:
			kind, _ := at["type"].(string)
			at["colour"] = "red"
			emit("with colour in " + kind)
			delete(at, "colour")
			for name, old := range at {
				delete(at, name)
				emit("without " + name + " in " + kind)
				at[name] = map[string]any{"x": 1}
				emit("with an object for " + name + " in " + kind)
				at[name] = old
				walk(old)
			}
		}
	}
	walk(v)
}
