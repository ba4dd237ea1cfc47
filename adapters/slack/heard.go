package slack

import (
	"context"
	"fmt"

	slackgo "github.com/slack-go/slack"
)

// keyed reports whether a message of Baton's own name is a post that carries a key.
// Others, as direct answers are, carry none.
func (e event) keyed() bool { return e.Metadata != nil && e.Metadata.EventType == postEvent }

// heard takes in a message that stands under Baton's own name. An event holds what
// its metadata holds only where the app's manifest names the type of it, which takes
// the app's id and so cannot stand in the manifest that the app is made from
// (slack-go/slack#1307, python-slack-sdk#1501). Where it does not, Slack is asked.
func (w *work) heard(ctx context.Context) error {
	if _, ok := w.kept.EventPayload["k"]; !ok {
		ctx, cancel := bounded(ctx, heardWithin)
		defer cancel()
		var err error
		if w.kept, err = w.a.metadataOf(ctx, w.request); err != nil {
			return fmt.Errorf("ask what a message of Baton's own carries: %w", err)
		}
	}
	key, _ := w.kept.EventPayload["k"].(string)
	if key == "" || len(w.a.o.Key) == 0 || !w.a.signed(w.kept, key, w.call.Thread) {
		return nil // it was made for another place, or by somebody else
	}
	return w.a.o.Heard(w.call.Thread, key)
}

// heardWithin bounds a question on the way to an acknowledgement.
const heardWithin = ackWithin * 3 / 4

// metadataOf is what a message carries.
func (a *Adapter) metadataOf(ctx context.Context, r request) (kept slackgo.SlackMetadata, err error) {
	channel, root := r.call.Thread.Channel(), r.call.Thread.Root()
	method := "conversations.history"
	if root != "" {
		method = "conversations.replies"
	}
	err = a.ask(ctx, r.in, method, func(api *slackgo.Client) error {
		var found []slackgo.Message
		var err error
		if root != "" {
			found, _, _, err = api.GetConversationRepliesContext(ctx, &slackgo.GetConversationRepliesParameters{
				ChannelID: channel, Timestamp: root, Oldest: r.ts, Latest: r.ts, Inclusive: true, IncludeAllMetadata: true, Limit: 2, // the root comes too
			})
		} else {
			var page *slackgo.GetConversationHistoryResponse
			if page, err = api.GetConversationHistoryContext(ctx, &slackgo.GetConversationHistoryParameters{
				ChannelID: channel, Oldest: r.ts, Latest: r.ts, Inclusive: true, IncludeAllMetadata: true, Limit: 1,
			}); err == nil {
				found = page.Messages
			}
		}
		for _, m := range found {
			if m.Timestamp == r.ts {
				kept = m.Metadata
			}
		}
		return err
	})
	return kept, err
}
