package discord

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

var callbacks = discordtest.To("POST", routeCallback)

// callbackOf are the first responses that were sent, as JSON.
func (r *running) callbacks() []string {
	var out []string
	for _, q := range r.server.Requests(callbacks) {
		out = append(out, string(q.Body))
	}
	return out
}

func slowly(d time.Duration, m chat.Message) func(context.Context, chat.Call) chat.Message {
	return func(context.Context, chat.Call) chat.Message {
		time.Sleep(d)
		return m
	}
}

// What takes long is answered with "thinking" within three seconds, and then in
// its place, also after Discord's token is over.
func TestCase01SlowAnswer(t *testing.T) {
	for _, long := range []time.Duration{4 * time.Second, 20 * time.Minute} {
		t.Run(long.String(), func(t *testing.T) {
			story(t, discordtest.Options{}, Options{}, func(r *running) {
				r.h.answers(slowly(long, paragraph("all of it")))
				i := r.slash(r.ana, r.launch, "baton persona", discordtest.Args{"name": "startup-cto"})
				time.Sleep(2500 * time.Millisecond)
				if got := i.Now(); got.State != discordtest.Thinking || got.Ephemeral {
					r.Errorf("after 2.6 seconds ana sees %+v", got)
				}
				time.Sleep(long)
				synctest.Wait()
				said := r.launch.Messages()
				if last := said[len(said)-1]; !strings.Contains(text(&last), "all of it") {
					r.Errorf("ana sees %+v", said)
				}
				if cb := r.callbacks(); len(cb) != 1 || cb[0] != `{"type":5}` {
					r.Errorf("the first responses: %v", cb)
				}
				r.clean()
			})
		})
	}
}

// What is for one person alone is not shown to all who saw that it takes long.
func TestCase10SlowWhisper(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		m := paragraph("a secret")
		m.Only = true
		r.h.answers(slowly(5*time.Second, m))
		i := r.slash(r.ana, r.launch, "baton status", nil)
		time.Sleep(8 * time.Second)
		synctest.Wait()
		for _, m := range r.launch.Messages() {
			r.Errorf("everybody sees %q", text(&m))
		}
		seen := i.Now()
		if len(seen.FollowUps) != 1 || !seen.FollowUps[0].Ephemeral || !strings.Contains(text(&seen.FollowUps[0]), "a secret") {
			r.Errorf("ana sees %+v", seen)
		}
		for _, q := range r.server.Requests(nil) {
			if strings.Contains(string(q.Body), "secret") && !strings.Contains(string(q.Body), fmt.Sprint(flagEphemeral|flagComponentsV2)) {
				r.Errorf("%s %s says it: %s", q.Method, q.Path, q.Body)
			}
		}
		r.clean()
	})
}

// One interaction that comes twice is one call, and one response.
func TestCase02Twice(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		i := r.slash(r.ana.With(discordtest.Delivery{Times: 2}), r.launch, "baton status", nil)
		i.Redeliver()
		r.settle()
		if len(r.h.calls()) != 1 || len(r.callbacks()) != 1 {
			r.Errorf("%d calls, %d responses", len(r.h.calls()), len(r.callbacks()))
		}
	})
}

// Where somebody else has responded already, the answer is said all the same:
// 40060 is no failure.
func TestCase02AcknowledgedBefore(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		r.server.AddFault(discordtest.Refusing(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.", true).On(callbacks, 1))
		i := r.slash(r.ana, r.launch, "baton status", nil)
		if seen := i.Now(); !strings.Contains(text(seen.Message), "heard status") || len(r.launch.Messages()) != 1 {
			r.Errorf("ana sees %+v in %d messages", seen, len(r.launch.Messages()))
		}
	})
}

// Somebody else's "thinking" is replaced by the answer.
func TestCase02ThinkingBefore(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		i := r.slash(r.ana.With(discordtest.Delivery{Drop: true}), r.launch, "baton status", nil)
		if err := r.a.rest.do(r.Context(), http.MethodPost, routeCallback, "/interactions/"+i.ID+"/"+i.Token+"/callback", map[string]int{"type": 5}, nil, nil); err != nil {
			r.Fatal(err)
		}
		i.Redeliver()
		r.settle()
		if seen := i.Now(); !strings.Contains(text(seen.Message), "heard status") || len(r.launch.Messages()) != 1 {
			r.Errorf("ana sees %+v", seen)
		}
	})
}

