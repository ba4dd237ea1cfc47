package memory

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
)

func rules(w *World) []Rule {
	var out []Rule
	for _, v := range w.Violations() {
		out = append(out, v.Rule)
	}
	return out
}

// What was delivered and not begun when an adapter ended comes again, in its
// order and marked, to the one that runs next.
func TestWhatWasNotBegunComesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := NewWorld(Options{})
		a := NewAdapter(w, AdapterOptions{})
		var heard []string
		h := answering(func(c chat.Call) chat.Message {
			heard = append(heard, c.Text)
			time.Sleep(2 * time.Second)
			return chat.Message{}
		})
		var all []Delivery
		for n := range 6 {
			all = append(all, w.Say(ana, w.Channel("w", "c"), fmt.Sprint(n)))
		}
		for range 6 { // each run begins some and leaves the rest
			ctx, stop := context.WithTimeout(t.Context(), time.Second)
			if err := a.Run(ctx, h); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			stop()
		}
		if diff := cmp.Diff([]string{"0", "1", "2", "3", "4", "5"}, heard); diff != "" {
			t.Error(diff)
		}
		for _, d := range all {
			if !w.Acked(d) {
				t.Errorf("%s was not acknowledged", d.ID)
			}
		}
	})
}

func TestHeldDeliveriesComeInAnyOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := NewWorld(Options{})
		w.Hold(true)
		in := w.Channel("w", "c")
		one, _, three := w.Say(ana, in, "one"), w.Say(ana, in, "dropped"), w.Say(ana, in, "three")
		w.Deliver(three, false)
		w.Deliver(one, false)
		w.Deliver(three, true)
		var heard []string
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		err := NewAdapter(w, AdapterOptions{}).Run(ctx, answering(func(c chat.Call) chat.Message {
			heard = append(heard, c.ID+" "+c.Text)
			return text("heard " + c.Text)
		}))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{"memory-3 three", "memory-1 one", "memory-3 three"}, heard); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"one", "dropped", "three", "heard three", "heard one"}, shownIn(w, in)); diff != "" {
			t.Errorf("a repeated delivery is answered once: %s", diff)
		}
	})
}

func TestDuplicatesAreNoticed(t *testing.T) {
	w := NewWorld(Options{})
	a := NewAdapter(w, AdapterOptions{})
	p := chat.Post{Key: key(1), To: w.Channel("w", "c"), Body: text("x")}
	first, err := a.Post(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Remove(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := a.Post(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if p.Since.IsZero() && len(w.Violations()) != 0 {
			t.Errorf("what was taken back is no duplicate: %v", w.Violations())
		}
		p.Since = time.Now()
	}
	if diff := cmp.Diff([]Rule{Duplicate}, rules(w)); diff != "" {
		t.Error(diff)
	}
}

func TestTooManyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := NewWorld(Options{Traits: chat.Traits{AtOnce: 3}})
		w.Fail(Fault{On: Post, After: time.Second})
		a := NewAdapter(w, AdapterOptions{})
		for _, test := range []struct {
			n    int
			want []Rule
		}{{3, nil}, {4, []Rule{Crowded}}} {
			var all sync.WaitGroup
			for n := range test.n {
				all.Go(func() {
					if _, err := a.Post(t.Context(), chat.Post{To: w.Channel("w", fmt.Sprint(n)), Body: text("x")}); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if diff := cmp.Diff(test.want, rules(w)); diff != "" {
				t.Errorf("%d at once: %s", test.n, diff)
			}
		}
	})
}

// Answers that are posted share the pace with everything else: the hook is asked
// for each, may wait, and then they count.
func TestAnswersKeepThePace(t *testing.T) {
	for _, paced := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := NewWorld(Options{Traits: chat.Traits{Channel: chat.Pace{Every: time.Second}}})
			var asked []string
			o := AdapterOptions{Pace: func(_ context.Context, in chat.Thread) error {
				asked = append(asked, in.Key())
				if paced {
					time.Sleep(time.Second)
				}
				return nil
			}}
			ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
			defer stop()
			w.Say(ana, w.Channel("w", "c"), "one")
			w.Say(ana, w.Channel("w", "c"), "two")
			NewAdapter(w, o).Run(ctx, answering(func(c chat.Call) chat.Message { return text("heard " + c.Text) }))
			if diff := cmp.Diff([]string{"memory/w/c", "memory/w/c"}, asked); diff != "" {
				t.Error(diff)
			}
			want := []Rule(nil)
			if !paced {
				want = []Rule{Hasty}
			}
			if diff := cmp.Diff(want, rules(w)); diff != "" {
				t.Errorf("paced %v: %s", paced, diff)
			}
		})
	}
}

// With a lag a look-up shows what was said only later, and all of it after the
// most that was named.
func TestLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := NewWorld(Options{})
		w.Lag(20 * time.Second)
		a := NewAdapter(w, AdapterOptions{})
		found := func() int {
			n := 0
			for i := range 40 {
				refs, err := a.Find(t.Context(), chat.Post{Key: key(i), To: w.Channel("w", "c")})
				if err != nil {
					t.Fatal(err)
				}
				n += len(refs)
			}
			return n
		}
		for i := range 40 {
			if _, err := a.Post(t.Context(), chat.Post{Key: key(i), To: w.Channel("w", "c"), Body: text("x")}); err != nil {
				t.Fatal(err)
			}
		}
		if n := found(); n > 2 {
			t.Errorf("%d are found at once", n)
		}
		time.Sleep(10 * time.Second)
		if n := found(); n < 8 || n > 32 {
			t.Errorf("%d of 40 are found after half the time", n)
		}
		time.Sleep(10 * time.Second)
		if n := found(); n != 40 {
			t.Errorf("%d of 40 are found after all of it", n)
		}
	})
}

func TestBlind(t *testing.T) {
	w := NewWorld(Options{})
	w.Blind(true)
	a := NewAdapter(w, AdapterOptions{})
	refs, err := a.Find(t.Context(), chat.Post{Key: key(1), To: w.Channel("w", "c")})
	if err == nil || errors.As(err, &chat.Later{}) || errors.As(err, &chat.Blocked{}) {
		t.Errorf("%v, %v: nobody knows", refs, err)
	}
	if _, ok := a.WithoutLookup().(chat.Finder); ok {
		t.Error("a platform without history can be searched")
	}
}

// A storm of refusals: whoever waits as long as it is told breaks nothing.
func TestStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := NewWorld(Options{Seed: 7})
		w.Fail(Fault{On: Post, Rate: 0.3, Then: TryLater, Wait: 7 * time.Second, Scope: WholeChannel})
		a := NewAdapter(w, AdapterOptions{})
		refused := 0
		for n := 0; n < 200; {
			p := chat.Post{Key: key(n), To: w.Channel("w", fmt.Sprint(n%5)), Body: text("x")}
			_, err := a.Post(t.Context(), p)
			var later chat.Later
			if errors.As(err, &later) {
				refused++
				time.Sleep(later.After)
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if len(w.Violations()) != 0 || refused < 40 || refused > 160 {
			t.Errorf("%d refused, %v", refused, w.Violations())
		}
	})
}
