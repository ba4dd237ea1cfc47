package adaptertest

import (
	"context"
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
)

var findTests = []test{
	{"ReplyLost", []Ability{Posting, LosesReply}, testReplyLost},
	{"ReplyLostAndFound", []Ability{Posting, LosesReply, LookUps}, testReplyLostAndFound},
	{"FindExactly", []Ability{Posting, LookUps, Threads, Workspaces}, testFindExactly},
	{"FindNoImitation", []Ability{Posting, LookUps}, testFindNoImitation},
	{"FindAfterLag", []Ability{Posting, LookUps, Lagging, LosesReply}, testFindAfterLag},
	{"FindAmongMany", []Ability{Posting, LookUps}, testFindAmongMany},
	{"FindCopies", []Ability{Posting, LookUps}, testFindCopies},
	{"FindAfterRestart", []Ability{Posting, LookUps, Restarts}, testFindAfterRestart},
	{"FindFails", []Ability{Posting, LookUps, LosesReply}, testFindFails},
	{"Remove", []Ability{Posting, LookUps}, testRemove},
}

// ids are where messages stand; what leads people there may differ.
func ids(refs []chat.Ref) []string {
	out := []string{}
	for _, r := range refs {
		out = append(out, r.Thread.Key()+" "+r.ID)
	}
	return out
}

// finds: a look-up for a post returns these messages.
func (f *fixture) finds(p chat.Post, want ...chat.Ref) {
	f.Helper()
	got, err := f.finder().Find(f.Context(), p)
	if diff := cmp.Diff(ids(want), ids(got)); diff != "" || err != nil {
		f.Errorf("looking for %s in %s: %v %s", p.Key, p.To.Key(), err, diff)
	}
}

// loses posts something in such a way that nobody knows what came of it.
func (f *fixture) loses(p chat.Post, what What) {
	f.Helper()
	f.Faults.Fail(Post, 1, Trouble{What: what})
	ctx, cancel := context.WithTimeout(f.Context(), 30*time.Second)
	defer cancel()
	if ref, err := f.Poster.Post(ctx, p); !unknown(err) {
		f.Fatalf("%s: %+v, %v: that is an answer where there was none", what, ref, err)
	}
}

// testReplyLost: of an attempt without an answer nobody knows, and it was tried
// once.
func testReplyLost(f *fixture) {
	for n, test := range []struct {
		what What
		seen int
	}{{ReplyLost, 1}, {ReplyHangs, 1}, {NotCarried, 0}} {
		in := f.Stage.Channel("w1", fmt.Sprint("c", n))
		f.loses(chat.Post{Key: key(n + 1), To: in, Body: paragraph("lost")}, test.what)
		time.Sleep(f.Poster.Traits().Settle)
		f.settle()
		if got := len(f.baton(in)); got != test.seen {
			f.Errorf("%s: %d messages", test.what, got)
		}
	}
}

func testReplyLostAndFound(f *fixture) {
	for n, test := range []struct {
		what What
		seen int
	}{{ReplyLost, 1}, {ReplyHangs, 1}, {NotCarried, 0}} {
		p := chat.Post{Key: key(n + 1), To: f.Stage.Channel("w1", fmt.Sprint("c", n)), Body: paragraph("lost"), Since: time.Now()}
		f.loses(p, test.what)
		time.Sleep(f.Poster.Traits().Settle)
		f.settle()
		var want []chat.Ref
		for _, m := range f.baton(p.To) {
			want = append(want, m.Ref)
		}
		f.finds(p, want...)
		if len(want) != test.seen {
			f.Errorf("%s: %d messages", test.what, len(want))
		}
	}
}

// testFindExactly: a look-up finds this post, not another, and not in another
// place: a place in another workspace may have the same ids.
func testFindExactly(f *fixture) {
	since := time.Now()
	elsewhere := f.Stage.Channel("w2", "launch")
	places := []chat.Thread{f.channel, f.thread(1), f.thread(2), f.Stage.Channel("w1", "other"), elsewhere, f.Stage.Thread(elsewhere, 1)}
	refs := map[int]chat.Ref{}
	for i, in := range places {
		if i == 1 || i == 4 {
			continue
		}
		refs[i] = f.posts(7, in, paragraph("the same"))[0]
	}
	time.Sleep(f.Poster.Traits().Settle)
	for i, in := range places {
		p := chat.Post{Key: key(7), To: in, Body: paragraph("the same"), Since: since}
		if ref, said := refs[i]; said {
			f.finds(p, ref)
		} else {
			f.finds(p)
		}
		p.Key = key(8)
		f.finds(p)
	}
}

