package slack

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
)

// A command is answered in its acknowledgement, once what it changed is durable.
func TestCommand(t *testing.T) {
	both(t, setting{}, func(w *world) {
		seen := w.ana.Slash(w.launch, "/baton", "note ask @ben for the <draft> & more in #launch https://example.com")
		c := w.one()
		want := "note ask @ben for the <draft> & more in #launch https://example.com"
		if c.Text != want || c.Thread.Key() != "slack/T1/C1" || c.Person != (chat.Person{ID: "U1", Name: "ana"}) {
			w.t.Errorf("%+v", c)
		}
		if got := c.Mentions["@ben"]; got.ID != "U2" || got.Name != "ben" {
			w.t.Errorf("named are %v", c.Mentions)
		}
		if seen.TimedOut || !seen.InChannel || seen.Refused != "" {
			w.t.Errorf("%+v\n%s", seen, w.log)
		}
	})
}

func TestOnlyYouInAck(t *testing.T) {
	both(t, setting{answer: func(context.Context, chat.Call) chat.Message { return whispers("for you") }}, func(w *world) {
		if seen := w.ana.Slash(w.launch, "/baton", "status"); !strings.Contains(seen.Told(), "for you") || len(w.launch.Messages()) != 0 {
			w.t.Errorf("%q, %+v", seen.Told(), w.launch.Messages())
		}
	})
}

// Cases 1 and 3: a command that comes twice has its effect once; each attempt is
// acknowledged.
func TestCommandTwice(t *testing.T) {
	both(t, setting{}, func(w *world) {
		w.app.Next(slacktest.Omen{Repeat: true})
		seen := w.ana.Slash(w.launch, "/baton", "start solo-sprint Ship it")
		pass(time.Second)
		if c := w.one(); c.ID != "slack:A1:T1:cmd:"+seen.Delivery().Payload["trigger_id"].(string) {
			w.t.Errorf("%q", c.ID)
		}
		if seen.TimedOut || len(w.launch.Messages()) != 2 {
			w.t.Errorf("%+v %+v", seen, w.launch.Messages())
		}
	})
}

// A start that comes again under another trigger id is the same start; what
// somebody says again later is another one.
func TestStartTwice(t *testing.T) {
	both(t, setting{}, func(w *world) {
		w.ana.Slash(w.launch, "/baton", "start solo-sprint Ship it")
		w.ana.Slash(w.launch, "/baton", "start solo-sprint Ship it")
		w.one()
		pass(6 * time.Second)
		w.ana.Slash(w.launch, "/baton", "start solo-sprint Ship it")
		if calls := w.h.called(); len(calls) != 2 {
			w.t.Errorf("%d calls", len(calls))
		}
	})
}

// Whoever is told to say it again may do so at once: what was not accepted is no
// command that was told twice.
func TestStartAgain(t *testing.T) {
	broken := true
	both(t, setting{answer: func(context.Context, chat.Call) chat.Message {
		m := says("started")
		if broken {
			m = whispers("Not accepted: say it again.")
			m.Fault = true
		}
		return m
	}}, func(w *world) {
		broken = true
		w.ana.Slash(w.launch, "/baton", "start solo-sprint Ship it")
		broken = false
		if seen := w.ana.Slash(w.launch, "/baton", "start solo-sprint Ship it"); !strings.Contains(seen.Text, "started") {
			w.t.Errorf("%+v\n%s", seen, w.log)
		}
	})
}

// A command that is told under another trigger id is known by that id too, however
// late it is told once more.
func TestStartTwiceAndLater(t *testing.T) {
	both(t, setting{}, func(w *world) {
		d := w.ana.Slash(w.launch, "/baton", "start solo-sprint Ship it").Delivery()
		give := func(trigger string) {
			payload := maps.Clone(d.Payload)
			payload["trigger_id"] = trigger
			w.a.current.Load().take(delivery{kind: kindCommand, payload: mustJSON(payload), receipt: receipt{came: time.Now(), give: func([]byte) {}, refuse: func() {}}})
		}
		pass(2 * time.Second)
		give("7.7.again")
		pass(time.Minute)
		give("7.7.again")
		pass(time.Second)
		w.one()
	})
}

// slowInstalls takes a while to look something up.
type slowInstalls struct {
	Installs
	slow atomic.Bool
}

func (s *slowInstalls) Find(ctx context.Context, enterprise, team string) (Install, bool, error) {
	if s.slow.Load() {
		time.Sleep(50 * time.Millisecond)
	}
	return s.Installs.Find(ctx, enterprise, team)
}

// An answer that was meant for an acknowledgement which was given meanwhile is shown
// all the same.
func TestAnswerThatMissesItsAck(t *testing.T) {
	var slow *slowInstalls
	both(t, setting{
		options: func(o *Options) {
			slow = &slowInstalls{Installs: o.Installs}
			o.Installs = slow
		},
		answer: func(context.Context, chat.Call) chat.Message {
			time.Sleep(soonWithin - 10*time.Millisecond)
			slow.slow.Store(true) // until it is rendered it is too late
			m := says("done at last")
			m.As = chat.Speaker{Name: "startup-cto"}
			return m
		},
	}, func(w *world) {
		w.ana.Slash(w.launch, "/baton", "status")
		pass(time.Minute)
		all := ""
		for _, m := range append(w.launch.Messages(), w.launch.Ephemerals("U1")...) {
			all += m.Shown() + "\n"
		}
		if strings.Count(all, "done at last") == 0 {
			w.t.Errorf("%s\n%s", all, w.log)
		}
	})
}

