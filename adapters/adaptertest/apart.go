package adaptertest

import (
	"github.com/synthoperator/baton/chat"
)

var apartTests = []test{
	{"CallsOfTwoWorkspaces", []Ability{Workspaces}, testCallsOfTwoWorkspaces},
	{"PostsOfTwoWorkspaces", []Ability{Workspaces, Posting}, testPostsOfTwoWorkspaces},
}

// testCallsOfTwoWorkspaces: channels with equal ids in two workspaces are two.
func testCallsOfTwoWorkspaces(f *fixture) {
	elsewhere := f.Stage.Channel("w2", "launch")
	if elsewhere == f.channel || elsewhere.Channel() != f.channel.Channel() {
		f.Fatalf("%s and %s do not have one id in two workspaces", elsewhere.Key(), f.channel.Key())
	}
	for _, in := range []chat.Thread{f.channel, elsewhere} {
		f.says(f.ana, in, "status of "+in.Workspace())
		f.settle()
	}
	calls := f.called()
	if len(calls) != 2 || calls[0].Thread != f.channel || calls[1].Thread != elsewhere || calls[0].ID == calls[1].ID {
		f.Fatalf("%+v", calls)
	}
	for _, c := range calls {
		if n := len(f.baton(c.Thread)); n != 1 || len(containing(f.baton(c.Thread), "heard "+words(c))) != 1 {
			f.Errorf("%q in %s", texts(f.baton(c.Thread)), c.Thread.Key())
		}
	}
}

func testPostsOfTwoWorkspaces(f *fixture) {
	elsewhere := f.Stage.Channel("w2", "launch")
	f.posts(1, f.channel, paragraph("here"))
	f.posts(1, elsewhere, paragraph("there"))
	for in, want := range map[chat.Thread]string{f.channel: "here", elsewhere: "there"} {
		if got := f.onlyAnswer(in); core(got.Text) != want {
			f.Errorf("%q in %s", got.Text, in.Key())
		}
	}
}
