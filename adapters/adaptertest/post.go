package adaptertest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
)

var postTests = []test{
	{"PostIsSeen", []Ability{Posting}, testPostIsSeen},
	{"PostInAThread", []Ability{Posting, Threads}, testPostInAThread},
	{"EditReplaces", []Ability{Posting, Editing}, testEditReplaces},
	{"EditOfNothing", []Ability{Posting, Editing, Deleting}, testEditOfNothing},
	{"RateLimited", []Ability{Posting, Limiting}, testRateLimited},
	{"PostRejected", []Ability{Posting, Refusing}, testPostRejected},
	{"CancelledBefore", []Ability{Posting}, testCancelledBefore},
	{"LoudPost", []Ability{Posting, Threads, Loud}, testLoudPost},
	{"PostsAtOnce", []Ability{Posting, Threads}, testPostsAtOnce},
}

func testPostIsSeen(f *fixture) {
	refs := f.posts(1, f.channel, paragraph("Phase 2: Prepare"))
	if len(refs) != 1 || refs[0].IsZero() || refs[0].Thread != f.channel {
		f.Fatalf("%+v", refs)
	}
	if got := f.onlyAnswer(f.channel); !strings.Contains(got.Text, "Phase 2: Prepare") || got.Ref.ID != refs[0].ID {
		f.Errorf("%+v", got)
	}
}

// testPostInAThread: with Roots, what is said in a channel names the thread
// under it.
func testPostInAThread(f *fixture) {
	in := f.thread(1)
	if f.Poster.Traits().Roots {
		in = f.channel.Under(f.posts(1, f.channel, paragraph("a root"))[0].ID)
	}
	other := f.thread(2)
	refs := f.posts(2, in, paragraph("in the thread"))
	if refs[0].Thread != in {
		f.Errorf("it stands in %s", refs[0].Thread.Key())
	}
	for place, want := range map[chat.Thread]int{in: 1, other: 0, f.channel: 0} {
		if n := len(containing(f.baton(place), "in the thread")); n != want {
			f.Errorf("%d times in %s, want %d", n, place.Key(), want)
		}
	}
}

func testEditReplaces(f *fixture) {
	ref := f.posts(1, f.channel, paragraph("Phase 1"))[0]
	for range 2 {
		if err := f.Poster.Edit(f.Context(), ref, chat.Post{Key: key(1), To: f.channel, Body: paragraph("Phase 2")}); err != nil {
			f.Fatal(err)
		}
		f.settle()
		if got := f.onlyAnswer(f.channel); !strings.Contains(got.Text, "Phase 2") || strings.Contains(got.Text, "Phase 1") || got.Ref.ID != ref.ID {
			f.Errorf("%+v", got)
		}
	}
}

func testEditOfNothing(f *fixture) {
	ref := f.posts(1, f.channel, paragraph("Phase 1"))[0]
	f.Moderator.Delete(ref)
	err := f.Poster.Edit(f.Context(), ref, chat.Post{Key: key(1), To: f.channel, Body: paragraph("Phase 2")})
	f.settle()
	if !errors.As(err, new(chat.Gone)) || len(f.baton(f.channel)) != 0 {
		f.Errorf("%v, and there is %q", err, texts(f.baton(f.channel)))
	}
}

// testRateLimited: who is told to come later learns when, and who has to wait.
// Others may go on.
func testRateLimited(f *fixture) {
	for n, test := range []struct {
		what  What
		where string
	}{{Limited, f.channel.Key()}, {LimitedAll, f.channel.WorkspaceKey()}} {
		f.Faults.Fail(Post, 1, Trouble{What: test.what, Wait: 30 * time.Second})
		p := chat.Post{Key: key(n), To: f.channel, Body: paragraph("at last")}
		_, err := f.Poster.Post(f.Context(), p)
		var later chat.Later
		if !errors.As(err, &later) || later.After < 30*time.Second || later.After > 31*time.Second || later.Where != test.where {
			f.Fatalf("%s: %#v", test.what, err)
		}
		if len(f.baton(f.channel)) != n {
			f.Errorf("%q was said", texts(f.baton(f.channel)))
		}
		if test.what == Limited {
			f.posts(40, f.Stage.Channel("w1", "other"), paragraph("not concerned"))
		}
		time.Sleep(later.After)
		if _, err := f.Poster.Post(f.Context(), p); err != nil {
			f.Error(err)
		}
		f.settle()
		if len(f.baton(f.channel)) != n+1 {
			f.Errorf("after the wait: %q", texts(f.baton(f.channel)))
		}
	}
}

func testPostRejected(f *fixture) {
	f.Faults.Fail(Post, 1, Trouble{What: Refused})
	_, err := f.Poster.Post(f.Context(), chat.Post{Key: key(1), To: f.channel, Body: paragraph("never")})
	var rejected chat.Rejected
	if !errors.As(err, &rejected) || rejected.Why == "" || len(f.baton(f.channel)) != 0 {
		f.Errorf("%#v", err)
	}
}

// testCancelledBefore: nothing is sent for a caller that has given up.
func testCancelledBefore(f *fixture) {
	ctx, cancel := context.WithCancel(f.Context())
	cancel()
	before := 0
	if f.Faults != nil {
		before = f.Faults.Requests()
	}
	if _, err := f.Poster.Post(ctx, chat.Post{Key: key(1), To: f.channel, Body: paragraph("too late")}); !unknown(err) {
		f.Errorf("%v", err)
	}
	f.settle()
	if n := len(f.baton(f.channel)); n != 0 {
		f.Error("it was said")
	}
	if f.Faults != nil && f.Faults.Requests() != before {
		f.Error("a request was sent")
	}
}

func testLoudPost(f *fixture) {
	in := f.thread(1)
	for i, loud := range []bool{true, false} {
		p := chat.Post{Key: key(i + 1), To: in, Loud: loud, Body: paragraph(numbered("said", i))}
		if ref, err := f.Poster.Post(f.Context(), p); err != nil || ref.Thread != in {
			f.Fatalf("%+v, %v", ref, err)
		}
	}
	f.settle()
	for text, want := range map[string][2]int{numbered("said", 0): {1, 1}, numbered("said", 1): {1, 0}} {
		got := [2]int{len(containing(f.baton(in), text)), len(containing(f.baton(f.channel), text))}
		if got != want {
			f.Errorf("%s is %d times in its thread and %d times in the channel, want %v", text, got[0], got[1], want)
		}
	}
}

func testPostsAtOnce(f *fixture) {
	var (
		all     sync.WaitGroup
		mu      sync.Mutex
		refs    = map[chat.Ref]bool{}
		threads []chat.Thread
	)
	for n := range 20 {
		threads = append(threads, f.thread(n+1))
	}
	for n := range 100 {
		all.Go(func() {
			ref, err := f.Poster.Post(f.Context(), chat.Post{Key: key(n + 1), To: threads[n%20], Body: paragraph(numbered("post", n))})
			if err != nil {
				f.Errorf("post %d: %v", n, err)
			}
			mu.Lock()
			defer mu.Unlock()
			refs[chat.Ref{Thread: ref.Thread, ID: ref.ID}] = true
		})
	}
	all.Wait()
	f.settle()
	if len(refs) != 100 {
		f.Errorf("%d different messages", len(refs))
	}
	for n, in := range threads {
		var want []string
		for i := n; i < 100; i += 20 {
			want = append(want, core(numbered("post", i)))
		}
		var got []string
		for _, m := range f.baton(in) {
			got = append(got, core(m.Text))
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			f.Errorf("in %s: %s", in.Key(), diff)
		}
	}
}
