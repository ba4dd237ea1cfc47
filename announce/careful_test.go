package announce_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	statemem "github.com/synthoperator/baton/state/memory"
)

// lost is words that panic where something was decided in one session.
type lost struct {
	announce.Words
	in func() state.SessionID
}

func (l lost) Told(ctx context.Context, id state.SessionID, e orchestration.Entry, to chat.Thread) (chat.Message, error) {
	if id == l.in() {
		panic("no words")
	}
	return l.Words.Told(ctx, id, e, to)
}

// A session cannot be put into words, or a platform's code is wrong about one
// message. That is said or looked up; everything else is said.
func TestAPanicEndsNobodyElsesWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := world(), statemem.New()
		var bad state.SessionID
		panics := 0
		x := begin(t, w, b, options{
			words: func(w announce.Words) announce.Words { return lost{w, func() state.SessionID { return bad }} },
			poster: func(p chat.Poster) chat.Poster {
				return &hostile{p, func(ctx context.Context, post chat.Post) (chat.Ref, error) {
					if post.Loud && panics == 0 {
						panics++
						panic("no post")
					}
					return p.Post(ctx, post)
				}}
			},
		})
		first, second := x.launched("first"), x.launched("second")
		listed, err := x.store.Sessions(t.Context(), orchestration.ChannelKey(first.Parent().Key()), state.Page{})
		if err != nil {
			t.Fatal(err)
		}
		bad = listed[0].ID
		x.call(first, "announce one;")
		x.call(second, "announce two;")
		time.Sleep(15 * time.Minute)
		x.stop()
		if saying(w, first, "could not be") != 1 || saying(w, second, "two;") != 1 || panics != 1 {
			t.Errorf("%q, %q, %d panics", texts(w, first), texts(w, second), panics)
		}
	})
}
