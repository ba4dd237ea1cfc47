package slack

import "github.com/synthoperator/baton/chat"

// heardKey is the key that a message of Baton's own carries; ok is false where it
// carries none, or one that was made for another place or by somebody else.
func (a *Adapter) heardKey(in workspace, e event) (key string, ok bool) {
	if e.Metadata == nil || len(a.o.Key) == 0 {
		return "", false
	}
	key, _ = e.Metadata.EventPayload["k"].(string)
	thread, err := chat.NewThread(Platform, in.id(), e.channel(), e.Thread)
	if err != nil || key == "" {
		return "", false
	}
	return key, a.signed(*e.Metadata, key, thread)
}
