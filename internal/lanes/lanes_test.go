package lanes

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// What one person says is done in the order it was said; nobody waits for
// another thread, and what waits for nobody does not wait.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(1000)
		var mu sync.Mutex
		done := map[string][]int{}
		hold := make(chan struct{})
		for n := range 100 {
			for _, name := range []string{"held", "a", "b", "c"} {
				l.Add(name, Job{Do: func() {
					if name == "held" {
						<-hold
					}
					mu.Lock()
					defer mu.Unlock()
					done[name] = append(done[name], n)
				}})
			}
		}
		atOnce := false
		l.Add("", Job{Do: func() { atOnce = true }})
		synctest.Wait()
		if len(done["held"]) > 0 || !atOnce {
			t.Error("what is held was done, or what waits for nobody was not")
		}
		for _, name := range []string{"a", "b", "c", "held"} {
			if name == "held" {
				close(hold)
				<-l.Idle()
			}
			if len(done[name]) != 100 || !slices.IsSorted(done[name]) {
				t.Errorf("%s was done as %v", name, done[name])
			}
		}
		l.Stop()
	})
}

// No more than so many jobs wait; what is too much is not lost.
func TestBackPressure(t *testing.T) {
	l := New(3)
	done := make(chan struct{})
	for i := range 3 {
		if !l.Add(fmt.Sprint("lane ", i%2), Job{Do: func() { <-done }}) {
			t.Fatal("not taken")
		}
	}
	if l.Add("lane 0", Job{}) || l.Add("", Job{}) {
		t.Error("more is taken than fits")
	}
	close(done)
	<-l.Idle()
	if !l.Add("lane 0", Job{Do: func() {}}) {
		t.Error("not taken, with room for it")
	}
	<-l.Idle()
	l.Stop()
}

// What was not begun is left, once; what was is finished. Nobody is left over.
func TestStop(t *testing.T) {
	before := runtime.NumGoroutine()
	synctest.Test(t, func(t *testing.T) {
		l := New(1000)
		hold := make(chan struct{})
		var mu sync.Mutex
		did, left := 0, 0
		for n := range 2 * mostSpare {
			for range 3 {
				l.Add(fmt.Sprint(n), Job{
					Do:    func() { <-hold; mu.Lock(); defer mu.Unlock(); did++ },
					Leave: func() { mu.Lock(); defer mu.Unlock(); left++ },
				})
			}
		}
		synctest.Wait()
		l.Stop()
		close(hold)
		<-l.Idle()
		if did != 2*mostSpare || left != 4*mostSpare {
			t.Errorf("%d were done and %d left", did, left)
		}
		if l.Add("new", Job{}) {
			t.Error("taken after the stop")
		}
	})
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

func BenchmarkAdd(b *testing.B) {
	l := New(1000)
	defer l.Stop()
	done := make(chan struct{})
	for b.Loop() {
		l.Add("lane", Job{Do: func() { done <- struct{}{} }})
		<-done
	}
}

// What is under way is waited for, with what is said about it; what hangs is
// told to end, and left behind where it does not even then.
func TestFinish(t *testing.T) {
	const grace = 10 * time.Second
	for name, c := range map[string]struct {
		takes time.Duration // zero hangs until it is told to end, less than zero for longer
		want  bool
		after time.Duration
	}{
		"soon":          {3 * time.Second, true, 5 * time.Second},
		"when told to":  {0, true, grace + 2*time.Second},
		"not even then": {-1, false, 2 * grace},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls, answers := New(10), New(10)
				told := make(chan struct{})
				calls.Add("thread", Job{Do: func() {
					switch {
					case c.takes > 0:
						time.Sleep(c.takes)
					case c.takes == 0:
						<-told
					default:
						time.Sleep(time.Hour)
					}
					answers.Add("thread", Job{Do: func() { time.Sleep(2 * time.Second) }})
				}})
				synctest.Wait() // it has begun
				began := time.Now()
				if got := Finish(calls, answers, grace, func() { close(told) }); got != c.want || time.Since(began) != c.after {
					t.Errorf("%v after %v", got, time.Since(began))
				}
				time.Sleep(2 * time.Hour) // what was left behind ends too
			})
		})
	}
}
