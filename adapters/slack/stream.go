package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// Sink takes what an agent says while it says it. What people see meanwhile is a
// preview: what counts is said by End.
type Sink interface {
	// Write adds Markdown. It does not wait for Slack.
	Write(markdown string)
	// Stopped is closed when somebody has stopped the work in Slack.
	Stopped() <-chan struct{}
	// End replaces the preview by a whole message, in as many parts as it takes,
	// and returns where they stand. It says it once, however often it is called.
	End(ctx context.Context, p chat.Post) ([]chat.Ref, error)
}

// Stream shows what somebody says while they say it. In channels, where everybody
// is to see it, a message is edited; in a direct message's thread it is one of
// Slack's streams.
func (a *Adapter) Stream(ctx context.Context, in chat.Thread, to chat.Person, as chat.Speaker) (Sink, error) {
	api, _, err := a.api(ctx, in.Workspace())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &growing{
		a: a, api: api, in: in, to: to, as: as, cancel: cancel, stopped: make(chan struct{}), done: make(chan struct{}),
		native: strings.HasPrefix(in.Channel(), "D") && in.Root() != "",
	}
	a.outbound.hold(s, true)
	go s.run(ctx)
	return s, nil
}

// growing is a message that grows.
type growing struct {
	a      *Adapter
	api    *slackgo.Client
	in     chat.Thread
	to     chat.Person
	as     chat.Speaker
	cancel context.CancelFunc

	mu   sync.Mutex
	text string // clean
	torn string // the beginning of a character that is not there yet

	stop    sync.Once
	stopped chan struct{}
	done    chan struct{} // closed when nothing more of the preview is sent

	// What follows is of run, and of End after it.
	native   bool
	messages []string // timestamps
	base     int      // where in the text that begins which is shown by edits
	first    int      // the message that it begins in
	shown    []string // what those show
	sent     string   // of the stream that is open
	since    time.Time

	wants  bool // it has something to show, by outbound.mu
	edited time.Time

	end  sync.Once
	refs []chat.Ref
	err  error
}

// Write implements [Sink].
func (s *growing) Write(markdown string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	markdown = s.torn + markdown
	end := len(markdown)
	for back := 1; back < utf8.UTFMax && back <= len(markdown); back++ {
		if tail := markdown[len(markdown)-back:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRuneInString(tail) {
				end = len(markdown) - back
			}
			break
		}
	}
	s.torn = markdown[end:]
	s.text += clean(unmarked.Replace(markdown[:end]))
}

// unmarked takes away what a later part of a text could change the meaning of,
// and what is put in between by [inertLive].
var unmarked = strings.NewReplacer("\r", "", joiner, "")

func (s *growing) whole() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text
}

// Stopped implements [Sink].
func (s *growing) Stopped() <-chan struct{} { return s.stopped }

func (s *growing) stoppedByUser() { s.stop.Do(func() { close(s.stopped) }) }

// run shows what there is until End, or until somebody stops it.
func (s *growing) run(ctx context.Context) {
	defer close(s.done)
	defer s.rest()
	every := editEvery
	if s.native {
		every = appendEvery
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	s.status(ctx, "is working…")
	beats := time.NewTicker(beat)
	defer beats.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.stopped:
			return
		case <-beats.C:
			s.status(ctx, "is working…")
		case <-tick.C:
			if err := s.show(ctx); err != nil && ctx.Err() == nil {
				s.a.o.Log.Debug("a preview was not shown", "where", s.in.Key(), "error", s.a.plain(err))
				if errors.As(err, new(chat.Blocked)) {
					return
				}
			}
		}
	}
}

// rest lets others have the turns that this one waited for.
func (s *growing) rest() {
	s.a.outbound.mu.Lock()
	defer s.a.outbound.mu.Unlock()
	s.wants = false
}

