package discord

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/internal/lanes"
)

// soon tells somebody who waits that the answer follows, before Discord tells
// them that there is none. Suggestions are not worth that.
func (w *work) soon() {
	if w.re == nil || w.door == doorSuggestions {
		return
	}
	wait := max(w.re.from().Add(soonWithin).Sub(w.a.o.Now()), 0)
	w.re.soon.Store(time.AfterFunc(wait, func() {
		if w.wantsForm() {
			w.formLate(w.ctx)
			return
		}
		kind, data := saysLater, any(nil)
		if w.re.update {
			kind = takesLater
		}
		if _, err := w.re.respond(w.ctx, kind, data, false, nil); err != nil {
			w.a.o.Log.Warn("somebody who waits was not told so", "call", w.call.ID, "error", err)
		}
	}))
}

// leave is for what is not begun because there is no more room, or no more time.
func (w *work) leave() {
	const text = "Not accepted: Baton is stopping or has too much to do. Say it again in a moment."
	switch {
	case w.re == nil:
		w.later(func(ctx context.Context) { w.reply(ctx, refusal(text)) })
	case w.door == doorSuggestions:
		w.re.over()
	default:
		w.later(func(ctx context.Context) { w.whisper(ctx, refusal(text)) })
	}
}

func refusal(text string) chat.Message {
	return chat.Message{Only: true, Refused: true, Blocks: []chat.Block{chat.Paragraph(text)}}
}

// tooLate tells somebody that what they asked for was not done: Discord had told
// them already that Baton did not respond, and they may have asked again.
func (w *work) tooLate() {
	m := chat.Message{
		To: []chat.Person{w.call.Person}, Short: "Baton was not connected: please say it again",
		Blocks: []chat.Block{chat.Paragraph("`" + w.name() + "` came when Discord had stopped waiting for an answer, so nothing was done. Please say it again.")},
	}
	_ = w.aloud(w.ctx, w.call.Thread, m)
}

// name is what was asked for, as a person knows it.
func (w *work) name() string {
	if w.call.Verb == "" {
		return "@Baton " + w.call.Text
	}
	return "/baton " + w.call.Verb
}

// later says something in the order of the place where it was asked for.
func (w *work) later(say func(context.Context)) {
	if !w.answers.Add(w.lane, lanes.Job{Do: func() { say(w.ctx) }}) {
		say(w.ctx)
	}
}

// private reports whether a message is for the person alone. What was refused or
// broke concerns nobody else either.
func private(m chat.Message) bool { return m.Only || m.Refused || m.Fault }

// answer says what came of a call. Nothing is said before that is durable: see
// [chat.Handler].
func (w *work) answer(m chat.Message) {
	if w.re == nil {
		w.later(func(ctx context.Context) { w.reply(ctx, m) })
		return
	}
	if w.door == doorForm && (m.Refused || m.Fault) {
		m = w.again(m)
	}
	if m.Form != nil {
		form := *m.Form
		m.Form = nil
		w.openForm(w.ctx, form)
	}
	switch {
	case m.IsZero():
		w.silent(w.ctx)
	case private(m):
		w.whisper(w.ctx, m)
	case !m.Thread.IsZero() && m.Thread != w.call.Thread:
		w.elsewhere(m)
	default:
		w.public(m)
	}
}

// silent responds where there is nothing to say.
func (w *work) silent(ctx context.Context) {
	var is responded
	var err error
	if w.re.update {
		is, err = w.re.respond(ctx, takesLater, nil, false, nil)
	} else if is, err = w.re.respond(ctx, saysLater, map[string]int{"flags": flagEphemeral}, true, nil); is == now && err == nil {
		w.re.withdraw(ctx)
		return
	}
	if is == before && w.re.as == saysLater {
		w.re.withdraw(ctx)
	}
	if err != nil {
		w.a.o.Log.Warn("an interaction was not responded to", "call", w.call.ID, "error", err)
	}
}

// whisper says an answer to the person alone.
func (w *work) whisper(ctx context.Context, m chat.Message) {
	parts, err := w.a.render(ctx, m)
	if err == nil {
		err = w.whisperParts(ctx, parts)
	}
	if err != nil {
		w.notShown(ctx, m, err)
	}
}

