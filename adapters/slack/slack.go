package slack

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/synthoperator/baton/chat"
)

// Platform is the first part of every thread here.
const Platform = "slack"

// Transport is how Slack reaches Baton.
type Transport string

// The transports.
const (
	SocketMode Transport = "socket" // no open port is needed
	HTTP       Transport = "http"   // Slack posts to a public address
)

// Options is what an adapter runs with. Installs is needed, and AppToken for
// Socket Mode or SigningSecret for HTTP.
type Options struct {
	Transport     Transport
	APIURL        string // "" is Slack's own; ends in a slash
	AppToken      Secret
	SigningSecret Secret
	Installs      Installs
	Client        *http.Client     // nil is one with sensible limits; tests dial a fake in memory
	Dial          DialFunc         // of websockets; nil is the network
	Log           *slog.Logger     // nil discards
	Now           func() time.Time // nil is time.Now

	// Turn is asked before an answer is posted by a method that counts, and may
	// wait; the function gives the turn back. nil waits for nothing.
	Turn func(ctx context.Context, in chat.Thread) (done func(), err error)
	// Heard is told of each message that stands under Baton's own name and carries
	// a key. May be nil.
	Heard func(in chat.Thread, key string) error
	// Health is told when the connection comes up, goes down or cannot work any
	// more, with a sentence for the operator. May be nil.
	Health func(up bool, why string)
	// Home is what the app's home shows somebody: what waits for them, their
	// sessions, what they could start. A button there is a call in the place that
	// its argument "thread" names by its key, and without one in the direct message
	// with the person. nil leaves the home as it is.
	Home func(ctx context.Context, workspace string, p chat.Person) (chat.Message, error)
	// Keep keeps drafts and what large forms are about. nil keeps them in memory,
	// until a restart.
	Keep Keeper
	// Key signs the keys that posts carry, so that nobody can forge that something
	// was said. 32 bytes, kept with the log.
	Key []byte
}