// status says in the thread that somebody works; Slack takes that away by itself.
func (s *growing) status(ctx context.Context, text string) {
	if s.in.Root() == "" || s.a.open("assistant.threads.setStatus", s.in) != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	err := s.api.SetAssistantThreadsStatusContext(ctx, slackgo.AssistantThreadsSetStatusParameters{
		ChannelID: s.in.Channel(), ThreadTS: s.in.Root(), Status: text,
	})
	if err != nil && ctx.Err() == nil {
		err = s.a.failed("assistant.threads.setStatus", s.in, err)
		s.a.o.Log.Debug("a status was not shown", "where", s.in.Key(), "error", s.a.plain(err))
	}
}

// show brings the preview up to date.
func (s *growing) show(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	text := s.whole()
	if s.native {
		return s.append(ctx, text)
	}
	return s.edit(ctx, text[s.base:])
}

// spareEdits is how many edits of a minute previews leave to cards.
const spareEdits = 10

// editTurn reports whether a preview may be edited now. Previews share what they
// have of a workspace's edits evenly over the minute; whoever waits longest is
// next.
func (s *growing) editTurn() bool {
	if s.a.open("chat.update", s.in) != nil {
		return false
	}
	o, now, first := &s.a.outbound, s.a.now(), true
	o.mu.Lock()
	s.wants = true
	for _, other := range o.streams {
		if other != s && other.wants && other.in.WorkspaceKey() == s.in.WorkspaceKey() && other.edited.Before(s.edited) {
			first = false
		}
	}
	last := o.edits[s.in.WorkspaceKey()]
	early := len(last) > 0 && now.Sub(last[len(last)-1]) < time.Minute/(editsPerMinute-spareEdits)
	o.mu.Unlock()
	if !first || early || s.a.editTurn(s.in.WorkspaceKey(), spareEdits) > 0 {
		return false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	s.wants, s.edited = false, now
	return true
}

// edit shows a preview by editing its messages.
func (s *growing) edit(ctx context.Context, text string) error {
	if blank(text) {
		return nil
	}
	g := s.a.granted(s.in.Workspace())
	for i, piece := range cutMarkdown(text, maxMarkdown) {
		if i < len(s.shown) && s.shown[i] == piece || blank(piece) {
			continue
		}
		r := renderPart(chat.Message{As: s.as, Blocks: []chat.Block{chat.Rich(piece)}}, g)
		at := s.first + i
		if at < len(s.messages) {
			if !s.editTurn() {
				return nil // the next time
			}
			_, _, _, err := s.api.UpdateMessageContext(ctx, s.in.Channel(), s.messages[at], slackgo.MsgOptionText(r.Text, false), slackgo.MsgOptionBlocks(r.Blocks...))
			if err != nil {
				return s.a.failed("chat.update", s.in, err)
			}
		} else {
			if err := s.begin(ctx, r); err != nil {
				return err
			}
		}
		if i >= len(s.shown) {
			s.shown = append(s.shown, "")
		}
		s.shown[i] = piece
	}
	return nil
}

// begin says the first of a message of the preview.
func (s *growing) begin(ctx context.Context, r rendered) error {
	done, err := s.a.turn(ctx, s.in)
	if err != nil {
		return err
	}
	defer done()
	ref, err := s.a.send(ctx, s.in, r, r.options())
	if err != nil {
		return err
	}
	_, ts := place(ref)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, ts)
	return nil
}

// End implements [Sink].
func (s *growing) End(ctx context.Context, p chat.Post) ([]chat.Ref, error) {
	s.end.Do(func() {
		s.cancel()
		<-s.done
		s.a.outbound.hold(s, false)
		s.refs, s.err = s.finish(ctx, p)
		s.status(context.WithoutCancel(ctx), "")
	})
	return s.refs, s.err
}

