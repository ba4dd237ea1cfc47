package announce_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	statemem "github.com/synthoperator/baton/state/memory"
)

// A channel that asks for patience is left alone by all its threads, not only
// by the one that was told.
func TestPatienceIsAPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world()
		x := begin(t, w, statemem.New(), options{})
		a, b := x.launched("launch"), x.launched("launch")
		time.Sleep(time.Minute)
		w.Fail(memory.Fault{On: memory.Post, Then: memory.TryLater, Times: 1, Wait: time.Minute, Scope: memory.WholeChannel})
		x.call(a, "announce first;")
		time.Sleep(5 * time.Second)
		x.call(b, "announce second;")
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		once(t, w, a, "first;")
		once(t, w, b, "second;")
		for _, v := range w.Violations() {
			t.Errorf("%s: %s (%s in %s)", v.Rule, v.What, v.Kind, v.In.Key())
		}
		x.stop()
	})
}
