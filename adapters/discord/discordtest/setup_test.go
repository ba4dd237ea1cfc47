package discordtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/adapters/discord/discordtest/spec"
)

// oracle is Discord's description, or nil where it is not at hand.
var oracle = sync.OnceValues(func() (*spec.Spec, error) {
	at := spec.Shared()
	if at == "" {
		return nil, nil
	}
	return spec.Load(at)
})

// town is a small world to test in.
type town struct {
	*testing.T
	server *discordtest.Server
	app    *discordtest.Application
	guild  *discordtest.Guild
	launch *discordtest.Channel
	ana    *discordtest.Member
	mod    *discordtest.Member
}

// newTown makes one. No answer of the fake may break Discord's description,
// whatever the test is about.
func newTown(t *testing.T, o discordtest.Options) *town {
	t.Helper()
	s, err := oracle()
	if err != nil {
		t.Fatal(err)
	}
	if s != nil {
		o.Oracle = s
	} else {
		t.Log("../shared/specs/discord-openapi.json is absent: answers are not checked against it")
	}
	return newBareTown(t, o)
}

// newBareTown makes one where only the fake's own checks are made.
func newBareTown(t *testing.T, o discordtest.Options) *town {
	t.Helper()
	server := discordtest.New(o)
	t.Cleanup(func() {
		server.Close()
		for _, v := range server.Violations(discordtest.SpecAnswer) {
			t.Errorf("the fake's own answer: %v", v)
		}
	})
	w := &town{T: t, server: server, app: server.NewApplication("Baton")}
	w.guild = server.NewGuild("Acme")
	w.launch = w.guild.NewChannel("launch", discordtest.Text)
	w.app.Join(w.guild, discordtest.Core)
	w.ana = w.guild.NewMember("ana")
	w.mod = w.guild.NewMember("mo", w.guild.NewRole("moderators", discordtest.ManageThreads|discordtest.ManageMessages))
	return w
}

type object = map[string]any

// answered is a response whose body was read.
type answered struct {
	status int
	code   int // Discord's
	header http.Header
	body   object
	list   []object
	raw    string
}

// do sends a request as the bot.
func (w *town) do(method, path string, body any) answered {
	w.Helper()
	return w.as("Bot "+w.app.Token, method, path, body)
}

func (w *town) as(authorization, method, path string, body any) answered {
	w.Helper()
	out, err := w.try(w.Context(), authorization, method, path, body)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

func (w *town) try(ctx context.Context, authorization, method, path string, body any) (answered, error) {
	var in io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return answered{}, err
		}
		in = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, w.server.URL()+"/api/v10"+path, in)
	if err != nil {
		return answered{}, err
	}
	req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1.0)")
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return w.send(req)
}

func (w *town) send(req *http.Request) (answered, error) {
	resp, err := w.server.Client().Do(req)
	if err != nil {
		return answered{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return answered{}, err
	}
	out := answered{status: resp.StatusCode, header: resp.Header, raw: string(data)}
	_ = json.Unmarshal(data, &out.body)
	_ = json.Unmarshal(data, &out.list)
	if n, ok := out.body["code"].(float64); ok {
		out.code = int(n)
	}
	return out, nil
}

// must sends a request that has to be accepted.
func (w *town) must(method, path string, body any) answered {
	w.Helper()
	out := w.do(method, path, body)
	if out.status >= 300 {
		w.Fatalf("%s %s: %d %s", method, path, out.status, out.raw)
	}
	return out
}

// post says something in a channel as the bot and gives the id.
func (w *town) post(ch *discordtest.Channel, text string) string {
	w.Helper()
	return w.must("POST", "/channels/"+ch.ID+"/messages", quiet(object{"content": text})).body["id"].(string)
}

// quiet adds what a careful bot sends with every text.
func quiet(o object) object {
	o["allowed_mentions"] = object{"parse": []string{}}
	return o
}

// register makes the command /baton with a few subcommands.
func (w *town) register() {
	w.Helper()
	text := func(name string, more object) object {
		o := object{"type": 3, "name": name, "description": "a text"}
		for k, v := range more {
			o[k] = v
		}
		return o
	}
	w.must("PUT", "/applications/"+w.app.ID+"/commands", []object{
		{"name": "baton", "description": "Run the protocol", "contexts": []int{0}, "integration_types": []int{0}, "options": []object{
			{"type": 1, "name": "persona", "description": "Switch", "options": []object{text("name", object{"autocomplete": true, "required": true})}},
			{"type": 1, "name": "note", "description": "Record", "options": []object{text("text", nil)}},
			{"type": 1, "name": "assign", "description": "Give", "options": []object{{"type": 6, "name": "who", "description": "to whom"}}},
		}},
		{"name": "Record decision", "type": 3, "contexts": []int{0}, "integration_types": []int{0}},
	})
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
