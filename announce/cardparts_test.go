package announce_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
	statemem "github.com/synthoperator/baton/state/memory"
)

// A card needs more parts than the platform's messages hold, and less again, in
// whatever order; replies are lost, the platform asks for patience, Baton is
// started again. When all is quiet each part shows what it should, and there are
// no others.
func TestACardOfSeveralParts(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { severalParts(t, seed, seed%3 != 0) })
		})
	}
}

func severalParts(t *testing.T, seed uint64, removes bool) {
	rng := rand.New(rand.NewPCG(seed, 1))
	limits := memory.Limits{Text: 1200}
	w, b := memory.NewWorld(memory.Options{Seed: seed, Limits: limits, Traits: chat.Traits{
		Roots: true, Settle: 30 * time.Second, Channel: chat.Pace{Every: time.Second, Burst: 1}, Edits: chat.Pace{Every: time.Second, Burst: 2},
	}}), statemem.New()
	o := options{}
	if !removes {
		o.poster = func(p chat.Poster) chat.Poster { return p.(*memory.Adapter).WithoutLookup() }
	}
	x := begin(t, w, b, o)
	defer func() { x.stop() }()
	thread := x.launched("launch")
	var faults []func()
	for _, f := range []memory.Fault{
		{On: memory.Edit, Rate: 0.2, Then: memory.LoseReply},
		{On: memory.Edit, Rate: 0.2, Then: memory.TryLater, Wait: 5 * time.Second},
		{On: memory.Post, Rate: 0.2, Then: memory.TryLater, Wait: 5 * time.Second},
	} {
		faults = append(faults, w.Fail(f))
	}
	if removes {
		faults = append(faults, w.Fail(memory.Fault{On: memory.Post, Rate: 0.2, Then: memory.LoseReply}))
	}
	var open []int
	for n := range 25 {
		if rng.IntN(3) > 0 || len(open) == 0 {
			x.call(thread, fmt.Sprintf("note open number %d %s", n, strings.Repeat("word ", 20+rng.IntN(160))))
			open = append(open, noted(t, x))
		} else {
			i := rng.IntN(len(open))
			x.call(thread, fmt.Sprintf("note resolve #%d", open[i]))
			open = slices.Delete(open, i, i+1)
		}
		time.Sleep(time.Duration(rng.IntN(60)) * time.Second)
		if rng.IntN(8) == 0 {
			x.stop()
			x = begin(t, w, b, o)
			x.calls = 100 * (n + 1)
		}
	}
	for _, end := range faults {
		end()
	}
	time.Sleep(time.Hour)
	synctest.Wait()
	isShown(t, w, x, limits, thread.Parent())
	for _, v := range w.Violations() {
		if v.Rule != memory.Early { // a reply that was lost cannot say how long to wait
			t.Errorf("%s: %s (%s in %s)", v.Rule, v.What, v.Kind, v.In.Key())
		}
	}
}

// noted is the number of the newest open item.
func noted(t *testing.T, x *bot) int {
	t.Helper()
	s, err := x.store.Session(t.Context(), only(t, x.store))
	if err != nil {
		t.Fatal(err)
	}
	items, _ := s.NewestOpen(1)
	return items[0].ID
}

// isShown checks that the card of the only session stands in a channel as the
// same platform would show it anew.
func isShown(t *testing.T, w *memory.World, x *bot, limits memory.Limits, in chat.Thread) {
	t.Helper()
	card, err := x.router.Card(t.Context(), only(t, x.store))
	if err != nil {
		t.Fatal(err)
	}
	anew := memory.NewWorld(memory.Options{Limits: limits})
	poster := memory.NewAdapter(anew, memory.AdapterOptions{})
	for _, part := range poster.Split(card) {
		if _, err := poster.Post(t.Context(), chat.Post{To: in, Body: part}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, m := range w.Messages(in) {
		if m.Deleted == "" && m.Ref.Thread == in && !strings.Contains(m.Text, "is shorter now") {
			got = append(got, m.Text)
		}
	}
	if want := texts(anew, in); !slices.Equal(got, want) {
		t.Errorf("there stands:")
		for _, parts := range [][]string{got, want} {
			for _, one := range parts {
				t.Errorf("%d characters, %.20q … %q", len(one), one, one[max(0, len(one)-20):])
			}
			t.Errorf("want:")
		}
	}
}

// A person deletes a part of a card: it is left alone. Where it is the first, all
// of it is said once more, and nothing is left of the others.
func TestAPartOfACardIsDeleted(t *testing.T) {
	for _, part := range []int{0, 1} {
		synctest.Test(t, func(t *testing.T) {
			limits := memory.Limits{Text: 400}
			w, b := memory.NewWorld(memory.Options{Limits: limits, Traits: chat.Traits{Roots: true}}), statemem.New()
			x := begin(t, w, b, options{})
			defer x.stop()
			thread := x.launched("launch")
			launch := thread.Parent()
			time.Sleep(time.Minute)
			before := len(texts(w, launch))
			if before < 3 {
				t.Fatalf("the card has %d parts", before)
			}
			w.Delete(w.Messages(launch)[part].Ref)
			x.call(thread, "persona finance-lead")
			time.Sleep(time.Minute)
			x.call(thread, "override phase 3 because the date moved")
			time.Sleep(time.Minute)
			synctest.Wait()
			if part == 0 {
				isShown(t, w, x, limits, launch)
			} else if n := len(told(w, launch, "")); n != before-1+saying(w, launch, "Ana overrode") {
				t.Errorf("%d parts of %d", n, before)
			}
		})
	}
}