// finish puts the whole message in the place of the preview.
func (s *growing) finish(ctx context.Context, p chat.Post) ([]chat.Ref, error) {
	p.To = s.in
	if p.Body.As == (chat.Speaker{}) {
		p.Body.As = s.as
	}
	if s.native && len(s.messages) > 0 {
		s.close(ctx)
	}
	var refs []chat.Ref
	for i, part := range s.a.render(p.Body, s.in.Workspace()) {
		one := p
		if i > 0 {
			one.Key = fmt.Sprint(p.Key, ".", i)
		}
		ref, err := s.put(ctx, i, part, one)
		if err != nil {
			return refs, err
		}
		refs = append(refs, ref)
	}
	for _, ts := range s.messages[min(len(refs), len(s.messages)):] {
		if err := s.a.Remove(ctx, chat.Ref{Thread: s.in, ID: ts}); err != nil {
			s.a.o.Log.Warn("a preview was not taken away", "where", s.in.Key(), "error", s.a.plain(err))
		}
	}
	return refs, nil
}

// put puts a part in the place of a message of the preview, or says it. What Slack
// asks to wait for is waited for, and an edit of which nobody knows is repeated.
func (s *growing) put(ctx context.Context, i int, r rendered, p chat.Post) (chat.Ref, error) {
	for tries := 1; ; tries++ {
		ref, err := s.putOnce(ctx, i, r, p)
		var later chat.Later
		wait := retryBare / 10
		switch {
		case err == nil, errors.As(err, new(chat.Blocked)), errors.As(err, new(chat.Rejected)), ctx.Err() != nil:
			return ref, err
		case errors.As(err, new(chat.Gone)): // somebody deleted the preview: it is said anew
			s.messages = s.messages[:i]
			continue
		case errors.As(err, &later):
			wait = later.After
		case i >= len(s.messages) || tries == 5:
			return ref, err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ref, err
		}
	}
}

func (s *growing) putOnce(ctx context.Context, i int, r rendered, p chat.Post) (chat.Ref, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	if i >= len(s.messages) {
		done, err := s.a.turn(ctx, s.in)
		if err != nil {
			return chat.Ref{}, chat.Later{After: retryBare, Why: err.Error()}
		}
		defer done()
		return s.a.send(ctx, s.in, r, append(r.options(), slackgo.MsgOptionMetadata(s.a.metadata(p))))
	}
	if err := s.a.open("chat.update", s.in); err != nil {
		return chat.Ref{}, err
	}
	if wait := s.a.editTurn(s.in.WorkspaceKey(), 0); wait > 0 {
		return chat.Ref{}, chat.Later{After: wait, Where: s.in.WorkspaceKey(), Why: "Slack takes 50 edits a minute"}
	}
	ts := s.messages[i]
	if err := s.a.update(ctx, s.api, s.in, s.in.Channel(), ts, r, s.a.metadata(p)); err != nil {
		return chat.Ref{}, err
	}
	ref := chat.Ref{Thread: s.in, ID: ts, Link: s.a.link(ctx, s.in, s.in.Channel(), ts)}
	ready, err := s.a.upload(ctx, s.api, s.in, r.Files)
	if err == nil {
		s.a.share(ctx, s.api, ref, r, ready)
	}
	return ref, nil
}

// hold remembers a message that grows, or forgets it.
func (o *outbound) hold(s *growing, grows bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.streams = slices.DeleteFunc(o.streams, func(other *growing) bool { return other == s })
	if grows {
		o.streams = append(o.streams, s)
	}
}

// stopStreams tells whoever speaks in a thread, or into one of those messages, that
// somebody stopped the work; it reports whether anybody did. Slack does not always
// name the thread.
func (a *Adapter) stopStreams(workspace, channel, thread string, messages []string) bool {
	o := &a.outbound
	o.mu.Lock()
	defer o.mu.Unlock()
	found := false
	for _, s := range o.streams {
		if s.in.Workspace() != workspace || s.in.Channel() != channel {
			continue
		}
		into := slices.ContainsFunc(s.timestamps(), func(ts string) bool { return slices.Contains(messages, ts) })
		if into || thread != "" && s.in.Root() == thread || thread == "" && len(messages) == 0 {
			s.stoppedByUser()
			found = true
		}
	}
	return found
}
