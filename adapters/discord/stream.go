package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/synthoperator/baton/chat"
)

// stream shows something that is still being made: a message that is edited as
// it grows. Discord is no place for many edits (GH: discordjs/discord.js#11485):
// there is at most one in two seconds, and none where few requests are left.
// Whatever is left out meanwhile, what stands at the end is written.
type stream struct {
	a  *Adapter
	in chat.Thread

	mu    sync.Mutex
	shown []shownPart
	last  time.Time // when something was sent
	typed time.Time // when it was last said that more comes
}

// shownPart is one message of a stream, and what it shows.
type shownPart struct {
	ref      chat.Ref
	body     string
	inEmbeds bool
}

const (
	// editEvery is how often a growing message is edited.
	editEvery = 2 * time.Second
	// typingLasts is how long Discord shows that somebody writes
	// (D:resources/channel, Trigger Typing Indicator).
	typingLasts = 10 * time.Second
	// maxChunks is how many messages a long text may become. A longer one is a
	// file with its beginning before it.
	maxChunks = 6

	routeTyping = "/channels/{channel_id}/typing"
)

// stream begins to show something in a thread.
func (a *Adapter) stream(in chat.Thread) *stream { return &stream{a: a, in: in} }

// update shows how far it has come, unless that was done a moment ago.
func (s *stream) update(ctx context.Context, m chat.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.a.rest.now()
	if now.Sub(s.last) < editEvery {
		return nil
	}
	channel, err := s.a.channelID(ctx, s.in)
	if err != nil {
		return outcome(err, s.in)
	}
	if s.a.rest.limiter.low(newCounted("PATCH", routeMessage, "/channels/"+channel+"/messages/0")) ||
		s.a.rest.limiter.low(newCounted("POST", routeMessages, "/channels/"+channel+"/messages")) {
		return s.typing(ctx, channel, now)
	}
	s.last = now
	err = s.write(ctx, m, s.a.rest.do)
	if errors.As(err, new(*limited)) {
		return nil // the next one comes
	}
	return outcome(err, s.in)
}

// typing says that more comes.
func (s *stream) typing(ctx context.Context, channel string, now time.Time) error {
	if now.Sub(s.typed) < typingLasts {
		return nil
	}
	s.typed = now
	err := s.a.rest.do(ctx, "POST", routeTyping, "/channels/"+channel+"/typing", nil, nil, nil)
	if errors.As(err, new(*limited)) {
		return nil
	}
	return outcome(err, s.in)
}

// finish shows what it has become. It waits for Discord's limits as long as ctx
// lets it.
func (s *stream) finish(ctx context.Context, m chat.Message) ([]chat.Ref, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.write(ctx, m, s.a.rest.patiently)
	var refs []chat.Ref
	for _, p := range s.shown {
		refs = append(refs, p.ref)
	}
	return refs, outcome(err, s.in)
}

// sender is how a request is sent.
type sender func(ctx context.Context, method, route, path string, body any, files []chat.File, into any) error

// write brings the messages to what they should show: those that show something
// else are edited, those that are missing are said, those too many taken back.
func (s *stream) write(ctx context.Context, m chat.Message, send sender) error {
	parts := split(inChunks(m))
	channel, err := s.a.channelID(ctx, s.in)
	if err != nil {
		return err
	}
	path := "/channels/" + channel + "/messages"
	for i, part := range parts {
		body, err := s.a.renderPart(ctx, part, "")
		if err != nil {
			return err
		}
		text, err := json.Marshal([]any{body, part.Files})
		switch {
		case err != nil:
			return err
		case i == len(s.shown):
			var said message
			body.Nonce, body.EnforceNonce = randomNonce(), true
			plain, err := s.a.carry(body, func(body payload) error {
				return send(ctx, "POST", routeMessages, path, body, body.files, &said)
			})
			if err != nil {
				return err
			}
			s.shown = append(s.shown, shownPart{ref(s.in, channel, said.ID), string(text), plain})
		case s.shown[i].body != string(text):
			body = body.like(s.shown[i].inEmbeds)
			body.AllowedMentions.Users = nil
			if err := send(ctx, "PATCH", routeMessage, path+"/"+s.shown[i].ref.ID, body, body.files, nil); err != nil {
				return err
			}
			s.shown[i].body = string(text)
		}
	}
	for len(s.shown) > len(parts) {
		last := len(s.shown) - 1
		if err := send(ctx, "DELETE", routeMessage, path+"/"+s.shown[last].ref.ID, nil, nil, nil); err != nil && !coded(err, 10008) {
			return err
		}
		s.shown = s.shown[:last]
	}
	return nil
}

// inChunks is a message that is not too many: a longer one is its beginning with
// all of it in a file.
func inChunks(m chat.Message) chat.Message {
	n := len(split(m))
	if n <= maxChunks {
		return m
	}
	all := chat.File{Name: "all.md", MediaType: "text/markdown", Data: []byte(written(m))}
	out := m
	out.Files = append([]chat.File{all}, m.Files...)
	out.Blocks = nil
	for _, b := range m.Blocks {
		if cutOff := pieces(b, summary, summary); len(cutOff) > 0 && visible(cutOff[0]) {
			out.Blocks = append(out.Blocks, cutOff[0])
			break
		}
	}
	out.Blocks = append(out.Blocks, chat.Remark(fmt.Sprintf("This is the beginning. All of it is in %s, as it is longer than %d messages.", all.Name, maxChunks)))
	return out
}

// summary is how much of a long text is shown above its file, in units.
const summary = 1500
