package chat

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Person is somebody on a platform. ID is the platform's immutable id; Name is
// what to call them, and may change or be imitated.
type Person struct{ ID, Name string }

// Key is the person as one text that is unique across platforms and
// workspaces.
func (p Person) Key(in Thread) string {
	return in.WorkspaceKey() + "/" + url.PathEscape(p.ID)
}

// ParsePerson reads what [Person.Key] wrote: the workspace's key and the
// person's id there.
func ParsePerson(key string) (workspace, id string, err error) {
	i := strings.LastIndexByte(key, '/')
	if i < 0 || strings.Count(key, "/") != 2 {
		return "", "", fmt.Errorf("%q names no person", key)
	}
	if id, err = url.PathUnescape(key[i+1:]); err != nil {
		return "", "", fmt.Errorf("%q names no person: %w", key, err)
	}
	return key[:i], id, nil
}

// Call is one thing a person said to Baton, whichever door it came through.
type Call struct {
	// ID is the platform's id of this delivery. A delivery that is repeated has
	// the same ID and has its effect once. It is never empty.
	ID     string
	Thread Thread // where it was said: a thread, or a channel
	Person Person
	At     time.Time // when it was said, as the platform tells; zero if it does not

	// Text is what was typed, without the name of the bot: "handoff decisions: …".
	// Where a platform sends fields instead, Verb and Args hold them.
	Text string
	Verb string
	Args map[string]string

	// Form asks for the verb's form instead of its effect. Typed, that is the
	// verb and the word "form".
	Form bool

	// Mentions are the people named in Text or Args, by the text that names them
	// there ("@ana", "<@U7>").
	Mentions map[string]Person

	// Link leads to what was said, where the platform has such links.
	Link string

	// Pressed says that it came by a button, a menu or a form: nobody sees a word
	// of it where it was said, so that the answer has to tell who it was.
	Pressed bool

	// Operator says that whoever types here also runs the program: the console
	// and the local workspace, where a person without a name is at the keyboard.
	Operator bool

	// Role is what the platform's own roles make of the person at this moment:
	// "admin", "approver", "contributor" or "observer"; "" where they say nothing.
	Role string

	// Numbered says that threads of this platform are named by the number of
	// their session in the channel, so that a session is bound as it starts.
	Numbered bool
}

// Handler is what an adapter hands its calls to.
type Handler interface {
	// Handle answers one call. When it returns, what the call changed is durable.
	Handle(ctx context.Context, call Call) Message
	// Complete suggests how the last word of a call that is being typed may go on.
	Complete(ctx context.Context, call Call) []Suggestion
	// Specs are the verbs, in the order they are shown.
	Specs() []Spec
}

// Suggestion is one way to go on: Text is what to put there, Label and Detail
// are what to show.
type Suggestion struct{ Text, Label, Detail string }
