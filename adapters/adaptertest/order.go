package adaptertest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/synthoperator/baton/chat"
)

var orderTests = []test{
	{"OrderInAThread", []Ability{Threads}, testOrderInAThread},
	{"ThreadsRunInParallel", []Ability{Threads, Parallel}, testThreadsRunInParallel},
	{"UrgentVerbsDoNotQueue", []Ability{Threads, Parallel}, testUrgentVerbsDoNotQueue},
	{"UrgentButtonsDoNotQueue", []Ability{Threads, Parallel, Buttons}, testUrgentButtonsDoNotQueue},
	{"ManyAtOnce", []Ability{Threads, Parallel}, testManyAtOnce},
}

// testOrderInAThread: what is said in a thread is begun in the order it came,
// one after the other, however long each takes.
func testOrderInAThread(f *fixture) {
	var mu sync.Mutex
	busy := map[chat.Thread]bool{}
	f.answers(func(_ context.Context, c chat.Call) chat.Message {
		mu.Lock()
		if busy[c.Thread] {
			f.Errorf("two calls of %s at once", c.Thread.Key())
		}
		busy[c.Thread] = true
		mu.Unlock()
		time.Sleep(time.Duration(len(words(c))%3) * time.Millisecond)
		mu.Lock()
		busy[c.Thread] = false
		mu.Unlock()
		return paragraph("heard " + words(c))
	})
	for i := range 12 {
		for n := range 3 {
			f.says(f.ana, f.thread(n+1), fmt.Sprintf("note number %d%s", i, strings.Repeat("x", (i*7+n)%5)))
		}
	}
	for range 5 {
		f.settle()
	}
	next := map[chat.Thread]int{}
	for _, c := range f.called() {
		if want := fmt.Sprintf("number %d", next[c.Thread]); !strings.Contains(words(c), want) {
			f.Errorf("%q was heard where %q was said", words(c), want)
		}
		next[c.Thread]++
	}
	for n := range 3 {
		in := f.thread(n + 1)
		if next[in] != 12 {
			f.Errorf("%d of 12 were heard in %s", next[in], in.Key())
		}
		for i, m := range f.baton(in) {
			if !strings.Contains(m.Text, fmt.Sprintf("number %d", i)) {
				f.Errorf("answer %d of %s is %q", i, in.Key(), m.Text)
			}
		}
	}
}

// slow makes calls that hold the word "slow" wait until the returned function is
// called.
func (f *fixture) slow() (release func()) {
	held := make(chan struct{})
	f.answers(func(ctx context.Context, c chat.Call) chat.Message {
		if strings.Contains(words(c), "slow") {
			select {
			case <-held:
			case <-ctx.Done():
			}
		}
		return paragraph("heard " + words(c))
	})
	return sync.OnceFunc(func() { close(held) })
}

func testThreadsRunInParallel(f *fixture) {
	release := f.slow()
	defer release()
	f.says(f.ana, f.thread(1), "run slow")
	f.settle()
	f.says(f.bo, f.thread(2), "status please")
	f.settle()
	if got := f.onlyAnswer(f.thread(2)); !strings.Contains(got.Text, "status please") {
		f.Errorf("%q", got.Text)
	}
	release()
	f.settle()
	if got := f.onlyAnswer(f.thread(1)); !strings.Contains(got.Text, "slow") {
		f.Errorf("%q", got.Text)
	}
}

// testUrgentVerbsDoNotQueue: what ends or lets go on a call is heard while that
// call is under way.
func testUrgentVerbsDoNotQueue(f *fixture) {
	release := f.slow()
	defer release()
	f.says(f.ana, f.thread(1), "run slow")
	f.settle()
	for _, text := range []string{"stop 1", "approve 1", "deny 1"} {
		before := len(f.called())
		f.says(f.bo, f.thread(1), text)
		f.settle()
		if calls := f.called(); len(calls) != before+1 || verb(calls[before]) != strings.Fields(text)[0] {
			f.Errorf("%q was not heard while another call was under way", text)
		}
	}
}

func testUrgentButtonsDoNotQueue(f *fixture) {
	m := paragraph("May it be done?")
	m.Buttons = []chat.Button{{Label: "Approve", Verb: "approve", Args: map[string]string{"task": "1"}, Typed: "approve 1"}}
	f.answers(func(context.Context, chat.Call) chat.Message { return m })
	f.says(f.ana, f.thread(1), "status")
	f.settle()
	card := f.onlyAnswer(f.thread(1))
	release := f.slow()
	defer release()
	f.says(f.ana, f.thread(1), "run slow")
	f.settle()
	before := len(f.called())
	f.Deliver(f.People.Press(f.bo, card, "Approve"), false)
	f.settle()
	if calls := f.called(); len(calls) != before+1 || verb(calls[before]) != "approve" {
		f.Error("a button was not heard while another call was under way")
	}
}

func testManyAtOnce(f *fixture) {
	var threads []chat.Thread
	for n := range 20 {
		threads = append(threads, f.thread(n+1))
	}
	var all sync.WaitGroup
	for n, in := range threads {
		all.Go(func() {
			for i := range 25 {
				f.says(f.ana, in, fmt.Sprintf("note %d of %d", i, n))
			}
		})
	}
	all.Wait()
	for range 30 {
		f.settle()
	}
	next := map[chat.Thread]int{}
	for _, c := range f.called() {
		if want := fmt.Sprintf("%d of", next[c.Thread]); !strings.Contains(words(c), want) {
			f.Errorf("%q where %q was next", words(c), want)
		}
		next[c.Thread]++
	}
	for _, in := range threads {
		if n := len(f.baton(in)); n != 25 || next[in] != 25 {
			f.Errorf("%d heard and %d answered in %s, want 25", next[in], n, in.Key())
		}
	}
}
