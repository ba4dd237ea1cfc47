package memory

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
)

// answering answers with what a function makes of a call.
type answering func(chat.Call) chat.Message

func (f answering) Handle(_ context.Context, c chat.Call) chat.Message { return f(c) }

func (answering) Complete(context.Context, chat.Call) []chat.Suggestion { return nil }

func (answering) Specs() []chat.Spec { return nil }

var ana = chat.Person{ID: "U1", Name: "Ana"}

// key is a key as a post carries it.
func key(n int) string { return fmt.Sprintf("%026d", n) }

func text(s string) chat.Message { return chat.Message{Blocks: []chat.Block{chat.Paragraph(s)}} }

func shownIn(w *World, in chat.Thread) []string {
	var out []string
	for _, m := range w.Messages(in) {
		if m.Deleted == "" {
			out = append(out, m.Text)
		}
	}
	return out
}

func TestSaidAndAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := NewWorld(Options{Traits: chat.Traits{Roots: true}})
		a := NewAdapter(w, AdapterOptions{})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			ended <- a.Run(ctx, answering(func(c chat.Call) chat.Message { return text(c.Person.Name + " said " + c.Text) }))
		}()
		channel := w.Channel("w", "launch")
		w.Say(ana, channel, "<@baton> status")
		w.Say(ana, channel.Under("1"), "note decision <Postgres>")
		synctest.Wait()
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{"<@baton> status", "Ana said status"}, shownIn(w, channel)[:2]); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"note decision <Postgres>", "Ana said note decision <Postgres>"}, shownIn(w, channel.Under("1"))); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := NewWorld(Options{Traits: chat.Traits{Channel: chat.Pace{Every: time.Second, Burst: 2}}})
		a := NewAdapter(w, AdapterOptions{})
		post := func(n int, channel string) error {
			_, err := a.Post(t.Context(), chat.Post{Key: key(n), To: w.Channel("w", channel), Body: text("x")})
			return err
		}
		for n, test := range []struct {
			channel string
			want    error
		}{
			{"c", nil},
			{"c", nil},
			{"c", chat.Later{After: time.Second, Where: "memory/w/c", Why: "too many requests"}},
			{"d", nil},
		} {
			if err := post(n, test.channel); !errors.Is(err, test.want) {
				t.Errorf("post %d: %v, want %v", n, err, test.want)
			}
		}
		time.Sleep(time.Second - 1)
		if err := post(5, "c"); !errors.Is(err, chat.Later{After: time.Nanosecond, Where: "memory/w/c", Why: "told to wait"}) {
			t.Error(err)
		}
		time.Sleep(time.Nanosecond)
		if err := post(5, "c"); err != nil {
			t.Error(err)
		}
		var rules []Rule
		for _, v := range w.Violations() {
			rules = append(rules, v.Rule)
		}
		if diff := cmp.Diff([]Rule{Hasty, Early}, rules); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAClosedPlaceIsNotPestered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := NewWorld(Options{})
		a := NewAdapter(w, AdapterOptions{})
		channel := w.Channel("w", "c")
		w.Close(channel.Key(), Archived)
		for _, wait := range []time.Duration{0, askAgain, askAgain - 1} {
			time.Sleep(wait)
			_, err := a.Post(t.Context(), chat.Post{Key: key(1), To: channel.Under("1"), Body: text("x")})
			if !errors.As(err, &chat.Blocked{}) {
				t.Error(err)
			}
		}
		if got := w.Violations(); len(got) != 1 || got[0].Rule != Pestered {
			t.Errorf("%+v", got)
		}
		w.Open(channel.Key())
		if _, err := a.Post(t.Context(), chat.Post{Key: key(1), To: channel.Under("1"), Body: text("x")}); err != nil {
			t.Error(err)
		}
	})
}

// What goes wrong depends on the seed and the request, not on the order in
// which goroutines come.
func TestFaultsAreDrawnFromTheSeed(t *testing.T) {
	drawn := func(seed uint64, order []int) string {
		w := NewWorld(Options{Seed: seed})
		w.Fail(Fault{On: Post, Rate: 0.5, Then: LoseReply})
		a := NewAdapter(w, AdapterOptions{})
		lost := make([]byte, len(order))
		for _, n := range order {
			_, err := a.Post(t.Context(), chat.Post{Key: key(n), To: w.Channel("w", "c"), Body: text("x")})
			lost[n] = '.'
			if err != nil {
				lost[n] = '!'
			}
		}
		return string(lost)
	}
	up, down := make([]int, 40), make([]int, 40)
	for i := range up {
		up[i], down[i] = i, 39-i
	}
	first := drawn(1, up)
	if again := drawn(1, down); again != first {
		t.Errorf("%s in one order, %s in another", first, again)
	}
	if other := drawn(2, up); other == first {
		t.Errorf("%s for two seeds", first)
	}
	if n := strings.Count(first, "!"); n < 8 || n > 32 {
		t.Errorf("half of 40 is about %d", n)
	}
}

// A request that was sent takes effect also where its sender has given up.
func TestSentIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := NewWorld(Options{})
		w.Fail(Fault{On: Post, Before: 20 * time.Second})
		a := NewAdapter(w, AdapterOptions{})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		p := chat.Post{Key: key(1), To: w.Channel("w", "c"), Body: text("late")}
		if _, err := a.Post(ctx, p); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if got := w.Messages(p.To); len(got) != 0 {
			t.Errorf("%v stands there too early", got)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if refs, err := a.Find(t.Context(), p); err != nil || len(refs) != 1 {
			t.Errorf("%v, %v", refs, err)
		}
	})
}

func BenchmarkPost(b *testing.B) {
	w := NewWorld(Options{})
	a := NewAdapter(w, AdapterOptions{})
	to := w.Channel("w", "c")
	for n := 0; b.Loop(); n++ {
		if _, err := a.Post(b.Context(), chat.Post{Key: key(n), To: to, Body: text("Phase 2 of 4: Prepare, as growth-marketer")}); err != nil {
			b.Fatal(err)
		}
	}
}
