package adaptertest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
)

var shutdownTests = []test{
	{"ShutdownAnswers", []Ability{Threads, Parallel}, testShutdownAnswers},
	{"ShutdownLosesNothing", []Ability{Threads, Parallel, Repeats, Restarts}, testShutdownLosesNothing},
	{"BlockedHandler", []Ability{Threads, Parallel}, testBlockedHandler},
	{"StoppedTwice", nil, func(f *fixture) { f.Stop(); f.Stop() }},
}

// testShutdownAnswers: a call that was begun before the end is answered.
func testShutdownAnswers(f *fixture) {
	f.answers(func(_ context.Context, c chat.Call) chat.Message {
		time.Sleep(2 * time.Second)
		return paragraph("done with " + words(c))
	})
	for n := range 10 {
		f.says(f.ana, f.thread(n+1), fmt.Sprintf("note task %d", n))
	}
	f.settle()
	f.Stop()
	calls := f.called()
	if len(calls) != 10 {
		f.Errorf("%d of 10 were begun", len(calls))
	}
	for _, c := range calls {
		if n := len(containing(f.baton(c.Thread), "done with "+words(c))); n != 1 {
			f.Errorf("%q was begun and has %d answers", words(c), n)
		}
	}
}

// testShutdownLosesNothing: what was delivered and not begun before the end is
// heard by whoever is started next, once the platform delivers it again.
func testShutdownLosesNothing(f *fixture) {
	f.answers(func(_ context.Context, c chat.Call) chat.Message {
		time.Sleep(3 * time.Second)
		return paragraph("done with " + words(c))
	})
	var all []Delivery
	for n := range 10 {
		all = append(all, f.says(f.ana, f.thread(1), fmt.Sprintf("note task %d.", n)))
	}
	f.settle()
	f.Restart()
	for _, d := range all {
		f.Deliver(d, true)
	}
	for range 90 {
		f.settle()
	}
	ids := map[string]string{}
	for _, c := range f.called() {
		if text, ok := ids[c.ID]; ok && text != words(c) {
			f.Errorf("%q and %q are one delivery", text, words(c))
		}
		ids[c.ID] = words(c)
	}
	if len(ids) != 10 {
		f.Errorf("%d of 10 deliveries were heard: %v", len(ids), ids)
	}
}

// testBlockedHandler: a call that does not end on its own stops neither others
// nor the end.
func testBlockedHandler(f *fixture) {
	f.answers(func(ctx context.Context, c chat.Call) chat.Message {
		if strings.Contains(words(c), "hang") {
			<-ctx.Done()
		}
		return paragraph("heard " + words(c))
	})
	f.says(f.ana, f.thread(1), "run hang")
	f.settle()
	f.says(f.bo, f.thread(2), "status")
	f.settle()
	if n := len(f.baton(f.thread(2))); n != 1 {
		f.Errorf("%d answers in another thread", n)
	}
	began := time.Now()
	f.Stop()
	if took := time.Since(began); took > time.Minute {
		f.Errorf("the end took %v", took)
	}
}
