package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	slackgo "github.com/slack-go/slack"

	"github.com/synthoperator/baton/chat"
)

// hint is for whoever mentions Baton in the middle of a sentence. What is quoted
// or told about is no command.
var hint = chat.Message{Only: true, Blocks: []chat.Block{
	chat.Paragraph("To ask Baton for something, begin with its name: `@baton status`, `@baton help`."),
}}

// maxAck is how large the payload of an acknowledgement may be. Slack drops an
// acknowledgement of 20,480 bytes without a word (slack-go/slack#1196); the rest
// is for the envelope's id around it.
const maxAck = 20_480 - 480

// answer is what the acknowledgement says of a message, and what is said after it.
func (w *work) answer(m chat.Message) (payload []byte, rest func(context.Context)) {
	if w.door == doorForm {
		return w.answerForm(m)
	}
	if m.Form != nil {
		form := *m.Form
		m.Form = nil
		return nil, func(ctx context.Context) {
			w.openForm(ctx, form)
			if !m.IsZero() {
				w.show(ctx, m)
			}
		}
	}
	if w.wantsForm() {
		return nil, func(ctx context.Context) {
			if !w.refuseForm(ctx, m) {
				w.show(ctx, m)
			}
		}
	}
	if w.door == doorCommand && m.Thread.IsZero() && !w.isLate() {
		if payload, ok := w.inAck(m); ok {
			return payload, nil
		}
	}
	if m.IsZero() {
		return nil, nil
	}
	return nil, func(ctx context.Context) { w.show(ctx, m) }
}

// private reports whether a message is for the person alone. What broke concerns
// nobody else either.
func private(m chat.Message) bool { return m.Only || m.Fault }

// inAck is a message as the acknowledgement of a command says it; ok is false
// where that cannot.
func (w *work) inAck(m chat.Message) (payload []byte, ok bool) {
	if m.IsZero() {
		return nil, true
	}
	parts := w.a.render(m, w.in.id())
	if len(parts) != 1 || parts[0].Username != "" || len(parts[0].Files) > 0 {
		return nil, false
	}
	payload = responseBody(parts[0], !private(m), "", false)
	return payload, len(payload) <= maxAck
}

// responseBody is a message as acknowledgements and response_urls take it.
func responseBody(r rendered, everybody bool, thread string, url bool) []byte {
	body := response{Type: "ephemeral", Text: r.Text, Blocks: r.Blocks, Thread: thread}
	if everybody {
		body.Type = "in_channel"
	}
	if url { // without it the message that was acted on is taken away
		body.Replace = new(bool)
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil
	}
	return data
}

// response is what acknowledgements and response_urls take
// (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses).
type response struct {
	Type        string          `json:"response_type"`
	Text        string          `json:"text"`
	UnfurlLinks bool            `json:"unfurl_links"`
	UnfurlMedia bool            `json:"unfurl_media"`
	Blocks      []slackgo.Block `json:"blocks,omitempty"`
	Thread      string          `json:"thread_ts,omitempty"`
	Replace     *bool           `json:"replace_original,omitempty"`
}

// aside tells whoever waits one sentence, with the acknowledgement or beside it.
func (w *work) aside(text string) (payload []byte, rest func(context.Context)) {
	m := chat.Message{Only: true, Refused: true, Blocks: []chat.Block{chat.Paragraph(text)}}
	switch w.door {
	case doorCommand:
		payload, _ = w.inAck(m)
		return payload, nil
	case doorForm:
		return w.complaint(m), nil
	}
	return nil, func(ctx context.Context) { w.show(ctx, m) }
}

// place is where the answer to this is said.
func (w *work) place(m chat.Message) chat.Thread {
	switch {
	case !m.Thread.IsZero() && !private(m):
		return m.Thread
	case w.door == doorMessage && w.call.Thread.InChannel() && !w.direct() && !private(m):
		return w.call.Thread.Under(w.ts) // so that the channel stays readable
	}
	return w.call.Thread
}

// show says an answer. Where it cannot be said to everybody, the person who
// called sees it all the same, and why.
func (w *work) show(ctx context.Context, m chat.Message) {
	if m.IsZero() {
		return
	}
	parts := w.a.render(m, w.in.id())
	in := w.place(m)
	var err error
	if private(m) {
		err = w.whisper(ctx, in, parts)
	} else if err = w.aloud(ctx, in, parts); err != nil {
		w.a.o.Log.Warn("an answer is shown to one person only", "thread", in.Key(), "error", w.a.plain(err))
		m.Blocks = append(slices.Clone(m.Blocks), chat.Remark("Only you see this: "+why(err)+"."))
		err = w.whisper(ctx, w.call.Thread, w.a.render(m, w.in.id()))
	}
	if err != nil {
		w.a.o.Log.Error("an answer was not shown", "call", w.call.ID, "thread", in.Key(), "error", w.a.plain(err))
	}
}

// why is an error as the person may read it.
func why(err error) string {
	var blocked chat.Blocked
	if errors.As(err, &blocked) {
		return blocked.Why
	}
	return "Slack did not take it for everybody"
}

// aloud says something to everybody.
func (w *work) aloud(ctx context.Context, in chat.Thread, parts []rendered) error {
	if w.door == doorCommand && in == w.call.Thread && w.hook.uses(len(parts)) && plainParts(parts) {
		return w.respond(ctx, parts, true, "") // it works in places that Baton is no member of
	}
	return w.a.say(ctx, in, parts, chat.Person{})
}

// plainParts reports whether nothing in a message needs the Web API.
func plainParts(parts []rendered) bool {
	return !slices.ContainsFunc(parts, func(r rendered) bool { return r.Username != "" || len(r.Files) > 0 })
}

// whisper says something to the person alone. A response_url cannot do that in a
// thread, and works where Baton is no member; the other way is tried second.
func (w *work) whisper(ctx context.Context, in chat.Thread, parts []rendered) error {
	byURL := func() error { return w.respond(ctx, parts, false, "") }
	bySay := func() error { return w.a.say(ctx, in, parts, w.call.Person) }
	first, second := bySay, byURL
	if in.InChannel() && plainParts(parts) {
		first, second = byURL, bySay
	}
	err := first()
	if err == nil {
		return nil
	}
	if again := second(); again != nil {
		return fmt.Errorf("%w; %w", err, again)
	}
	return nil
}

// respond posts to the response_url.
func (w *work) respond(ctx context.Context, parts []rendered, everybody bool, thread string) error {
	if !w.hook.uses(len(parts)) {
		return errHook
	}
	for _, part := range parts {
		if err := w.a.post(ctx, w.hook, responseBody(part, everybody, thread, true)); err != nil {
			return err
		}
	}
	return nil
}

// direct reports whether this is said in a direct message.
func (w *work) direct() bool { return isDirect(w.call.Thread.Channel()) }
