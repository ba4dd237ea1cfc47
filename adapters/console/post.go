package console

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/synthoperator/baton/chat"
)

// Speaker is how Baton says something by itself at a console: a [chat.Poster].
// Make one, give it to [Run] with the options, and to whoever posts. It may be
// used by many goroutines at once.
//
// What was printed scrolls away, so that nothing can be replaced or found
// again: an edit is printed as the one line that stands for the message.
type Speaker struct {
	mu    sync.Mutex
	print func(chat.Thread, chat.Message, []row) error
	rows  func(chat.Message) []row
}

var _ chat.Poster = (*Speaker)(nil)

// at has what is said printed; nil ends that.
func (s *Speaker) at(c *console, print func(chat.Thread, chat.Message, []row) error) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.print, s.rows = print, nil
	if c != nil {
		s.rows = c.message
	}
}

// Traits says what a console is like.
func (*Speaker) Traits() chat.Traits { return chat.Traits{AtOnce: 1} }

// Split leaves a message whole: a console holds any.
func (*Speaker) Split(m chat.Message) []chat.Message { return []chat.Message{m} }

// Post prints a message in its thread, or in the channel where it concerns
// that.
func (s *Speaker) Post(ctx context.Context, p chat.Post) (chat.Ref, error) {
	to := p.To
	if p.Loud {
		to = to.Parent()
	}
	ref := chat.Ref{Thread: to, ID: strings.ToLower(rand.Text()[:10])}
	if p.Card {
		return ref, s.line(ctx, ref, p.Body)
	}
	return ref, s.say(ctx, to, p.Body, nil)
}

// Edit prints the line that stands for the message as it is now.
func (s *Speaker) Edit(ctx context.Context, r chat.Ref, p chat.Post) error {
	return s.line(ctx, r, p.Body)
}

func (s *Speaker) line(ctx context.Context, r chat.Ref, m chat.Message) error {
	if m.Short == "" {
		return s.say(ctx, r.Thread, m, nil)
	}
	return s.say(ctx, r.Thread, m, []row{{text: oneLine(m.Short), dim: true}})
}

// say prints a message, or the rows that stand for it.
func (s *Speaker) say(ctx context.Context, to chat.Thread, m chat.Message, rows []row) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("not printed: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.print == nil {
		return chat.Later{After: time.Second, Why: "the console is not open"}
	}
	if to.Direct() != "" {
		rows = append([]row{{text: "to " + to.Direct() + ":"}}, s.rows(m)...)
	}
	if rows == nil {
		rows = s.rows(m)
	}
	if len(rows) == 0 {
		return chat.Rejected{Why: "there is nothing to say"}
	}
	if len(m.To) > 0 {
		names := make([]string, len(m.To))
		for i, p := range m.To {
			names[i] = "@" + oneLine(p.Name)
		}
		rows = append([]row{{text: strings.Join(names, " ")}}, rows...)
	}
	return s.print(to, m, rows)
}
