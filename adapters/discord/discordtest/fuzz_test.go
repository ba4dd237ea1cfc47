package discordtest_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// Whatever is sent, there is an answer: 2xx, or a refusal with a reason.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `[]`, `{}`, `[null]`, `{"content":1}`, `{"content":"x","embeds":[{"fields":[{"name":"n","value":"v"}]}]}`,
		`{"flags":32768,"components":[{"type":17,"components":[{"type":9,"components":[{"type":10,"content":"x"}],"accessory":{"type":11,"media":{"url":"https://x.y"}}}]}]}`,
		`{"components":[{"type":1,"components":[{"type":3,"custom_id":"s","options":[{"label":"l","value":"v"}]}]}]}`,
		`{"type":9,"data":{"custom_id":"m","title":"t","components":[{"type":18,"label":"l","component":{"type":21,"custom_id":"r","options":[]}}]}}`,
		`{"type":8,"data":{"choices":[{"name":"n","value":"v"}]}}`, `{"name":"n","type":11,"auto_archive_duration":60}`,
		`[{"name":"baton","description":"d","options":[{"type":1,"name":"a","description":"d","options":[{"type":3,"name":"b","description":"d"}]}]}]`,
		`{"name":"n","message":{"content":"x"},"applied_tags":["1"]}`, `{"poll":{"question":{"text":"q"},"answers":[{}]}}`,
		`{"content":"x","allowed_mentions":{"parse":["users"],"users":["1"]},"message_reference":{"message_id":"1"},"nonce":12}`,
	} {
		f.Add(seed)
	}
	w := newFuzzTown(f)
	paths := w.bodies()
	f.Fuzz(func(t *testing.T, body string) {
		i, err := w.ana.Slash(w.launch, "baton", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range append(slices.Clone(paths), "POST /interactions/"+i.ID+"/"+i.Token+"/callback") {
			method, path, _ := strings.Cut(at, " ")
			req, err := http.NewRequestWithContext(t.Context(), method, w.server.URL()+"/api/v10"+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bot "+w.app.Token)
			req.Header.Set("Content-Type", "application/json")
			resp, err := w.server.Client().Do(req)
			if err != nil {
				t.Fatalf("%s: %v", at, err)
			}
			answer, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if resp.StatusCode >= 300 && !strings.Contains(string(answer), `"message"`) {
				t.Errorf("%s: %d %s", at, resp.StatusCode, answer)
			}
		}
	})
}

func newFuzzTown(f *testing.F) *town {
	server := discordtest.New(discordtest.Options{
		InMemory: true, Limits: map[string]discordtest.Limit{}, Global: 1 << 30, Invalid: 1 << 30, MaxThreads: 1 << 30,
	})
	f.Cleanup(server.Close)
	w := &town{server: server, app: server.NewApplication("Baton")}
	w.guild = server.NewGuild("Acme")
	w.launch = w.guild.NewChannel("launch", discordtest.Text)
	w.app.Join(w.guild, 1<<52-1)
	w.ana = w.guild.NewMember("ana")
	if got, err := w.try(f.Context(), "Bot "+w.app.Token, "PUT", "/applications/"+w.app.ID+"/guilds/"+w.guild.ID+"/commands", []object{commandOf(nil)}); err != nil || got.status != 200 {
		f.Fatal(got, err)
	}
	return w
}

// bodies are requests that carry one.
func (w *town) bodies() []string {
	forum := w.guild.NewChannel("forum", discordtest.Forum)
	said, _ := w.ana.Say(w.launch, "x")
	thread, _ := w.ana.OpenThread(w.launch, "t", nil, discordtest.PublicThread)
	at := "/channels/" + w.launch.ID
	return []string{
		"POST " + at + "/messages", "PATCH " + at + "/messages/" + said.ID, "PATCH " + at, "POST " + at + "/threads",
		"POST " + at + "/messages/" + said.ID + "/threads", "PATCH /channels/" + thread.ID, "POST /channels/" + forum.ID + "/threads",
		"PUT /applications/" + w.app.ID + "/commands", "POST /applications/" + w.app.ID + "/commands",
	}
}
