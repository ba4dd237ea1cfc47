package discord

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// trouble is something that happens to a connection. What keeps the session is
// followed by a replay of what was missed.
type trouble struct {
	name  string
	keeps bool
	do    func(*discordtest.Application)
}

// troubles are the ways in which a connection ends.
var troubles = []trouble{
	{"dropped", true, (*discordtest.Application).DropConnections},
	{"asked to reconnect", true, (*discordtest.Application).Reconnect},
	{"session ended, resumable", true, func(a *discordtest.Application) { a.InvalidateSession(true) }},
	{"session ended", false, func(a *discordtest.Application) { a.InvalidateSession(false) }},
	{"asked for a heartbeat", true, (*discordtest.Application).RequestHeartbeat},
	{"silent", true, (*discordtest.Application).Hush},
	{"closed, 1000", false, func(a *discordtest.Application) { a.CloseConnections(1000) }},
	{"closed, 1001", false, func(a *discordtest.Application) { a.CloseConnections(1001) }},
	{"unknown error", true, func(a *discordtest.Application) { a.CloseConnections(4000) }},
	{"rate limited", true, func(a *discordtest.Application) { a.CloseConnections(4008) }},
	{"invalid sequence", false, func(a *discordtest.Application) { a.CloseConnections(4007) }},
	{"timed out", false, func(a *discordtest.Application) { a.CloseConnections(4009) }},
}

// beginnings are how the connections after that may begin.
var beginnings = []discordtest.Connection{
	{},
	{ReconnectFirst: true},
	{NoHello: true},
	{DropAtOnce: true},
	{ReconnectAfterResume: true},
	{RefuseResume: true},
	{RefuseIdentify: true},
	{Close: 4000},
	{Close: 4008},
	{Close: 4009},
	{NoAcks: true},
}

// keepsOn reports whether a session goes on after connections that begin like
// that.
func keepsOn(next []discordtest.Connection) bool {
	return !slices.ContainsFunc(next, func(c discordtest.Connection) bool {
		return c.RefuseResume || c.RefuseIdentify || c.Close == 4009
	})
}

// tortured is what is known about interactions that were sent.
type tortured struct {
	*running
	rng     *rand.Rand
	threads []*discordtest.Channel
	all     []*discordtest.Interaction
	sent    int // those that were numbered

	mu      sync.Mutex
	handled map[int]int
	busy    map[chat.Thread]bool
	last    map[chat.Thread]int
	wrong   []string
}

// handle takes its time, and notes what must not happen: two calls of one thread
// at once, or the later one first.
func (r *tortured) handle(_ context.Context, c chat.Call) chat.Message {
	if c.Verb != "note" {
		return paragraph("it stands well")
	}
	var n int
	_, _ = fmt.Sscan(c.Args["text"], &n)
	r.mu.Lock()
	r.handled[n]++
	if r.busy[c.Thread] {
		r.wrong = append(r.wrong, fmt.Sprintf("%d while another is under way in %s", n, c.Thread.Key()))
	}
	if n <= r.last[c.Thread] {
		r.wrong = append(r.wrong, fmt.Sprintf("%d after %d in %s", n, r.last[c.Thread], c.Thread.Key()))
	}
	r.busy[c.Thread], r.last[c.Thread] = true, n
	took := time.Duration(r.rng.IntN(300)) * time.Millisecond
	r.mu.Unlock()
	time.Sleep(took)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy[c.Thread] = false
	return paragraph(fmt.Sprint("heard ", n))
}

func (r *tortured) below(n int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rng.IntN(n)
}

// ask has somebody note something in one of the threads; now and then it is
// delivered twice.
func (r *tortured) ask() {
	who := r.ana
	if r.below(10) == 0 {
		who = who.With(discordtest.Delivery{Times: 2})
	}
	r.sent++
	i, err := who.Slash(r.threads[r.below(len(r.threads))], "baton note", discordtest.Args{"text": fmt.Sprint(r.sent)})
	if err != nil {
		r.Fatal(err)
	}
	r.all = append(r.all, i)
}

