package discord

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

// cases are what a faithful implementation has to pass. The tests of case n are
// called TestCaseNN…, wherever they stand; those of personas that speak by webhook
// TestCaseFaces….
var cases = map[string]string{
	"01":    "a subcommand: a response within three seconds, then @original is edited",
	"02":    "an interaction that comes twice: one callback, one call; 40060 fails nothing",
	"03":    "one that is four seconds old: no callback, a notice in the channel, no effect",
	"04":    "10062 for a callback that stands: acknowledged",
	"05":    "autocomplete: at most 25, nothing is []; what is sent is validated",
	"06":    "a button for one decision: its row is switched off; who comes second is told so",
	"07":    "a button, form or subcommand by somebody without the role: refused to them alone",
	"08":    "a form: opened at once, never after a deferred response, never after a form",
	"09":    "a form's values: labels, the rows of before, unknown parts",
	"10":    "ephemeral: a public answer to it is a message of its own",
	"11":    "text notifies nobody",
	"12":    "2,001, 4,001 and 30,000 characters: chunks that fit, closed code, in order",
	"13":    "embeds: split at 6,000 characters and at 25 fields, the persona as author",
	"14":    "a message that stands although its answer never came: sent again, it is one",
	"15":    "nonces: at most 25 characters, stable, each its own",
	"16":    "a limit of one channel: others go on, nothing early, in order",
	"17":    "a global limit: nothing is sent but callbacks",
	"18":    "a page of Cloudflare's, and ten 403: a pause",
	"19":    "55 messages at once: at most 50 in a second",
	"20":    "a thread under a message twice: it is the one",
	"21":    "an archived thread is opened; a locked one is blocked",
	"22":    "the gateway: however it ends, back within a minute, nothing lost that is replayed",
	"23":    "500 interactions over 20 threads: the order of each, in parallel, in time",
	"24":    "over HTTP: PING, signatures, 1 MB, the same again, 202",
	"25":    "registration: one PUT where something changed, refused here where Discord would",
	"Faces": "webhooks: names that are refused, one that was deleted, edits in a thread",
}

// Each case has a test.
func TestEveryCaseIsTested(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`^TestCase([0-9]{2}|Faces)`)
	found := map[string]bool{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				if m := named.FindStringSubmatch(fn.Name.Name); m != nil {
					found[m[1]] = true
				}
			}
		}
	}
	for number, what := range cases {
		if !found[number] {
			t.Errorf("no test is called TestCase%s…: %s", number, what)
		}
	}
	for number := range found {
		if cases[number] == "" {
			t.Errorf("TestCase%s… is none of the cases", number)
		}
	}
}

// A response within three seconds says that the answer follows, and the answer
// takes its place.
func TestCase01Subcommand(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		r.h.answers(slowly(4*time.Second, paragraph("now startup-cto")))
		i := r.slash(r.ana, r.launch, "baton persona", discordtest.Args{"name": "startup-cto"})
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if got := r.callbacks(); !slices.Equal(got, []string{`{"type":5}`}) {
			r.Errorf("the callbacks: %v", got)
		}
		edits := r.server.Requests(discordtest.To("PATCH", routeHook+"/messages/@original"))
		if len(edits) != 1 || !strings.Contains(text(i.Now().Message), "now startup-cto") || len(r.launch.Messages()) != 1 {
			r.Errorf("%d edits; ana sees %+v", len(edits), i.Now())
		}
		r.clean()
	})
}

// protocol answers as Baton does, from a log in memory.
func protocol(t *testing.T) *commands.Router {
	t.Helper()
	st, err := state.Open(memory.New(), state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	lib, err := library.Open([]library.Source{library.Shipped()}, library.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return commands.New(commands.Deps{Store: st, Library: lib})
}

// What is sent in place of a suggestion is looked at: it is refused to whoever
// sent it, with what they may have meant, and nothing is loaded.
func TestCase05FreeText(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		router := protocol(r.T)
		r.h.answers(router.Handle)
		seen := r.slash(r.guild.Owner(), r.launch, "baton persona", discordtest.Args{"name": "startup-ceo"}).Now()
		if !seen.Ephemeral || !strings.Contains(text(seen.Message), "startup-cto") {
			r.Errorf("it was refused with %q", text(seen.Message))
		}
		for _, m := range r.launch.Messages() {
			r.Errorf("everybody sees %q", text(&m))
		}
	})
}