// 10062 is looked into: what stands, stands; what does not is said otherwise.
func TestCase04UnknownInteraction(t *testing.T) {
	for _, landed := range []bool{true, false} {
		t.Run(fmt.Sprint(landed), func(t *testing.T) {
			story(t, discordtest.Options{}, Options{}, func(r *running) {
				r.server.AddFault(discordtest.Refusing(http.StatusNotFound, 10062, "Unknown interaction", landed).On(callbacks, 1))
				r.slash(r.ana, r.launch, "baton status", nil)
				all := r.launch.Messages()
				if len(r.h.calls()) != 1 || len(all) != 1 || !strings.Contains(text(&all[0]), "heard status") {
					r.Errorf("%d calls; everybody sees %+v", len(r.h.calls()), all)
				}
			})
		})
	}
}

// A response whose fate is unknown is sent again, and stands once.
func TestCase04ResponseLost(t *testing.T) {
	for _, stored := range []bool{true, false} {
		t.Run(fmt.Sprint(stored), func(t *testing.T) {
			story(t, discordtest.Options{}, Options{}, func(r *running) {
				r.server.AddFault(discordtest.Failing(http.StatusBadGateway, stored).On(callbacks, 1))
				r.slash(r.ana, r.launch, "baton status", nil)
				if all := r.launch.Messages(); len(all) != 1 || !strings.Contains(text(&all[0]), "heard status") {
					r.Errorf("everybody sees %+v", all)
				}
			})
		})
	}
}

// What is too old to be responded to is not done, and whoever asked is told.
func TestCase03TooOld(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		r.slash(r.ana.With(discordtest.Delivery{Age: 4 * time.Second}), r.launch, "baton approve", discordtest.Args{"number": 3})
		all := r.launch.Messages()
		if len(r.h.calls()) != 0 || len(r.callbacks()) != 0 || len(all) != 1 || !strings.Contains(text(&all[0]), "say it again") {
			r.Errorf("%d calls, %d responses; everybody sees %+v", len(r.h.calls()), len(r.callbacks()), all)
		}
	})
}

// Suggestions: at most 25, none as an empty list; what is submitted is whatever
// was typed.
func TestCase05Suggestions(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		var asked chat.Call
		r.h.complete = func(c chat.Call) []chat.Suggestion {
			asked = c
			var out []chat.Suggestion
			for i := range 300 {
				if name := fmt.Sprintf("skill-%03d", i); strings.HasPrefix(name, c.Args["name"]) {
					out = append(out, chat.Suggestion{Text: name, Label: name, Detail: strings.Repeat("what it is ", 20)})
				}
			}
			return append([]chat.Suggestion{{Text: strings.Repeat("x", 101), Label: "too long"}}, out...)
		}
		i, err := r.ana.Autocomplete(r.launch, "baton persona", "name", "skill-1", nil)
		if err != nil {
			r.Fatal(err)
		}
		r.settle()
		seen := i.Now()
		if seen.State != discordtest.Choices || len(seen.Choices) != 25 || seen.Choices[0].Value != "skill-100" || asked.Verb != "persona" || asked.Thread != r.where {
			r.Errorf("ana sees %+v; asked was %+v", seen, asked)
		}
		if i, err = r.ana.Autocomplete(r.launch, "baton persona", "name", "zzz", nil); err != nil {
			r.Fatal(err)
		}
		r.settle()
		if got := r.callbacks(); !strings.Contains(got[1], `"choices":[]`) || i.Now().State != discordtest.Choices {
			r.Errorf("nothing to suggest: %s", got)
		}
		r.clean()
	})
}

// decisionCard has Baton say something with a decision on it.
func (r *running) decisionCard() discordtest.Message {
	m := paragraph("May it be done?")
	m.Buttons = []chat.Button{
		{Label: "Approve", Verb: "approve", Args: map[string]string{"number": "3"}, Typed: "approve 3"},
		{Label: "Deny", Verb: "stop", Args: map[string]string{"task": "3"}, Typed: "stop 3"},
	}
	r.h.answers(func(context.Context, chat.Call) chat.Message { return m })
	seen := r.slash(r.ana, r.launch, "baton status", nil).Now()
	r.h.answers(nil)
	return *seen.Message
}

