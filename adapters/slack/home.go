package slack

import (
	"context"

	slackgo "github.com/slack-go/slack"

	"github.com/synthoperator/baton/chat"
)

// publish shows somebody the app's home as it stands now.
func (w *work) publish(ctx context.Context, p chat.Person) error {
	if w.a.o.Home == nil {
		return nil
	}
	m, err := w.a.o.Home(ctx, w.in.id(), w.a.people.named(ctx, w.in, p.ID, w.came))
	if err != nil {
		return err
	}
	v := slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab}
	for _, part := range w.a.render(m, w.in.id()) {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, part.Blocks...)
	}
	if len(v.Blocks.BlockSet) == 0 {
		v.Blocks.BlockSet = []slackgo.Block{slackgo.NewSectionBlock(plain("Nothing waits for you."), nil, nil)}
	}
	if n := len(v.Blocks.BlockSet); n > maxViewBlocks {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet[:maxViewBlocks-1],
			slackgo.NewSectionBlock(plain("There is more than fits here: `list` in a channel shows all of it."), nil, nil))
	}
	return w.a.ask(ctx, w.in, "views.publish", func(api *slackgo.Client) error {
		_, err := api.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: p.ID, View: v})
		return err
	})
}