// Somebody who was told alone that the answer follows is told so alone, and what
// all are to see is a message of its own.
func TestCase10PublicAnswer(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		i := r.slash(r.ana.With(discordtest.Delivery{Drop: true}), r.launch, "baton status", nil)
		body := map[string]any{"type": 5, "data": map[string]int{"flags": flagEphemeral}}
		if err := r.a.rest.do(r.Context(), "POST", routeCallback, "/interactions/"+i.ID+"/"+i.Token+"/callback", body, nil, nil); err != nil {
			r.Fatal(err)
		}
		i.Redeliver()
		r.settle()
		all := r.launch.Messages()
		if len(all) != 1 || !strings.Contains(text(&all[0]), "heard status") || all[0].Ephemeral {
			r.Errorf("everybody sees %+v", all)
		}
		if n := len(r.server.Requests(discordtest.To("POST", routeMessages))); n != 1 {
			r.Errorf("%d messages by the bot", n)
		}
		r.clean()
	})
}

// Whichever way Baton speaks, text notifies nobody: as an answer, alone, by
// webhook, in embeds.
func TestCase11EveryWay(t *testing.T) {
	for _, o := range []discordtest.Options{{}, old} {
		story(t, o, Options{Faces: true, Mentions: true}, func(r *running) {
			r.launch.Overwrite(r.app, discordtest.ManageWebhooks|discordtest.MentionEveryone, 0)
			danger := "@everyone <@&1> <@2> @here " + r.ana.Mention() + " <@&" + r.guild.ID + ">"
			m := chat.Message{
				As: chat.Speaker{Name: "Startup CTO"}, Title: danger, Short: danger, Form: nil,
				Blocks: []chat.Block{chat.Paragraph(danger), chat.Rich(danger), chat.Fields{{Name: danger, Value: danger}}, chat.Bullets{danger}, chat.Remark(danger)},
			}
			r.h.answers(func(_ context.Context, c chat.Call) chat.Message {
				m.Only = c.Verb == "stop"
				return m
			})
			r.slash(r.mod, r.launch, "baton status", nil)
			r.slash(r.mod, r.launch, "baton stop", nil)
			if _, err := r.mod.Say(r.launch, r.app.Mention()+" status"); err != nil {
				r.Fatal(err)
			}
			r.settle()
			if _, err := r.a.Post(r.Context(), chat.Post{Key: testKey(1), To: r.where, Body: m}); err != nil {
				r.Fatal(err)
			}
			if v := r.server.Violations(discordtest.Pinged, discordtest.NoMentions, discordtest.Unfurled); len(v) > 0 {
				r.Error(v)
			}
		})
	}
}

// While one channel has to wait, what is said in another one is said, and what
// waits is said in its order, not early.
func TestCase16Order(t *testing.T) {
	story(t, discordtest.Options{}, Options{Mentions: true}, func(r *running) {
		other := r.guild.NewChannel("other", discordtest.Text)
		r.server.AddFault(discordtest.RateLimited("user", 1500*time.Millisecond).On(func(q discordtest.Request) bool {
			return q.Method == "POST" && q.Path == "/channels/"+r.launch.ID+"/messages"
		}, 1))
		for n := range 3 {
			if _, err := r.ana.Say(r.launch, fmt.Sprint(r.app.Mention(), " note ", n)); err != nil {
				r.Fatal(err)
			}
		}
		if _, err := r.ana.Say(other, r.app.Mention()+" note there"); err != nil {
			r.Fatal(err)
		}
		r.settle()
		if n := len(other.Messages()); n != 2 {
			r.Errorf("there are %d messages in the other channel", n)
		}
		if n := len(r.launch.Messages()); n != 3 {
			r.Errorf("there are %d messages in the channel that has to wait", n)
		}
		time.Sleep(10 * time.Second)
		r.settle()
		var said []string
		for _, m := range r.launch.Messages()[3:] {
			said = append(said, strings.TrimSpace(text(&m)))
		}
		if !slices.Equal(said, []string{"heard note 0", "heard note 1", "heard note 2"}) {
			r.Errorf("they read %q", said)
		}
		r.clean()
	})
}
