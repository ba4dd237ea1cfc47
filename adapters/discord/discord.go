package discord

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/synthoperator/baton/chat"
)

// Platform is the first part of every thread here. A workspace is a guild, a
// channel is a channel, and a thread's root is the thread's own id.
const Platform = "discord"

// Transport is how Discord reaches Baton.
type Transport string

// The transports.
const (
	Gateway Transport = "gateway" // no open port is needed
	HTTP    Transport = "http"    // Discord posts interactions to a public address
)

// DialFunc opens a connection, as [net.Dialer.DialContext] does.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// Options is what an adapter runs with. Token is needed, and PublicKey for HTTP.
type Options struct {
	Transport Transport
	APIURL    string           // "" is Discord's own; without a slash at the end
	Token     string           // the bot's, without "Bot "
	PublicKey string           // the application's, in hexadecimal; for HTTP
	Mentions  bool             // listen to `@Baton` in messages, which takes the intent GUILD_MESSAGES
	Faces     bool             // personas speak by webhook, which takes MANAGE_WEBHOOKS
	Client    *http.Client     // nil is one with sensible limits; tests dial a fake in memory
	Dial      DialFunc         // of the gateway; nil is the network
	Log       *slog.Logger     // nil discards
	Now       func() time.Time // nil is time.Now

	// Roles are what the ids of a guild's roles, and the names of permissions (see
	// [Rights]), make of whoever has one: "admin", "approver", "contributor" or
	// "observer". Who may manage the guild is an admin in any case.
	Roles map[string]string
	// Keep holds what does not fit into a button. Needed.
	Keep Keep
	// Turn is asked before an answer is posted by a method that counts, and may
	// wait; the function gives the turn back. nil waits for nothing.
	Turn func(ctx context.Context, in chat.Thread) (done func(), err error)
	// Heard is told of each message that stands under Baton's own name and carries
	// a key. May be nil.
	Heard func(in chat.Thread, key string) error
	// Health is told when the connection comes up, goes down or cannot work any
	// more, with a sentence for the operator. May be nil.
	Health func(up bool, why string)
}

// Keep holds small texts for a while. It may be used by many goroutines at once.
type Keep interface {
	// Put keeps a text for that long, unless there are too many: then those make
	// room that would end first. Put again as it was, it is kept for half of that
	// at least. It is durable when Put returns.
	Put(ctx context.Context, key string, value []byte, life time.Duration) error
	// Get is what was kept; ok is false where nothing was, or not any more.
	Get(ctx context.Context, key string) (value []byte, ok bool, err error)
}

// How long things are kept. A card is drawn again with each decision, which keeps
// its buttons; a form is open in front of somebody, and what they had typed is
// offered to them in a message that only they see until they start their program
// anew.
const (
	buttonLife = 180 * 24 * time.Hour
	formLife   = 7 * 24 * time.Hour
)
