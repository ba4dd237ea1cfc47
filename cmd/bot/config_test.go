package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// load writes a file and reads it.
func load(t *testing.T, doc string) (Config, string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bot.toml")
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := LoadConfig(path)
	return c, filepath.Dir(path), err
}

func TestTheExampleIsTheDefaults(t *testing.T) {
	got, err := LoadConfig("../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(DefaultConfig(), got); diff != "" {
		t.Error(diff)
	}
}

// Every key stands in the example, also those that cannot have a default, and
// those hold together with the rest once the comment is taken off.
func TestTheExampleHoldsEveryKey(t *testing.T) {
	doc, err := os.ReadFile("../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	var keys func(reflect.Type) []string
	keys = func(typ reflect.Type) []string {
		if typ.Kind() == reflect.Map || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		var out []string
		if typ.Kind() == reflect.Struct {
			for i := range typ.NumField() {
				f := typ.Field(i)
				if inner := keys(f.Type); inner != nil {
					out = append(out, inner...)
				} else {
					out = append(out, f.Tag.Get("toml"))
				}
			}
		}
		return out
	}
	for _, key := range keys(reflect.TypeFor[Config]()) {
		if !strings.Contains(string(doc), "\n"+key+" = ") && !strings.Contains(string(doc), "\n# "+key+" = ") {
			t.Errorf("%s is missing", key)
		}
	}
	open := strings.NewReplacer("\n# [", "\n[", "\n# kind = \"\"", "\nkind = \"openai\"", "\n# path = \"\"", "\npath = \"x\"",
		"\n# name = ", "\nname = ", "\n# model = ", "\nmodel = ", "\n# api_", "\napi_", "\n# command = ", "\ncommand = ", "\n# script = ", "\nscript = ").Replace(string(doc))
	c, _, err := load(t, open)
	if err != nil || len(c.Library.Source) != 1 || c.Agents["writer"].Kind != "openai" {
		t.Errorf("%v with %d sources and %d agents", err, len(c.Library.Source), len(c.Agents))
	}
}

func TestWhatIsWrongWithAConfiguration(t *testing.T) {
	for _, test := range []struct{ name, doc, want string }{
		{"a typo", "[slack]\nenabeld = true\n", `2:1: unknown key "slack.enabeld": did you mean "enabled"?`},
		{
			"all at once", "[stat]\npath = 'x'\n[web]\nlsten = '1'\n[slack]\ntransport = 'carrier pigeon'\n[log]\nlevel = 'loud'\n",
			"1:2: unknown key \"stat\": did you mean \"state\"?\n4:1: unknown key \"web.lsten\": did you mean \"listen\"?\n" +
				"6:1: slack.transport cannot be \"carrier pigeon\": it is one of \"socket\", \"http\"\n8:1: log.level cannot be \"loud\": it is one of \"debug\", \"info\", \"warn\", \"error\"",
		},
		{"the wrong table", "listen = '127.0.0.1:1'\n", `1:1: unknown key "listen": "listen" belongs under [slack] or [discord] or [web]`},
		{"two tables", "enabled = true\n", `1:1: unknown key "enabled": "enabled" belongs under [slack] or [discord]`},
		{"nothing like it", "[web]\nzebra = 1\n", `2:1: unknown key "web.zebra": known here: listen`},
		{"in a list", "[[library.source]]\npath = 'x'\n[[library.source]]\npth = 'y'\n", "3:3: library.source.1 names no folder: write path = \"…\"\n4:1: unknown key \"library.source.pth\": did you mean \"path\"?"},
		{"in an agent", "[agents.cto]\nkind = 'openai'\nmodl = 'x'\n", `3:1: unknown key "agents.cto.modl": did you mean "model"?`},
		{"a number for a text", "[state]\npath = 5\n", `2:8: state.path is of the wrong kind: it is a text in quotes, as in "…"`},
		{"a text for yes", "[slack]\nenabled = 'yes'\n", `2:11: slack.enabled is of the wrong kind: it is true or false, without quotes`},
		{"a text for a list", "[roles]\nadmins = 'ana'\n", `2:10: roles.admins is of the wrong kind: it is a list, as in ["…", "…"]`},
		{"a value for a table", "state = 'x'\n", `1:9: state is of the wrong kind: write [state] on a line of its own and its keys below`},
		{"twice", "[state]\npath = 'a'\npath = 'b'\n", `3:1: key path is already defined`},
		{"no TOML", "[state\n", `1:7: expected ']' to close table name`},
		{"no address", "[slack]\napi_url = 'slack.com'\n", `2:1: slack.api_url is no address: write it whole, as in "https://slack.com/api/"`},
		{"a password in an address", "[slack]\napi_url = 'https://u:pw@slack.com'\n", `2:1: slack.api_url holds a user or a password: secrets come from the environment or from a file`},
		{"a feature of Slack's that is none", "[slack]\nfeatures = ['persona']\n", `2:1: slack.features knows no "persona": did you mean "personas"?`},
		{"features as a text", "[slack]\nfeatures = 'home'\n", `2:12: slack.features is of the wrong kind: it is a list, as in ["…", "…"]`},
		{"HTTP without an address", "[slack]\ntransport = 'http'\n", `2:1: slack.transport is "http", and nothing says where Slack can reach Baton: write public_url = "https://baton.example.com"`},
		{"an address without https", "[slack]\npublic_url = 'http://b.example'\n", `2:1: slack.public_url is not where Slack can reach Baton: write it whole and with https, as in "https://baton.example.com"`},
		{"installations by socket", "[slack]\nclient_id = '1.2'\n", `2:1: slack.client_id lets others install the app, which takes an address that is reached from outside: write transport = "http" and public_url = "https://…", or take client_id out`},
		{"no port for Slack", "[slack]\nlisten = 'x'\n", `2:1: slack.listen is no address to listen on: write host and port, as in "127.0.0.1:8420"`},
		{"HTTP without a key", "[discord]\ntransport = 'http'\n", `2:1: discord.transport is "http", and nothing says how to know that a request is Discord's: copy the Public Key from "General Information" of your application at https://discord.com/developers/applications into public_key = "…"`},
		{"half a key", "[discord]\npublic_key = 'abc'\n", `2:1: discord.public_key is no public key: copy the 64 digits and letters from "General Information" of your application at https://discord.com/developers/applications`},
		{"mentions over HTTP", "[discord]\ntransport = 'http'\npublic_key = '" + strings.Repeat("0a", 32) + "'\nmentions = true\n", `4:1: discord.mentions takes the gateway: over HTTP Discord tells of no messages: write transport = "gateway", or take mentions out`},
		{"no port for Discord", "[discord]\nlisten = 'x'\n", `2:1: discord.listen is no address to listen on: write host and port, as in "127.0.0.1:8420"`},
		{"a server by its name", "[discord]\nguilds = ['Acme']\n", `2:1: discord.guilds names "Acme", which is no server's id: an id is a number; with Developer Mode on, a server's menu has Copy Server ID`},
		{"a permission that is none", "[discord.roles]\napprover = ['manage_thread']\n", `2:1: discord.roles.approver names "manage_thread", which is neither a role's id nor a permission: did you mean "manage_threads"?`},
		{"a role by its name", "[discord.roles]\nadmin = ['The Moderators']\n", `2:1: discord.roles.admin names "The Moderators", which is neither a role's id nor a permission: an id is a number; with Developer Mode on, a role's menu has Copy Role ID; the permissions are administrator, ban_members, kick_members, manage_channels, manage_guild, manage_messages, manage_roles, manage_threads, moderate_members`},
		{"a role that is none", "[discord.roles]\naprover = []\n", `2:1: unknown key "discord.roles.aprover": did you mean "approver"?`},
		{"no port", "[web]\nlisten = 'localhost'\n", `2:1: web.listen is no address to listen on: write host and port, as in "127.0.0.1:8420"`},
		{"two sources of a name", "[[library.source]]\npath='a/x'\n[[library.source]]\npath='b/x'\n", `3:3: library.source.1 is called "x", as another one is: give it a name of its own, as in name = "team"`},
		{"no name for a source", "[[library.source]]\npath='x'\nname='a:b'\n", `1:3: library.source.0 cannot be called "a:b": a name has lower-case letters, digits, dots and hyphens, as in name = "team"`},
		{"the shipped source's name", "[[library.source]]\npath='baton'\n", `1:3: library.source.0 is called "baton", as another one is: give it a name of its own, as in name = "team"`},
		{"no kind", "[agents.cto]\nmodel = 'x'\n", `agents.cto.kind cannot be "": it is one of "anthropic", "openai", "acp", "scripted"`},
		{"no command", "[agents.cto]\nkind = 'acp'\n", `1:2: agents.cto has no command: write command = ["…"]`},
		{"a calendar without a file", "[calendar.berlin]\n", `1:2: calendar.berlin names no file: write path = "berlin.ics"`},
		{"a calendar's name", "[calendar.off]\npath='x'\n", `1:2: calendar.off is no name for a calendar: a name begins with a lower-case letter and has letters, digits, dots and hyphens, as in [calendar.berlin]`},
		{"in a calendar", "[calendar.berlin]\npth='x'\n", "1:2: calendar.berlin names no file: write path = \"berlin.ics\"\n" + `2:1: unknown key "calendar.berlin.pth": did you mean "path"?`},
		{"a text for a calendar", "[calendar]\nberlin = 'x'\n", `2:10: calendar.berlin is of the wrong kind: write [calendar.berlin] on a line of its own and its keys below`},
		{"no person", "[roles]\nadmins = ['ana']\n", `2:1: roles.admins names "ana", which is no person's id: an id is platform/workspace/person, as in "slack/T024BE7LD/U023BECGF"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, dir, err := load(t, test.doc)
			var bad ConfigError
			if !errors.As(err, &bad) {
				t.Fatalf("%v is no ConfigError", err)
			}
			got := strings.ReplaceAll(err.Error(), filepath.Join(dir, "bot.toml")+":", "")
			if diff := cmp.Diff(test.want, strings.ReplaceAll("\n"+got, "\n ", "\n")[1:]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A secret is refused wherever it stands, and never repeated.
func TestASecretInTheFileIsRefused(t *testing.T) {
	secret := "xox" + "b-123456789012-AbCdEfGhIjKl"
	other := "hunter2-not-of-any-shape"
	for name, doc := range map[string]string{
		"unknown key":   "[slack]\nbot_token = '" + other + "'\n",
		"with a hyphen": "[slack]\nbot-token = '" + other + "'\n",
		"signing":       "[slack]\nsigning_secret = '" + other + "'\n",
		"client":        "[slack]\nclient_secret = '" + other + "'\n",
		"encryption":    "[slack]\nencryption_key = '" + other + "'\n",
		"agent's key":   "[agents.cto]\nkind='openai'\napi_key = '" + other + "'\n",
		"top":           "token = '" + other + "'\n",
		"value":         "[slack]\napi_url = '" + secret + "'\n",
		"file key":      "[slack]\nbot_token_file = '" + secret + "'\n",
		"in a list":     "[agents.cto]\nkind='acp'\ncommand = ['x', '--token=" + secret + "']\n",
		"in a comment":  "# " + secret + "\n",
		"in no TOML":    "[slack\nx = " + secret,
	} {
		_, _, err := load(t, doc)
		if err == nil || !strings.Contains(err.Error(), "SLACK_BOT_TOKEN") || !strings.Contains(err.Error(), "_file") {
			t.Errorf("%s: %v does not say where secrets go", name, err)
		}
		if err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), other)) {
			t.Errorf("%s: the secret is repeated: %v", name, err)
		}
	}
}

func TestNoWrongValueOfASecretShapeIsRepeated(t *testing.T) {
	_, _, err := load(t, "[log]\nlevel = 'sk-"+"ant-abcdefghijklmnopqrstuvwxyz'\n")
	if err == nil || strings.Contains(err.Error(), "ant-abc") {
		t.Error(err)
	}
}

func TestPathsStartAtTheFile(t *testing.T) {
	c, dir, err := load(t, "[state]\npath = 'data/'\n[[library.source]]\npath = 'team'\n[[library.source]]\npath = '/abs/Other Team_2'\n[slack]\nbot_token_file='t'\n[calendar.berlin]\npath='b.ics'\n")
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultConfig()
	want.State.Path = filepath.Join(dir, "data") + "/"
	want.Library.Source = []SourceConfig{{"team", filepath.Join(dir, "team")}, {"other-team-2", "/abs/Other Team_2"}}
	want.Calendar = map[string]CalendarConfig{"berlin": {filepath.Join(dir, "b.ics")}}
	want.Slack.BotTokenFile = filepath.Join(dir, "t")
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

func TestAMissingFileIsSaid(t *testing.T) {
	_, err := LoadConfig(filepath.Join(t.TempDir(), "no.toml"))
	var bad ConfigError
	if !errors.As(err, &bad) || !strings.HasSuffix(err.Error(), "no.toml: cannot be read: no such file or directory") {
		t.Error(err)
	}
}

func TestSecretsComeFromTheEnvironmentOrAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(" from-file\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BATON_TEST_SECRET", "")
	if s, err := readSecret("BATON_TEST_SECRET", file); s.Reveal() != "from-file" || err != nil {
		t.Errorf("%q, %v", s.Reveal(), err)
	}
	if s, err := readSecret("BATON_TEST_SECRET", ""); !s.IsZero() || err != nil {
		t.Errorf("%q, %v", s.Reveal(), err)
	}
	if _, err := readSecret("BATON_TEST_SECRET", file+"x"); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Error(err)
	}
	if _, err := readSecret("BATON_TEST_SECRET", filepath.Dir(file)); err == nil || !strings.Contains(err.Error(), "holds no secret") {
		t.Error(err)
	}
	if !readableByOthers(file) {
		t.Error("nobody is told that others can read it")
	}
	t.Setenv("BATON_TEST_SECRET", "from-env\n")
	s, err := readSecret("BATON_TEST_SECRET", file)
	if s.Reveal() != "from-env" || err != nil {
		t.Errorf("%q, %v", s.Reveal(), err)
	}
	asJSON, _ := json.Marshal(map[string]any{"s": s})
	if shown := fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, struct{ S Secret }{s}) + string(asJSON); strings.Contains(shown, "from-env") {
		t.Errorf("the secret shows: %s", shown)
	}
}

func TestTheEnvironmentBeatsTheFile(t *testing.T) {
	t.Setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
	t.Setenv("DISCORD_API_URL", "nonsense")
	c := DefaultConfig()
	err := c.fromEnvironment()
	if c.Slack.APIURL != "http://127.0.0.1:9/api/" || err == nil || !strings.Contains(err.Error(), "environment: DISCORD_API_URL is no address") {
		t.Errorf("%s, %v", c.Slack.APIURL, err)
	}
}

func TestNearest(t *testing.T) {
	words := []string{"console", "run", "check", "backup", "restore", "verify", "history", "export", "version"}
	for typed, want := range map[string]string{
		"consle": "console", "chekc": "check", "rn": "run", "exprot": "export", "verfy": "verify", "vershion": "version", "hist": "history",
		"ver": "", "zebra": "", "": "", "Check": "check",
	} {
		if got, _ := nearest(typed, words); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
