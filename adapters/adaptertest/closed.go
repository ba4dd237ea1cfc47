package adaptertest

import (
	"errors"
	"strings"

	"github.com/synthoperator/baton/chat"
)

var closedTests = []test{
	{"ArchivedChannel", []Ability{Posting, Archiving}, func(f *fixture) { testClosed(f, f.channel, Archived, f.channel.Key()) }},
	{"LockedThread", []Ability{Posting, Threads, Locking}, func(f *fixture) { testClosed(f, f.thread(1), Locked, f.thread(1).Key()) }},
	{"RemovedFromChannel", []Ability{Posting, Removing}, func(f *fixture) { testClosed(f, f.channel, Removed, f.channel.Key()) }},
	{"RevokedWorkspace", []Ability{Posting, Revoking}, func(f *fixture) { testClosed(f, f.channel, Revoked, f.channel.WorkspaceKey()) }},
}

// testClosed: what a closed place does not take is told with the place and what
// to do; others go on, and so does the place once it is open again.
func testClosed(f *fixture, in chat.Thread, how Closing, where string) {
	ref := f.posts(1, in, paragraph("before"))[0]
	f.Moderator.Close(in, how)
	_, err := f.Poster.Post(f.Context(), chat.Post{Key: key(2), To: in, Body: paragraph("meanwhile")})
	f.blockedAt(err, where)
	if _, lacking := f.Lacks[Editing]; !lacking {
		f.blockedAt(f.Poster.Edit(f.Context(), ref, chat.Post{Key: key(1), To: in, Body: paragraph("meanwhile")}), where)
	}
	if how != Revoked {
		f.posts(10, f.Stage.Channel("w1", "other"), paragraph("not concerned"))
	}
	f.Moderator.Reopen(in, how)
	f.posts(2, in, paragraph("after"))
	if all := f.baton(in); len(containing(all, "meanwhile")) != 0 || len(containing(all, "after")) != 1 {
		f.Errorf("%q", texts(all))
	}
}

func (f *fixture) blockedAt(err error, where string) {
	f.Helper()
	var blocked chat.Blocked
	if !errors.As(err, &blocked) || blocked.Where != where || strings.TrimSpace(blocked.Why) == "" {
		f.Errorf("%#v, want %s to be blocked and why", err, where)
	}
}
