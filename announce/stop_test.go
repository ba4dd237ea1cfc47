package announce_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
	statemem "github.com/synthoperator/baton/state/memory"
)

// Baton is told to stop while a request hangs. It ends within seconds, and what
// the request left is found at the next start.
func TestStopWhileARequestHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), statemem.New()
		x := begin(t, w, b, options{})
		thread := x.launched("launch")
		x.call(thread, "announce one")
		end := w.Fail(memory.Fault{On: memory.Post, Then: memory.Hang})
		time.Sleep(10 * time.Second)
		x.call(thread, "announce two")
		time.Sleep(2 * time.Second)
		at := time.Now()
		x.stop()
		if took := time.Since(at); took > 10*time.Second {
			t.Errorf("it took %s", took)
		}
		end()
		x = begin(t, w, b, options{})
		time.Sleep(time.Minute)
		x.stop()
		once(t, w, thread, "one", "two")
	})
}

// hostile is a platform that posts as a test wants it.
type hostile struct {
	chat.Poster
	post func(context.Context, chat.Post) (chat.Ref, error)
}

func (h *hostile) Post(ctx context.Context, p chat.Post) (chat.Ref, error) { return h.post(ctx, p) }

// A platform says of a message that another place takes nothing. The message
// waits as if its own did, and is not asked for again and again.
func TestBlockedByAPlaceElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), statemem.New()
		var n atomic.Int64
		x := begin(t, w, b, options{poster: func(p chat.Poster) chat.Poster {
			return &hostile{p, func(ctx context.Context, post chat.Post) (chat.Ref, error) {
				if post.Loud {
					n.Add(1)
					return chat.Ref{}, chat.Blocked{Where: "memory/w/elsewhere", Why: "no"}
				}
				return p.Post(ctx, post)
			}}
		}})
		thread := x.launched("launch")
		x.call(thread, "announce one")
		time.Sleep(10 * time.Minute)
		if n.Load() > 3 {
			t.Errorf("asked %d times", n.Load())
		}
		x.stop()
	})
}
