package memory

import (
	"strconv"
	"time"

	"github.com/synthoperator/baton/chat"
)

// place is a thread, a channel or a workspace.
type place struct {
	closed  Closing
	refused time.Time          // when somebody was told last that it is closed
	later   map[Kind]time.Time // until when it takes no such request
	said    int                // how many messages a channel has had
	posts   bucket
	edits   bucket
	active  int // requests under way in a workspace
}

// Closing is why a place takes nothing.
type Closing string

// The ways to close a place.
const (
	Archived Closing = "archived" // nothing new is said there; it can be read
	Locked   Closing = "locked"   // only its moderators speak there; it can be read
	Kicked   Closing = "kicked"   // Baton is no member any more and sees nothing
	Revoked  Closing = "revoked"  // Baton's access to a workspace was taken back
)

var closingSentence = map[Closing]string{
	Archived: "it is archived; unarchive it to go on",
	Locked:   "it is locked; unlock it to go on",
	Kicked:   "Baton is no member of it; invite Baton again",
	Revoked:  "Baton's access was revoked; install Baton again",
}

// askAgain is how long nobody asks a closed place again.
const askAgain = 5 * time.Minute

// Close closes a thread, a channel or a workspace, which is named by its key.
func (w *World) Close(key string, how Closing) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.place(key).closed = how
}

// Open opens a place that was closed.
func (w *World) Open(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.place(key)
	p.closed, p.refused = "", time.Time{}
}

func (w *World) place(key string) *place {
	p, ok := w.places[key]
	if !ok {
		p = &place{later: map[Kind]time.Time{}}
		w.places[key] = p
	}
	return p
}

// around are the keys of the places that a thread is in, the widest first.
func around(t chat.Thread) []string {
	keys := []string{t.WorkspaceKey(), t.Parent().Key()}
	if !t.InChannel() {
		keys = append(keys, t.Key())
	}
	return keys
}

// closedTo refuses what a closed place does not take. Reading is possible where
// nothing may be said any more, as long as Baton is there.
func (w *World) closedTo(r Request) error {
	for _, key := range around(r.In) {
		p, ok := w.places[key]
		if !ok || p.closed == "" || r.Kind == Find && (p.closed == Archived || p.closed == Locked) {
			continue
		}
		return chat.Blocked{Where: key, Why: closingSentence[p.closed]}
	}
	return nil
}

// blocked refuses as closedTo does, and remembers who asks too often.
func (w *World) blocked(r Request) error {
	err := w.closedTo(r)
	if closed, ok := err.(chat.Blocked); ok { //nolint:errorlint // closedTo returns it as it is
		p := w.places[closed.Where]
		if !p.refused.IsZero() && r.Began.After(p.refused) && r.Began.Before(p.refused.Add(askAgain)) {
			w.violate(Pestered, r, closed.Where+" was asked again "+r.Began.Sub(p.refused).String()+" after it refused")
		}
		p.refused = r.Began
	}
	return err
}

// nextID is the id of the next message of a channel. Channels count for
// themselves, so that equal ids in two of them are told apart.
func (w *World) nextID(t chat.Thread) string {
	p := w.place(t.Parent().Key())
	p.said++
	return strconv.Itoa(p.said)
}

// exists reports whether something can be said in a thread.
func (w *World) exists(t chat.Thread) bool {
	if t.InChannel() || !w.o.Traits.Roots {
		return true
	}
	return w.find(chat.Ref{Thread: t.Parent(), ID: t.Root()}) != nil
}
