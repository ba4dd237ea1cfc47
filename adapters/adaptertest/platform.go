package adaptertest

import (
	"time"

	"github.com/synthoperator/baton/chat"
)

// Stage is who and what is there. Equal names give equal people and places.
type Stage interface {
	// Person is somebody of that name.
	Person(name string) chat.Person
	// Mention is how somebody is named in what is typed.
	Mention(p chat.Person) string
	// Channel is a channel that Baton is in. Equal names in two workspaces have
	// equal ids there.
	Channel(workspace, name string) chat.Thread
	// Thread is the nth thread of a channel, from 1.
	Thread(channel chat.Thread, n int) chat.Thread
}

// People is what people do. It is not delivered before [Harness.Deliver] does
// that.
type People interface {
	// Say says something to Baton.
	Say(p chat.Person, in chat.Thread, text string) Delivery
	// Press presses the button of that label.
	Press(p chat.Person, on Seen, label string) Delivery
	// Choose makes a choice in the select of that label.
	Choose(p chat.Person, on Seen, label, choice string) Delivery
	// Submit sends a form with those values in place of what stands there.
	Submit(p chat.Person, f Form, values map[string]string) Delivery
	// Tamper presses a button that Baton never made.
	Tamper(p chat.Person, on Seen, payload string) Delivery
}

// Delivery is what somebody did, as the harness knows it.
type Delivery any

// View is what people see.
type View interface {
	// Messages are those of a thread or channel that are there, oldest first,
	// Baton's and others.
	Messages(in chat.Thread) []Seen
	// Forms are the forms that are open in front of somebody.
	Forms(p chat.Person, in chat.Thread) []Form
}

// Seen is one message as people see it. All texts are as they are read, without
// markup of the platform.
type Seen struct {
	Ref     chat.Ref
	Author  string // the person's id; "" for Baton
	Only    string // the id of the person who alone sees it; "" for everybody
	Speaker string // the name it is said under; "" for Baton's own
	Text    string // title and blocks, and words for what could not be shown
	Source  string // the same as it was sent where that is Markdown, else ""
	Notice  string // what a notification shows
	Pings   []string
	Buttons []string // their labels
	Selects []Select
	Files   []chat.File
}

// Everybody stands in [Seen.Pings] for a mention of all people.
const Everybody = "!everybody"

// Select is a list to choose from, by the labels that are shown.
type Select struct {
	Label   string
	Choices []string
}

// Form is an open form.
type Form struct {
	ID     string
	Title  string
	Values map[string]string // what stands in its inputs
	Note   string            // why it was not taken; "" before that was said
}

// Moderator is what people do to messages and places.
type Moderator interface {
	// Delete takes a message away.
	Delete(r chat.Ref)
	// Close closes the thread, its channel or its workspace.
	Close(t chat.Thread, how Closing)
	// Reopen makes everything of Close undone.
	Reopen(t chat.Thread, how Closing)
}

// Closing is how a place comes to take nothing.
type Closing string

// The ways; what is closed is the thread for Locked, its channel for Archived and
// Removed, its workspace for Revoked.
const (
	Archived Closing = "archived"
	Locked   Closing = "locked"
	Removed  Closing = "removed"
	Revoked  Closing = "revoked"
)

// Faults is what goes wrong between adapter and platform.
type Faults interface {
	// Fail makes the next requests of a kind go wrong.
	Fail(kind Request, times int, t Trouble)
	// Lag makes what is said from now on visible to a look-up only that much later.
	Lag(d time.Duration)
	// Imitate has somebody write a message that looks as much like a post with
	// that key as people can make it.
	Imitate(p chat.Person, in chat.Thread, key, text string)
	// Requests is how many requests of posts, edits and look-ups have arrived.
	Requests() int
}

// Request is what an adapter asks of its platform.
type Request string

// The requests.
const (
	Post Request = "post"
	Edit Request = "edit"
	Find Request = "find"
)

// Trouble is one way for a request to go wrong.
type Trouble struct {
	What What
	Wait time.Duration // for Limited and LimitedAll
}

// What is what happens to a request.
type What string

// What happens.
const (
	ReplyLost  What = "reply lost"  // carried out, then the connection breaks
	ReplyHangs What = "reply hangs" // carried out, and nothing comes back
	NotCarried What = "not carried" // the connection breaks before it is carried out
	Limited    What = "limited"     // too many requests for this channel
	LimitedAll What = "limited all" // too many requests for this workspace
	Refused    What = "refused"     // this message is not taken
)
