package chat

import (
	"fmt"
	"net/url"
	"strings"
)

// Thread is one thread on one platform, or a channel where it has no root. It
// is made by [NewThread] or [ParseThread] only, so that a thread which names
// no platform, workspace or channel does not exist.
type Thread struct {
	platform, workspace, channel, root string
}

// NewThread is the thread with that root in that channel; without a root it is
// the channel itself. The parts are the platform's immutable ids.
func NewThread(platform, workspace, channel, root string) (Thread, error) {
	for _, part := range [...]struct{ name, text string }{
		{"platform", platform}, {"workspace", workspace}, {"channel", channel},
	} {
		if part.text == "" {
			return Thread{}, fmt.Errorf("a thread without a %s", part.name)
		}
	}
	return Thread{platform, workspace, channel, root}, nil
}

// ParseThread reads what [Thread.Key] wrote.
func ParseThread(key string) (Thread, error) {
	parts := strings.Split(key, "/")
	if len(parts) != 3 && len(parts) != 4 {
		return Thread{}, fmt.Errorf("%q is no thread: it has %d parts", key, len(parts))
	}
	for i, part := range parts {
		text, err := url.PathUnescape(part)
		if err != nil {
			return Thread{}, fmt.Errorf("%q is no thread: %w", key, err)
		}
		parts[i] = text
	}
	if len(parts) == 3 {
		parts = append(parts, "")
	} else if parts[3] == "" {
		return Thread{}, fmt.Errorf("%q is no thread: its root is empty", key)
	}
	return NewThread(parts[0], parts[1], parts[2], parts[3])
}

// Key is the thread as one text: equal threads have equal keys, different ones
// different keys. [ParseThread] reads it back.
func (t Thread) Key() string {
	key := t.WorkspaceKey() + "/" + url.PathEscape(t.channel)
	if t.root != "" {
		key += "/" + url.PathEscape(t.root)
	}
	return key
}

// WorkspaceKey is the platform and workspace as one text.
func (t Thread) WorkspaceKey() string {
	return url.PathEscape(t.platform) + "/" + url.PathEscape(t.workspace)
}

// Parent is the channel a thread is in; a channel is its own.
func (t Thread) Parent() Thread {
	t.root = ""
	return t
}

// Under is the thread with that root in the same channel.
func (t Thread) Under(root string) Thread {
	t.root = root
	return t
}

// ToPerson is the place where somebody of this workspace is told something
// alone, by a direct message.
func (t Thread) ToPerson(p Person) Thread {
	t.channel, t.root = direct+p.ID, ""
	return t
}

// Direct is the id of the person who alone is told what is said here; "" where
// it is a channel or a thread.
func (t Thread) Direct() string {
	if id, ok := strings.CutPrefix(t.channel, direct); ok {
		return id
	}
	return ""
}

// direct begins the channel of a direct message. No platform's ids do.
const direct = "@"

// InChannel reports whether this is a channel, not a thread in one.
func (t Thread) InChannel() bool { return t.root == "" }

// Platform is the platform's name, Workspace, Channel and Root its own ids.
func (t Thread) Platform() string { return t.platform }

// Workspace is the platform's id of the workspace or server.
func (t Thread) Workspace() string { return t.workspace }

// Channel is the platform's id of the channel.
func (t Thread) Channel() string { return t.channel }

// Root is the platform's id of the thread in its channel; "" for the channel.
func (t Thread) Root() string { return t.root }

// IsZero reports whether this is no thread.
func (t Thread) IsZero() bool { return t == Thread{} }