func testFindNoImitation(f *fixture) {
	p := chat.Post{Key: key(7), To: f.channel, Body: paragraph("the real one"), Since: time.Now()}
	f.Faults.Imitate(f.bo, f.channel, p.Key, "the real one")
	f.settle()
	time.Sleep(f.Poster.Traits().Settle)
	f.finds(p)
	refs := f.posts(7, f.channel, p.Body)
	time.Sleep(f.Poster.Traits().Settle)
	f.finds(p, refs...)
}

// testFindAfterLag: what a look-up shows only later is there once the time is
// over that the platform is said to need.
func testFindAfterLag(f *fixture) {
	settle := f.Poster.Traits().Settle
	f.Faults.Lag(settle)
	p := chat.Post{Key: key(7), To: f.channel, Body: paragraph("late"), Since: time.Now()}
	f.loses(p, ReplyLost)
	time.Sleep(settle)
	f.settle()
	f.finds(p, f.onlyAnswer(f.channel).Ref)
}

// testFindAmongMany: a look-up sees everything since the first try, however
// much was said after it.
func testFindAmongMany(f *fixture) {
	p := chat.Post{Key: key(500), To: f.channel, Body: paragraph("the one"), Since: time.Now()}
	refs := f.posts(500, f.channel, p.Body)
	for n := range 250 {
		if _, err := f.Poster.Post(f.Context(), chat.Post{Key: key(n), To: f.channel, Body: paragraph("another")}); err != nil {
			f.Fatal(err)
		}
	}
	f.settle()
	time.Sleep(f.Poster.Traits().Settle)
	f.finds(p, refs...)
}

// testFindCopies: what stands there twice is found twice, oldest first. A
// platform that keeps the same post from being said twice shows one.
func testFindCopies(f *fixture) {
	p := chat.Post{Key: key(7), To: f.channel, Body: paragraph("twice"), Since: time.Now()}
	f.posts(7, f.channel, p.Body)
	f.posts(7, f.channel, p.Body)
	time.Sleep(f.Poster.Traits().Settle)
	var want []chat.Ref
	for _, m := range containing(f.baton(f.channel), "twice") {
		want = append(want, m.Ref)
	}
	f.finds(p, want...)
	if len(want) == 2 {
		if err := f.finder().Remove(f.Context(), want[1]); err != nil {
			f.Error(err)
		}
		f.finds(p, want[0])
	}
}

func testFindAfterRestart(f *fixture) {
	p := chat.Post{Key: key(7), To: f.channel, Body: paragraph("before"), Since: time.Now()}
	refs := f.posts(7, f.channel, p.Body)
	f.Restart()
	time.Sleep(f.Poster.Traits().Settle)
	f.finds(p, refs...)
}

// testFindFails: a look-up that did not get to see everything is no look-up
// that found nothing.
func testFindFails(f *fixture) {
	p := chat.Post{Key: key(7), To: f.channel, Body: paragraph("there"), Since: time.Now()}
	f.posts(7, f.channel, p.Body)
	f.Faults.Fail(Find, 1, Trouble{What: NotCarried})
	if refs, err := f.finder().Find(f.Context(), p); err == nil {
		f.Errorf("%v without an error", refs)
	}
}

func testRemove(f *fixture) {
	refs := f.posts(1, f.channel, paragraph("taken back"))
	stays := f.posts(2, f.channel, paragraph("stays"))
	for range 2 {
		if err := f.finder().Remove(f.Context(), refs[0]); err != nil {
			f.Fatal(err)
		}
		f.settle()
		if got := f.onlyAnswer(f.channel); got.Ref.ID != stays[0].ID {
			f.Errorf("%+v", got)
		}
	}
	if _, lacking := f.Lacks[Editing]; lacking {
		return
	}
	err := f.Poster.Edit(f.Context(), refs[0], chat.Post{Key: key(1), To: f.channel, Body: paragraph("back again")})
	if fmt.Sprint(err) != fmt.Sprint(chat.Gone{}) {
		f.Errorf("editing it: %v", err)
	}
}
