package slack

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
)

// weather is what happens to whom, by chance that is the same every time.
type weather struct {
	mu  sync.Mutex
	rng *rand.Rand
}

func (w *weather) happens(p float64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rng.Float64() < p
}

func (w *weather) below(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rng.IntN(n)
}

// Two hours of bad weather: a connection ends every 30 seconds, in one way or
// another; one envelope of twenty is lost, one comes twice, and some events come
// under two ids; three of ten requests are told to come later. Nothing that
// somebody said is lost, nothing is done or answered twice, answers stand in the
// order in which they were handled, there are never more than two connections, and
// no goroutine is left behind. (An event that meets four dead connections in a row
// is given up by Slack; TestHalfOpen is about those.)
func TestTwoHoursOfBadWeather(t *testing.T) {
	const threads, every, length = 6, 20 * time.Second, 2 * time.Hour
	chance := &weather{rng: rand.New(rand.NewPCG(7, 7))}
	var turn chan struct{} // as whoever else posts to the channel would take it
	socket(t, setting{server: slacktest.Options{Seed: 7, Burst: 3}, options: func(o *Options) {
		turn = make(chan struct{}, 1)
		o.Turn = func(ctx context.Context, _ chat.Thread) (func(), error) {
			select {
			case turn <- struct{}{}:
				return func() { <-turn }, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	}}, func(w *world) {
		busy := map[chat.Thread]bool{}
		order := map[string][]string{} // by thread, what was handled
		var mu sync.Mutex
		w.h.answers(func(_ context.Context, c chat.Call) chat.Message {
			mu.Lock()
			if busy[c.Thread] {
				w.t.Errorf("two calls at once in %s", c.Thread.Key())
			}
			busy[c.Thread] = true
			order[c.Thread.Root()] = append(order[c.Thread.Root()], c.Text)
			mu.Unlock()
			time.Sleep(time.Duration(chance.below(500)) * time.Millisecond)
			mu.Lock()
			busy[c.Thread] = false
			mu.Unlock()
			return says("done: " + c.Text + ".")
		})
		var roots []string
		for i := range threads {
			roots = append(roots, w.ana.Say(w.launch, "", fmt.Sprint("topic ", i)).Message.TS)
		}
		pass(time.Minute)
		w.Weather(slacktest.Weather{Drop: 0.05, Repeat: 0.05, Twin: 0.02})
		limited := map[string]bool{"chat.postMessage": true, "users.info": true, "auth.test": true, "apps.connections.open": true}
		w.Fault(slacktest.Fault{Answer: slacktest.TooMany, RetryAfter: 1, When: func(c slacktest.Call) bool {
			return limited[c.Method] && chance.happens(0.3)
		}})
		start, goroutines := time.Now(), 0
		said := 0
		for tick := 0; time.Since(start) < length; tick++ {
			pass(time.Second)
			conns := w.app.Conns()
			if len(conns) > 2 {
				w.t.Fatalf("%d connections after %v", len(conns), time.Since(start))
			}
			if tick%30 == 29 && len(conns) > 0 {
				end(conns[chance.below(len(conns))], chance.below(3))
			}
			if tick%int(every/time.Second) < threads {
				who := w.ana
				if chance.happens(0.5) {
					who = w.ben
				}
				n := tick % int(every/time.Second)
				who.Mention(w.launch, roots[n], w.bot, fmt.Sprintf("note %d of thread %d", tick, n))
				said++
			}
			if tick == 600 {
				goroutines = runtime.NumGoroutine()
			}
		}
		w.Weather(slacktest.Weather{})
		w.Mend()
		pass(15 * time.Minute)
		if now := runtime.NumGoroutine(); now > goroutines+20 {
			w.t.Errorf("%d goroutines after ten minutes, %d at the end", goroutines, now)
		}
		answered := 0
		for _, root := range roots {
			seen := map[string]bool{}
			for i, text := range w.texts(root) {
				if i >= len(order[root]) || !strings.Contains(text, "done: "+order[root][i]+".") {
					w.t.Fatalf("answer %d is %q", i, text)
				}
				if seen[order[root][i]] {
					w.t.Errorf("%q twice", text)
				}
				seen[order[root][i]] = true
				answered++
			}
		}
		handled := len(w.h.called())
		if said != handled || said != answered || said < 2000 {
			w.t.Errorf("%d said, %d handled, %d answered", said, handled, answered)
		}
		w.acked()
		w.t.Logf("%d said, %d connections opened, %d requests", said, w.app.Opened(), len(w.Requests()))
	})
}

// end ends a connection in one of the ways in which connections end.
func end(c *slacktest.Conn, how int) {
	switch how {
	case 0:
		c.Disconnect("warning")
	case 1:
		c.Disconnect("refresh_requested")
	case 2:
		c.Cut()
	}
}