func (w *work) whisperParts(ctx context.Context, parts []payload) error {
	is, err := w.re.respond(ctx, saysNow, parts[0].ephemeral(), true, parts[0].files)
	switch {
	case err != nil:
		return err
	case is == never:
		return errToken
	case is == now:
		parts = parts[1:]
	case w.re.as == saysLater && w.re.private:
		if err := w.re.replace(ctx, parts[0]); err != nil {
			return err
		}
		parts = parts[1:]
	case w.re.as == saysLater: // all see that Baton thinks, and are not to see the answer
		note, err := w.a.sentence(ctx, "The answer is for "+mentionOf(w.call.Person)+" alone.")
		if err == nil {
			err = w.re.replace(ctx, note)
		}
		if err != nil {
			return err
		}
		defer w.re.withdraw(ctx)
	}
	for _, p := range parts {
		if err := w.re.whisper(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func mentionOf(p chat.Person) string {
	if p.Name != "" {
		return p.Name
	}
	return p.ID
}

// notShown says in the channel that somebody's answer could not be shown to
// them, without saying it. What it is an answer to has been done, or not.
func (w *work) notShown(ctx context.Context, m chat.Message, err error) {
	w.a.o.Log.Warn("an answer was not shown to the person alone", "call", w.call.ID, "error", err)
	text := "The answer to `" + w.name() + "` is for you alone, and Discord did not let Baton show it. "
	if m.Refused || m.Fault {
		text += "Nothing was done."
	} else {
		text += "Ask again to see it."
	}
	_ = w.aloud(ctx, w.call.Thread, chat.Message{To: []chat.Person{w.call.Person}, Short: "An answer could not be shown", Blocks: []chat.Block{chat.Paragraph(text)}})
	w.silent(ctx)
}

// elsewhere says an answer where it belongs, and to the person where that is.
func (w *work) elsewhere(m chat.Message) {
	w.later(func(ctx context.Context) {
		err := w.aloud(ctx, m.Thread, m)
		if err != nil {
			m.Blocks = append(slices.Clone(m.Blocks), chat.Remark("Only you see this: "+why(err)+"."))
			w.whisper(ctx, m)
			return
		}
		place := m.Thread.Channel()
		if !m.Thread.InChannel() {
			place = m.Thread.Root()
		}
		link := chat.Pointer{Label: "The answer is in its thread", To: chat.Ref{Link: linkTo(m.Thread.Workspace(), place, "")}}
		w.whisper(ctx, chat.Message{Only: true, Blocks: []chat.Block{link}})
	})
}

// public says an answer to everybody where it was asked for. The first part is
// the response, or takes its place; what follows it is said with the bot's token,
// which lasts.
func (w *work) public(m chat.Message) {
	parts, err := w.a.render(w.ctx, m)
	if err != nil {
		w.notShown(w.ctx, m, err)
		return
	}
	if row := w.pressedRow(m); row != nil {
		is, err := w.re.respond(w.ctx, changesNow, row, false, nil)
		if err != nil {
			w.a.o.Log.Warn("a button can be pressed again", "call", w.call.ID, "error", err)
		} else if is == now {
			w.rest(m, parts)
			return
		}
	}
	is, err := w.re.respond(w.ctx, saysNow, parts[0], false, parts[0].files)
	switch {
	case err != nil:
		w.a.o.Log.Warn("an answer is said as a message, as it was not taken as a response", "call", w.call.ID, "error", err)
		defer w.later(w.silent)
	case is == now:
		parts = parts[1:]
	case is == before && w.re.as == saysLater && w.re.private:
		defer w.later(w.re.withdraw)
	case is == before && w.re.as == saysLater:
		w.later(func(ctx context.Context) {
			if err := w.re.replace(ctx, parts[0]); err == nil {
				parts = parts[1:]
			}
			w.sayRest(ctx, m, parts)
		})
		return
	}
	w.rest(m, parts)
}

func (w *work) rest(m chat.Message, parts []payload) {
	if len(parts) > 0 {
		w.later(func(ctx context.Context) { w.sayRest(ctx, m, parts) })
	}
}

// sayRest says what is left of an answer. Where it cannot be said to everybody,
// the person who called sees it all the same, and why.
func (w *work) sayRest(ctx context.Context, m chat.Message, parts []payload) {
	if len(parts) == 0 {
		return
	}
	said, err := w.a.say(ctx, w.call.Thread, parts)
	if err == nil {
		return
	}
	w.a.o.Log.Warn("an answer is shown to one person only", "thread", w.call.Thread.Key(), "error", err)
	note, e := w.a.sentence(ctx, "Only you see this: "+why(err)+".")
	if e == nil {
		e = w.whisperParts(ctx, append(slices.Clone(parts[len(said):]), note))
	}
	if e != nil {
		w.a.o.Log.Error("an answer was not shown", "call", w.call.ID, "thread", w.call.Thread.Key(), "error", e)
	}
}

// aloud says something to everybody with the bot's token.
func (w *work) aloud(ctx context.Context, in chat.Thread, m chat.Message) error {
	parts, err := w.a.render(ctx, m)
	if err == nil {
		_, err = w.a.say(ctx, in, parts)
	}
	if err != nil {
		w.a.o.Log.Warn("something was not said", "call", w.call.ID, "thread", in.Key(), "error", err)
	}
	return err
}

// why is an error as the person may read it.
func why(err error) string {
	var blocked chat.Blocked
	if errors.As(err, &blocked) {
		return blocked.Why
	}
	return "Discord did not take it for everybody"
}