// cycle is one trouble with what people ask before, during and after it. It
// gives how long Baton was away.
func (r *tortured) cycle(what trouble) time.Duration {
	from, sessions := r.sent, r.app.Identified()
	var next []discordtest.Connection
	for range r.below(3) {
		next = append(next, beginnings[r.below(len(beginnings))])
	}
	r.ask()
	time.Sleep(time.Duration(r.below(500)) * time.Millisecond)
	r.app.Script(next...)
	what.do(r.app)
	for range r.below(4) {
		r.ask()
		time.Sleep(time.Duration(r.below(1500)) * time.Millisecond)
	}
	away := r.back()
	r.app.Unscript() // what was not met, so that a cycle is its own
	time.Sleep(2 * time.Second)
	synctest.Wait()
	switch name := fmt.Sprintf("%s, then %+v", what.name, next); {
	case r.app.Identified() == sessions:
		r.answeredAll(from, name)
	case what.keeps && keepsOn(next):
		r.Errorf("%s: a new session was begun, and what the old one had to replay is lost", name)
	}
	return away
}

// back waits until a command is answered as it should be.
func (r *tortured) back() time.Duration {
	began := time.Now()
	for time.Since(began) < 2*time.Minute {
		i, err := r.mod.Slash(r.launch, "baton status", nil)
		if err != nil {
			r.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if i.Now().State == discordtest.Replied {
			return time.Since(began)
		}
	}
	r.Fatal("Baton does not come back")
	return 0
}

// answeredAll: in a session that went on each one was done, or somebody was told
// that it was not.
func (r *tortured) answeredAll(from int, what string) {
	told := 0
	for _, thread := range r.threads {
		for _, m := range thread.Messages() {
			if strings.Contains(text(&m), "say it again") {
				told++
			}
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	left := 0
	for n := from + 1; n <= r.sent; n++ {
		if r.handled[n] == 0 {
			left++
		}
	}
	if told < left {
		r.Errorf("%s: %d were not done and %d people were told", what, left, told)
	}
	for _, thread := range r.threads {
		thread.Clear()
	}
}

// A thousand times a connection ends in one way or another, and the next ones
// begin badly: Baton is back within a minute each time, does nothing twice, loses
// nothing that Discord replays, keeps the order of each thread, and leaves no
// goroutine behind.
func TestCase22Torture(t *testing.T) {
	t.Parallel()
	const cycles, threads = 1000, 5
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		r := &tortured{rng: rand.New(rand.NewPCG(22, 7)), handled: map[int]int{}, busy: map[chat.Thread]bool{}, last: map[chat.Thread]int{}}
		r.running = newRunning(t, discordtest.Options{InMemory: true, Limits: unlimited}, Options{})
		r.h.answers(r.handle)
		for n := range threads {
			thread, err := r.ana.OpenThread(r.launch, fmt.Sprint("topic ", n), nil, discordtest.PublicThread)
			if err != nil {
				t.Fatal(err)
			}
			r.threads = append(r.threads, thread)
		}
		r.start()
		goroutines, longest := 0, time.Duration(0)
		for n := range cycles {
			what := troubles[r.below(len(troubles))]
			away := r.cycle(what)
			if longest = max(longest, away); away > time.Minute {
				t.Errorf("cycle %d, %s: Baton was away for %v", n, what.name, away)
			}
			if n == cycles/10 {
				goroutines = runtime.NumGoroutine()
			}
		}
		r.judge(goroutines)
		t.Logf("%d asked, %d done, %d sessions begun; the longest time away was %v", r.sent, len(r.handled), r.app.Identified(), longest)
		r.halt()
	})
}

// judge says what went wrong in all of it.
func (r *tortured) judge(goroutines int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for n, times := range r.handled {
		if times != 1 {
			r.Errorf("%d was done %d times", n, times)
		}
	}
	for _, what := range r.wrong {
		r.Error(what)
	}
	if len(r.handled) < r.sent/2 {
		r.Errorf("%d of %d were done", len(r.handled), r.sent)
	}
	if now := runtime.NumGoroutine(); now > goroutines+10 {
		r.Errorf("%d goroutines, there were %d", now, goroutines)
	}
	for _, v := range r.server.Violations(discordtest.GatewayRule, discordtest.LateAnswer) {
		r.Error(v)
	}
}
