package announce_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
	statemem "github.com/synthoperator/baton/state/memory"
)

// A platform gives no answer in one thread, for six hours, whether it can be
// asked what came of it or not. It is asked ever more rarely there, in another
// thread all is said at once, and in the end everything is said in its order.
func TestNoAnswerAgainAndAgain(t *testing.T) {
	for _, blind := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := memory.NewWorld(memory.Options{Traits: chat.Traits{Roots: true}}) // nothing settles late here
			var mu sync.Mutex
			var sick chat.Thread
			tries := 0
			x := begin(t, w, statemem.New(), options{poster: func(p chat.Poster) chat.Poster {
				return &mindful{p.(*memory.Adapter), func(ctx context.Context, post chat.Post) (chat.Ref, error) {
					mu.Lock()
					defer mu.Unlock()
					if post.To == sick {
						tries++
						return chat.Ref{}, errors.New("HTTP 500")
					}
					return p.Post(ctx, post)
				}}
			}})
			defer x.stop()
			a, b := x.launched("launch"), x.launched("launch")
			time.Sleep(time.Minute)
			synctest.Wait()
			mu.Lock()
			sick = a
			mu.Unlock()
			w.Blind(blind)
			for _, text := range []string{"one;", "two;", "three;"} {
				x.call(a, "announce "+text)
				x.call(b, "announce "+text)
			}
			synctest.Wait()
			once(t, w, b, "one;", "two;", "three;")
			time.Sleep(6 * time.Hour)
			synctest.Wait()
			most := 10 + int(6*time.Hour/(5*time.Minute))
			if tries > most || tries < 20 {
				t.Errorf("blind %v: it was tried %d times, at most %d are fair", blind, tries, most)
			}
			mu.Lock()
			sick = chat.Thread{}
			mu.Unlock()
			time.Sleep(6 * time.Minute)
			w.Blind(false)
			time.Sleep(20 * time.Minute)
			synctest.Wait()
			for i, text := range texts(w, a) {
				if i < 3 && !strings.Contains(text, []string{"one;", "two;", "three;"}[i]) {
					t.Errorf("blind %v: %d. %s", blind, i, text)
				}
			}
			once(t, w, a, "one;", "two;", "three;")
		})
	}
}

// mindful is a platform that posts as a test wants it and can be asked.
type mindful struct {
	*memory.Adapter
	post func(context.Context, chat.Post) (chat.Ref, error)
}

func (m *mindful) Post(ctx context.Context, p chat.Post) (chat.Ref, error) { return m.post(ctx, p) }