// A decision that is taken switches its buttons off; one that is refused does
// not, and is a matter of whoever pressed.
func TestCase06Decision(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		card := r.decisionCard()
		r.h.answers(func(context.Context, chat.Call) chat.Message { return refusal("already decided") })
		i, err := r.mod.Click(card, "Approve")
		if err != nil {
			r.Fatal(err)
		}
		r.settle()
		if seen := i.Now(); !seen.Ephemeral || !strings.Contains(text(seen.Message), "already decided") {
			r.Errorf("mo sees %+v", seen)
		}
		r.h.answers(nil)
		if i, err = r.ana.Click(card, "Approve"); err != nil {
			r.Fatal(err)
		}
		r.settle()
		c := r.h.calls()[2]
		if c.Verb != "approve" || !cmp.Equal(c.Args, map[string]string{"number": "3"}) || i.Now().State != discordtest.Updated {
			r.Errorf("%+v; %v", c, i.Now().State)
		}
		if _, err := r.mod.Click(card, "Deny"); err == nil || !strings.Contains(err.Error(), "disabled") {
			r.Errorf("the other button: %v", err)
		}
		if all := r.launch.Messages(); len(all) != 2 || !strings.Contains(text(&all[1]), "heard approve") {
			r.Errorf("everybody sees %+v", all)
		}
		r.clean()
	})
}

// Who somebody is on Discord comes with each call: what they manage, and the
// roles that the configuration names. A refusal is theirs alone.
func TestCase07Roles(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		lead := r.guild.NewRole("lead", 0)
		seesAll := r.guild.NewRole("audience", 0)
		r.a.o.Roles = map[string]string{lead.ID: "approver", seesAll.ID: "observer"}
		r.h.answers(func(_ context.Context, c chat.Call) chat.Message {
			if c.Role == "" {
				return refusal("you may not")
			}
			return paragraph("done")
		})
		for _, c := range []struct {
			who  *discordtest.Member
			want string
		}{
			{r.ana, ""},
			{r.guild.NewMember("lea", seesAll, lead), "approver"},
			{r.guild.NewMember("gus", r.guild.NewRole("manager", discordtest.Permission(manageGuild))), "admin"},
			{r.guild.Owner(), "admin"},
		} {
			seen := r.slash(c.who, r.launch, "baton approve", discordtest.Args{"number": 1}).Now()
			calls := r.h.calls()
			if got := calls[len(calls)-1].Role; got != c.want || seen.Ephemeral != (c.want == "") {
				r.Errorf("%s is %q, want %q; sees %+v", c.who.User.Name, got, c.want, seen)
			}
		}
	})
}

// A thread is where its calls are, under its channel; what several threads ask at
// once is answered in the order of each, and within three seconds.
func TestCase23ManyThreads(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		r.h.answers(func(_ context.Context, c chat.Call) chat.Message {
			time.Sleep(time.Duration(len(c.Args["text"])%7) * 10 * time.Millisecond)
			return paragraph("heard " + c.Args["text"])
		})
		var threads []*discordtest.Channel
		var all []*discordtest.Interaction
		for n := range 20 {
			said, err := r.ana.Say(r.launch, fmt.Sprint("topic ", n))
			if err != nil {
				r.Fatal(err)
			}
			thread, err := r.ana.OpenThread(r.launch, "topic", &said, discordtest.PublicThread)
			if err != nil {
				r.Fatal(err)
			}
			threads = append(threads, thread)
		}
		for k := range 500 {
			i, err := r.ana.Slash(threads[k*7%20], "baton note", discordtest.Args{"text": fmt.Sprintf("%03d%s", k, strings.Repeat("x", k%5))})
			if err != nil {
				r.Fatal(err)
			}
			all = append(all, i)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		last := map[chat.Thread]string{}
		for _, c := range r.h.calls() {
			if c.Thread.Channel() != r.launch.ID || c.Thread.InChannel() || c.Args["text"] <= last[c.Thread] {
				r.Errorf("%q after %q in %s", c.Args["text"], last[c.Thread], c.Thread.Key())
			}
			last[c.Thread] = c.Args["text"]
		}
		if len(r.h.calls()) != 500 || len(last) != 20 {
			r.Errorf("%d calls in %d threads", len(r.h.calls()), len(last))
		}
		for _, i := range all {
			if s := i.Now().State; s != discordtest.Replied {
				r.Errorf("%s is %s", i.ID, s)
			}
		}
	})
}

// A clock that is wrong by an hour makes nothing look too old.
func TestCase03WrongClock(t *testing.T) {
	for _, wrong := range []time.Duration{time.Hour, -time.Hour} {
		story(t, discordtest.Options{}, Options{Now: func() time.Time { return time.Now().Add(wrong) }}, func(r *running) {
			i := r.slash(r.ana, r.launch, "baton status", nil)
			if len(r.h.calls()) != 1 || i.Now().State != discordtest.Replied {
				r.Errorf("with a clock that is wrong by %v ana sees %+v", wrong, i.Now())
			}
			r.slash(r.ana.With(discordtest.Delivery{Age: 5 * time.Second}), r.launch, "baton status", nil)
			if len(r.h.calls()) != 1 {
				r.Errorf("with a clock that is wrong by %v something old is done", wrong)
			}
		})
	}
}
