package state

import (
	"crypto/rand"
	"strings"

	"github.com/synthoperator/baton/orchestration"
)

// SessionID names one session, whatever thread it is bound to.
type SessionID string

// NewSessionID is a fresh id: 26 letters and digits, more than 128 random bits.
func NewSessionID() SessionID { return SessionID(strings.ToLower(rand.Text())) }

// Stream names one sequence of decisions: a session's, a channel's settings or
// a workspace's settings.
type Stream string

// The first two bytes of a stream's name say what kind it is of.
const (
	sessionPrefix   = "s/"
	channelPrefix   = "c/"
	workspacePrefix = "w/"
)

// SessionStream is the stream of a session.
func SessionStream(id SessionID) Stream { return sessionPrefix + Stream(id) }

// ChannelStream is the stream of a channel's settings.
func ChannelStream(key orchestration.ChannelKey) Stream { return channelPrefix + Stream(key) }

// WorkspaceStream is the stream of a workspace's settings.
func WorkspaceStream(key string) Stream { return workspacePrefix + Stream(key) }

// Session is the session whose stream this is; ok is false for settings.
func (s Stream) Session() (id SessionID, ok bool) {
	rest, ok := strings.CutPrefix(string(s), sessionPrefix)
	return SessionID(rest), ok && rest != ""
}

// Channel is the channel whose settings this stream is; ok is false for others.
func (s Stream) Channel() (key orchestration.ChannelKey, ok bool) {
	rest, ok := strings.CutPrefix(string(s), channelPrefix)
	return orchestration.ChannelKey(rest), ok && rest != ""
}

// Workspace is the workspace whose settings this stream is; ok is false for
// others.
func (s Stream) Workspace() (key string, ok bool) {
	rest, ok := strings.CutPrefix(string(s), workspacePrefix)
	return rest, ok && rest != ""
}