// Case 2: the flag of organisations comes as a truth, as a text, or not at all.
func TestEnterpriseFlag(t *testing.T) {
	for name, change := range map[string]func(*slacktest.AppConfig){
		"missing": func(c *slacktest.AppConfig) { c.OmitEnterpriseFlag = true },
		"text":    func(c *slacktest.AppConfig) { c.TextEnterpriseFlag = true },
	} {
		t.Run(name, func(t *testing.T) {
			both(t, setting{app: change}, func(w *world) {
				w.ana.Slash(w.launch, "/baton", "status")
				w.one()
			})
		})
	}
}

// Case 5: a command that could not be written down is visibly not accepted.
func TestCommandWhileTheStoreIsDown(t *testing.T) {
	m := says("Not accepted: Baton could not write it down")
	m.Fault = true
	both(t, setting{answer: func(context.Context, chat.Call) chat.Message { return m }}, func(w *world) {
		seen := w.ana.Slash(w.launch, "/baton", "note x")
		if !strings.Contains(seen.Told(), "Not accepted") || seen.InChannel || len(w.launch.Messages()) != 0 {
			w.t.Errorf("%+v", seen)
		}
	})
}

// A command that takes longer than Slack waits is not said to be accepted, and is
// answered when it is.
func TestSlowCommand(t *testing.T) {
	both(t, setting{answer: func(_ context.Context, c chat.Call) chat.Message {
		time.Sleep(7 * time.Second)
		return whispers("done after all")
	}}, func(w *world) {
		seen := w.ana.Slash(w.launch, "/baton", "run x")
		if seen.TimedOut || !strings.Contains(seen.Text, "Not done yet") {
			w.t.Errorf("%+v", seen)
		}
		pass(10 * time.Second)
		told := w.launch.Ephemerals("U1")
		if len(told) != 2 || !strings.Contains(told[1].Shown(), "done after all") {
			w.t.Errorf("%+v\n%s", told, w.log)
		}
	})
}

// An answer that an acknowledgement cannot hold is said beside it.
func TestLargeAnswer(t *testing.T) {
	long := strings.Repeat("word and word ", 3000)
	both(t, setting{answer: func(context.Context, chat.Call) chat.Message { return whispers(long) }}, func(w *world) {
		seen := w.ana.Slash(w.launch, "/baton", "history")
		pass(time.Minute)
		said := ""
		for _, m := range w.launch.Ephemerals("U1") {
			said += m.JSON()
		}
		if len(seen.Ack) > 2 || strings.Count(said, "word and word") < 2990 {
			w.t.Errorf("an acknowledgement of %d bytes, %d words\n%s", len(seen.Ack), strings.Count(said, "word and word"), w.log)
		}
	})
}

// A command works where Baton is no member: there is no other way to answer.
func TestNotAMember(t *testing.T) {
	both(t, setting{answer: func(context.Context, chat.Call) chat.Message { return says("here I am") }}, func(w *world) {
		w.launch.Leave("UBATON")
		if seen := w.ana.Slash(w.launch, "/baton", "status"); !seen.InChannel || !strings.Contains(seen.Text, "here I am") {
			w.t.Errorf("%+v", seen)
		}
	})
}

// Case 13: a handler that does not return blocks one thread alone.
func TestManyWhileOneBlocks(t *testing.T) {
	both(t, setting{server: slacktest.Options{Unlimited: true}}, func(w *world) {
		w.h.answers(func(ctx context.Context, c chat.Call) chat.Message {
			if strings.Contains(c.Text, "slow") {
				time.Sleep(time.Minute)
			}
			return says("heard " + c.Text)
		})
		var roots []string
		for i := range 20 {
			roots = append(roots, w.ana.Say(w.launch, "", fmt.Sprint("topic ", i)).Message.TS)
		}
		w.ana.Mention(w.launch, roots[0], w.bot, "note slow")
		var said []*slacktest.Said
		for i := range 500 {
			said = append(said, w.ana.Mention(w.launch, roots[i%20], w.bot, fmt.Sprint("note ", i)))
		}
		pass(10 * time.Minute)
		if calls := w.h.called(); len(calls) != 501 {
			w.t.Errorf("%d calls", len(calls))
		}
		for i, s := range said {
			for _, d := range s.Deliveries() {
				if i%20 > 0 && (len(d.Attempts) != 1 || !d.Acked) || !d.Acked {
					w.t.Fatalf("%d in thread %d: %d attempts, acknowledged: %v", i, i%20, len(d.Attempts), d.Acked)
				}
			}
		}
		if got := len(w.texts(roots[0])); got != 26 {
			w.t.Errorf("%d answers in the thread that waited", got)
		}
	})
}
