package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/internal/lanes"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// durable answers by the protocol from a log on disk, and notes the order in
// which calls were answered.
type durable struct {
	*commands.Router
	mu   sync.Mutex
	done map[chat.Thread][]string
}

func (d *durable) Handle(ctx context.Context, c chat.Call) chat.Message {
	m := d.Router.Handle(ctx, c)
	d.mu.Lock()
	defer d.mu.Unlock()
	if c.Verb == "note" && !m.Refused && !m.Fault {
		d.done[c.Thread] = append(d.done[c.Thread], c.Args["text"])
	}
	return m
}

func newDurable(b *testing.B, sources ...library.Source) *durable {
	b.Helper()
	db, err := bolt.Open(filepath.Join(b.TempDir(), "baton.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	st, err := state.Open(db, state.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	lib, err := library.Open(append([]library.Source{library.Shipped()}, sources...), library.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return &durable{Router: commands.New(commands.Deps{Store: st, Library: lib}), done: map[chat.Thread][]string{}}
}

// listens connects an adapter to a Discord in memory, in real time.
func listens(b *testing.B, h chat.Handler) (*discordtest.Server, *discordtest.Guild, *discordtest.Channel) {
	b.Helper()
	server := discordtest.New(discordtest.Options{InMemory: true, Limits: unlimited, Global: 1 << 20})
	app, guild := server.NewApplication("Baton"), server.NewGuild("Acme")
	launch := guild.NewChannel("launch", discordtest.Text)
	app.Join(guild, discordtest.Core)
	a, err := New(Options{APIURL: server.URL(), Token: app.Token, Client: server.Client(), Dial: server.DialContext, Keep: &memoryKeep{}})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := a.Register(b.Context(), h.Specs(), ""); err != nil {
		b.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, h) }()
	b.Cleanup(func() { end(); <-ended; server.Close() })
	if err := app.AwaitReady(b.Context(), 1); err != nil {
		b.Fatal(err)
	}
	return server, guild, launch
}

// quantile is one of durations.
func quantile(all []time.Duration, q float64) float64 {
	slices.Sort(all)
	return float64(all[min(int(q*float64(len(all))), len(all)-1)].Microseconds()) / 1000
}

// BenchmarkInteractions: 500 interactions over 20 threads at once, each of which
// records something on disk before it is responded to. The goal is a p99 under
// 300 ms, in the order of each thread.
func BenchmarkInteractions(b *testing.B) {
	const threads, each = 20, 25
	h := newDurable(b)
	server, guild, launch := listens(b, h)
	ana := guild.Owner()
	var places []*discordtest.Channel
	for n := range threads {
		thread, err := ana.OpenThread(launch, fmt.Sprint("topic ", n), nil, discordtest.PublicThread)
		if err != nil {
			b.Fatal(err)
		}
		places = append(places, thread)
		m := h.Handle(b.Context(), chat.Call{
			ID: fmt.Sprint("start-", n), Thread: placeOf(guild, thread), Person: chat.Person{ID: ana.User.ID, Name: "ana"}, Role: "admin",
			Text: "start product-launch Launch", At: time.Now(),
		})
		if m.Refused || m.Fault {
			b.Fatalf("%+v", m)
		}
	}
	var took []time.Duration
	for b.Loop() {
		clear(h.done)
		var mu sync.Mutex
		var all sync.WaitGroup
		for k := range threads * each {
			place := places[k%threads]
			began := time.Now()
			i, err := ana.Slash(place, "baton note", discordtest.Args{"kind": "decision", "text": fmt.Sprintf("%03d", k/threads)})
			if err != nil {
				b.Fatal(err)
			}
			all.Go(func() {
				seen, err := i.Seen(b.Context())
				d := time.Since(began)
				mu.Lock()
				defer mu.Unlock()
				if err != nil || seen.State != discordtest.Replied {
					b.Errorf("%+v, %v", seen, err)
				}
				took = append(took, d)
			})
		}
		all.Wait()
		for in, texts := range h.done {
			if len(texts) != each || !slices.IsSorted(texts) {
				b.Errorf("%s: %v", in.Key(), texts)
			}
		}
	}
	b.ReportMetric(quantile(took, 0.5), "p50-ms")
	b.ReportMetric(quantile(took, 0.99), "p99-ms")
	b.ReportMetric(float64(len(server.Violations(discordtest.LateAnswer))), "late")
}

// BenchmarkSuggestions: what is suggested while a name is typed, of 10,000 skills,
// from the gateway's event to Discord having the choices. The goal is a p99 under
// 20 ms.
func BenchmarkSuggestions(b *testing.B) {
	files := fstest.MapFS{}
	for n := range 10_000 {
		name := fmt.Sprintf("%s-%s-%04d", []string{"growth", "security", "data", "design"}[n%4], []string{"audit", "review", "plan"}[n%3], n)
		files["skills/"+name+"/SKILL.md"] = &fstest.MapFile{Data: []byte(fmt.Sprintf(
			"---\nname: %s\ndescription: \"Do %s well, from the first question to the last. %s\"\n---\n\n# %s\n\nDo it.\n", name, name, strings.Repeat("At length. ", 15), name))}
	}
	h := newDurable(b, library.Source{Name: "many", FS: files})
	_, guild, launch := listens(b, h)
	ana := guild.Owner()
	typed := []string{"", "g", "growth-audit-", "sec", "data-plan-00", "9999", "zzz", "design review"}
	var took []time.Duration
	n, choices := 0, 0
	for b.Loop() {
		began := time.Now()
		i, err := ana.Autocomplete(launch, "baton load", "skills", typed[n%len(typed)], nil)
		if err != nil {
			b.Fatal(err)
		}
		seen, err := i.Seen(b.Context())
		if err != nil || seen.State != discordtest.Choices {
			b.Fatalf("%+v, %v", seen, err)
		}
		took = append(took, time.Since(began))
		choices += len(seen.Choices)
		n++
	}
	if choices == 0 {
		b.Error("nothing was suggested")
	}
	b.ReportMetric(quantile(took, 0.5), "p50-ms")
	b.ReportMetric(quantile(took, 0.99), "p99-ms")
}

// answered is a Discord that takes everything and keeps nothing.
type answered struct{}

func (answered) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	header := http.Header{"X-Ratelimit-Bucket": {"callback"}, "X-Ratelimit-Limit": {"5"}, "X-Ratelimit-Remaining": {"4"}, "X-Ratelimit-Reset-After": {"1"}}
	return &http.Response{StatusCode: http.StatusNoContent, Header: header, Body: http.NoBody, Request: r}, nil
}

