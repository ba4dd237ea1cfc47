package slack

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/synthoperator/baton/chat"
)

// puzzled answers a person whose button or form Baton does not understand, as one
// of another release: what they did would else vanish without a word. A form stays
// open, with what was typed.
func (s *shift) puzzled(d delivery, wrong error) (payload []byte, rest func(context.Context)) {
	var i interaction
	if d.kind != kindInteractive || json.Unmarshal(d.payload, &i) != nil {
		return nil, nil
	}
	w := &work{shift: s, request: request{in: i.workspace(), view: i.View}, attempts: &attempts{now: s.a.o.Now}}
	switch i.Type {
	case "view_submission":
		text := "Baton does not know any more what this form is for: copy what you typed, close it and open it again."
		if errors.Is(wrong, errUnkept) {
			text = "This form was open for too long: copy what you typed, close it and open it again."
		}
		return w.complaint(chat.Message{Blocks: []chat.Block{chat.Paragraph(text)}}), nil
	case "block_actions", "message_action":
		in, err := chat.NewThread(Platform, w.in.id(), or(i.Container.Channel, i.Channel.ID), or(i.Container.Thread, i.Message.Thread))
		if err != nil || i.User.ID == "" {
			return nil, nil
		}
		w.door, w.call.Thread, w.call.Person = doorAction, in, chat.Person{ID: i.User.ID}
		w.hook = newHook(i.ResponseURL, s.a.o.Now)
		text := "Baton does not understand this any more, so nothing was done: `status` shows what there is to do now."
		if errors.Is(wrong, errForeign) {
			text = "Baton hears the people of its own workspace alone, so nothing was done: ask one of them."
		}
		return nil, func(ctx context.Context) {
			w.show(ctx, chat.Message{Only: true, Refused: true, Blocks: []chat.Block{chat.Paragraph(text)}})
		}
	}
	return nil, nil
}
