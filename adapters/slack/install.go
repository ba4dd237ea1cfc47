package slack

import (
	"context"
	"fmt"
	"log/slog"
)

// Secret is a token. It prints as nothing that helps anybody.
type Secret string

// String hides it.
func (Secret) String() string { return "(secret)" }

// GoString hides it.
func (s Secret) GoString() string { return s.String() }

// Format hides it from every other verb of package fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue hides it.
func (Secret) LogValue() slog.Value { return slog.StringValue("(secret)") }

// MarshalText hides it: whoever stores one says so.
func (Secret) MarshalText() ([]byte, error) { return []byte("(secret)"), nil }

// Install is the app as one workspace, or one whole organisation, installed it.
type Install struct {
	Enterprise string // the organisation's id, or ""
	Team       string // the workspace's id; "" for a whole organisation
	App        string // the app's id
	BotUser    string // the user that it speaks as
	Bot        string // the bot's id, as messages name it
	Token      Secret
	Scopes     []string
	By         string // who installed it
}

// Installs keeps installations. It may be used by many goroutines at once.
type Installs interface {
	// Find is the installation for a workspace: its own, or else its
	// organisation's. ok is false where there is none.
	Find(ctx context.Context, enterprise, team string) (in Install, ok bool, err error)
	// Put keeps an installation in place of an earlier one of the same workspace
	// or organisation. It is durable when Put returns.
	Put(ctx context.Context, in Install) error
	// Remove forgets the token of an installation. What was recorded stays.
	Remove(ctx context.Context, enterprise, team string) error
	// All are all installations.
	All(ctx context.Context) ([]Install, error)
}