// heap is what is in use, garbage aside.
func heap() float64 {
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// BenchmarkMemory: what is in use after 100,000 interactions against that after
// 1,000, ten of them in a second, by 500 people in 50 threads. The goal is a
// growth within 10 %.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		h := newDurable(b)
		now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		a := newAdapter(Options{Token: "t", Keep: &memoryKeep{}, Client: &http.Client{Transport: answered{}}, Now: func() time.Time { return now }})
		s := &shift{a: a, h: h, ctx: context.Background(), calls: lanes.New(mostCalls), answers: lanes.New(mostAnswers), seen: newWindow(a.o.Now)}
		send := func(from, to int) {
			for n := from; n < to; n++ {
				now = now.Add(100 * time.Millisecond)
				data, verb := `{"name":"baton","type":1,"options":[{"type":1,"name":"status","options":[]}]}`, typeCommand
				if n%3 == 0 {
					data, verb = `{"custom_id":"b1:v=status","component_type":2}`, typeComponent
				}
				raw, err := json.Marshal(map[string]any{
					"id": idNumber(snowflake(now) + uint64(n%4096)).text(), "application_id": "1", "type": verb, "token": fmt.Sprint("token-", n), //nolint:gosec // small
					"guild_id": "2", "channel_id": fmt.Sprint(1000 + n%50), "channel": map[string]any{"type": 0},
					"member": map[string]any{"user": map[string]any{"id": fmt.Sprint(5000 + n%500), "username": fmt.Sprint("person", n%500)}, "permissions": "0"},
					"data":   json.RawMessage(data), "message": map[string]any{"id": "9"},
				})
				if err != nil {
					b.Fatal(err)
				}
				<-s.takeInteraction(raw)
			}
			<-s.calls.Idle()
			<-s.answers.Idle()
		}
		send(0, 1000)
		few := heap()
		send(1000, 100_000)
		many := heap()
		b.ReportMetric(few/1e6, "MB-after-1000")
		b.ReportMetric(many/1e6, "MB-after-100000")
		b.ReportMetric(100*(many-few)/few, "%-growth")
		runtime.KeepAlive(s)
	}
}
