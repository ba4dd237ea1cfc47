package chat

import (
	"context"
	"time"
)

// Ref leads to something that Baton said earlier. The zero Ref leads nowhere.
type Ref struct {
	Thread Thread // where it stands: a channel, or a thread in one
	ID     string // the platform's id of the message
	Link   string // leads people there, where the platform has such links
}

// IsZero reports whether this leads nowhere.
func (r Ref) IsZero() bool { return r.ID == "" }

// Place is the channel that a pointer leads to where it leads to no message.
func (r Ref) Place() (Thread, bool) {
	return r.Thread, r.ID == "" && r.Link == "" && !r.Thread.IsZero() && r.Thread.InChannel()
}

// Post is one message that Baton says by itself, or one part of it.
type Post struct {
	// Key names the message for good: 26 characters of a-z and 2-7, the same
	// however often it is tried, different for each message and part. A platform
	// that can carries it with the message, so that the message is found again.
	Key  string
	To   Thread
	Body Message

	// Loud says that what is said in a thread concerns its whole channel: a
	// platform that can shows it there too. Others say it in the channel instead.
	Loud bool

	// Root says that a thread is to hang under the message, which the Ref names:
	// its thread is Thread.Under(ID).
	Root bool

	// Card says that the message will be edited again and again to show what
	// stands.
	Card bool

	// Since is when this part was tried first; the zero time on the first try.
	Since time.Time
}

// Poster says what is not the answer to a call. It tries once and says what came
// of it; it never waits, repeats or gives up: whoever calls it decides on that.
// It may be used by many goroutines at once.
//
// An error is a [Later], a [Blocked], a [Rejected] or a [Gone], all of which say
// for sure that nothing was said. Of any other error, the end of ctx included,
// nobody knows whether something was said.
type Poster interface {
	// Traits says what the platform is like. They do not change.
	Traits() Traits
	// Split is the message in parts that the platform holds, in order, at least
	// one. It loses nothing, and splits equal messages equally.
	Split(m Message) []Message
	// Post says one part.
	Post(ctx context.Context, p Post) (Ref, error)
	// Edit replaces what was said. It may be repeated without harm.
	Edit(ctx context.Context, r Ref, p Post) error
}

// Finder is a poster that can look for what it said before.
type Finder interface {
	// Find returns what is there of a post that may have been said, oldest first:
	// nothing, one, or more where it was said twice. It looks as far back as
	// p.Since and does not return before it has seen everything since then. An
	// error is a [Later], a [Blocked], or says that nobody knows.
	Find(ctx context.Context, p Post) ([]Ref, error)
	// Remove takes a message back; one that is not there any more is no error.
	Remove(ctx context.Context, r Ref) error
}

// Traits is what a platform is like for those who post to it.
type Traits struct {
	// Roots says that a session's thread is named by the message it hangs under,
	// so that its card has to be said before anything can be said in it.
	Roots bool
	// Settle is how long after an attempt ended a look-up shows for sure what it
	// left.
	Settle time.Duration
	// Channel and Workspace are how often something may be said in one channel,
	// its threads included, and in all of them; Edits, how often anything may be
	// edited in a workspace. The zero Pace is no limit.
	Channel, Workspace, Edits Pace
	// AtOnce is how many requests may be under way in a workspace; 0 for 16.
	AtOnce int
	// Timeout is how long one request may take; 0 for 30 seconds.
	Timeout time.Duration
}

// Pace is how often something may be done: once every Every, and Burst times at
// once after a pause.
type Pace struct {
	Every time.Duration
	Burst int
}

// Later says that nothing was done and when to try again.
type Later struct {
	After time.Duration
	// Where is the key of the channel or workspace (see [Thread.Key]) that has to
	// wait as a whole; "" where only this destination has to.
	Where string
	Why   string
}

func (e Later) Error() string { return "try again in " + e.After.String() + ": " + e.Why }

// Blocked says that a place takes nothing until somebody does something about
// it: it was archived, it is locked, Baton was removed from it.
type Blocked struct {
	Where string // the key of the thread, channel or workspace
	Why   string // a sentence for its owner, with what to do
}

func (e Blocked) Error() string { return e.Where + " takes nothing: " + e.Why }

// Rejected says that this message will never be taken as it is.
type Rejected struct{ Why string }

func (e Rejected) Error() string { return "rejected: " + e.Why }

// Gone says that what was to be edited is not there any more.
type Gone struct{}

func (Gone) Error() string { return "the message is not there any more" }
