package slack

import (
	"context"
	"regexp"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"
)

// A stream of Slack's is appended to; what was sent cannot be changed before the
// end. So what is made of the text may not change by what comes after it: see
// [inertLive].

// append shows a preview by one of Slack's streams.
func (s *growing) append(ctx context.Context, text string) error {
	live := inertLive(text[s.base:])
	if len(s.messages) > s.first && s.a.now().Sub(s.since) >= rotateStream {
		s.rotate(ctx)
		live = inertLive(text[s.base:])
	}
	chunk, grows := strings.CutPrefix(live, s.sent)
	if !grows || chunk == "" {
		return nil
	}
	full := markdownUnits(s.sent)+markdownUnits(chunk) > maxMarkdown
	if full {
		chunk = chunk[:fitting(chunk, max(maxMarkdown-markdownUnits(s.sent), 1), markdownUnits)]
	}
	err := s.pour(ctx, chunk)
	switch code(err) {
	case "":
	case "message_not_in_streaming_state":
		// Slack ended it: the same message is edited from here on.
		s.native, s.shown = false, nil
		return s.edit(ctx, text[s.base:])
	case "stopped_by_user":
		s.stoppedByUser()
		return nil
	}
	if err != nil {
		return s.a.failed("chat.appendStream", s.in, err)
	}
	s.sent += chunk
	if full {
		s.rotate(ctx)
	}
	return nil
}

// pour sends a chunk, into a new stream where none is open.
func (s *growing) pour(ctx context.Context, chunk string) error {
	content := slackgo.MsgOptionChunks(slackgo.NewMarkdownTextChunk(chunk))
	if len(s.messages) > s.first {
		if err := s.a.open("chat.appendStream", s.in); err != nil {
			return err
		}
		_, _, err := s.api.AppendStreamContext(ctx, s.in.Channel(), s.messages[s.first], content)
		return err
	}
	if err := s.a.open("chat.startStream", s.in); err != nil {
		return err
	}
	options := []slackgo.MsgOption{slackgo.MsgOptionTS(s.in.Root()), content}
	if userRE.MatchString(s.to.ID) {
		options = append(options, slackgo.MsgOptionRecipientUserID(s.to.ID), slackgo.MsgOptionRecipientTeamID(s.in.Workspace()))
	}
	_, ts, err := s.api.StartStreamContext(ctx, s.in.Channel(), options...)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages, s.since = append(s.messages, ts), s.a.now()
	return nil
}

// rotate ends a stream before Slack does; what comes goes into another message.
func (s *growing) rotate(ctx context.Context) {
	s.close(ctx)
	s.base += len(strings.ReplaceAll(s.sent, joiner, ""))
	s.first, s.sent = len(s.messages), ""
}

// close ends the stream that is open; one that Slack ended is closed already.
func (s *growing) close(ctx context.Context) {
	if len(s.messages) == s.first {
		return
	}
	_, _, err := s.api.StopStreamContext(ctx, s.in.Channel(), s.messages[s.first])
	if err != nil && code(err) != "message_not_in_streaming_state" {
		s.a.o.Log.Debug("a stream was not closed", "where", s.in.Key(), "error", s.a.plain(err))
	}
}

// timestamps are the messages of a preview.
func (s *growing) timestamps() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// liveRE finds two characters between which nothing may be read in a stream. It is
// stricter than [inert], so that it needs no look at what comes later.
var liveRE = regexp.MustCompile(`([<;&])([@!#])|(@)([a-zA-Z])|(!)(\[)`)

// inertLive is inert for text that grows: what it makes of a text begins with what
// it makes of any beginning.
func inertLive(markdown string) string {
	for { // a character may end one pair and begin the next
		again := liveRE.ReplaceAllString(markdown, "$1$3$5"+joiner+"$2$4$6")
		if again == markdown {
			return markdown
		}
		markdown = again
	}
}
