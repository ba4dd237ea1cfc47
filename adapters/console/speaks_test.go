package console

import (
	"context"
	"errors"
	"io"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/chat"
)

// The cases of the suite that are about what Baton says by itself. What is about
// calls is in TestSuite, over answers as JSON.
func TestSuiteSpeaking(t *testing.T) {
	without := maps.Clone(lacks)
	delete(without, adaptertest.Posting)
	for ability, why := range map[adaptertest.Ability]string{
		adaptertest.Buttons:    "they are pressed in TestSuite",
		adaptertest.Repeats:    "lines are said again in TestSuite",
		adaptertest.Restarts:   "the screen of the one before is gone",
		adaptertest.Deleting:   "nobody takes away what was printed",
		adaptertest.LosesReply: "what is printed is printed",
		adaptertest.Limiting:   "a screen takes everything",
		adaptertest.Refusing:   "a screen takes everything",
		adaptertest.Archiving:  "nothing is closed",
		adaptertest.Locking:    "nothing is closed",
		adaptertest.Removing:   "nothing is closed",
		adaptertest.Revoking:   "nothing is closed",
	} {
		without[ability] = why
	}
	adaptertest.Run(t, func(t *testing.T, h chat.Handler) *adaptertest.Harness {
		s := &paper{pipe: &pipe{t: t, h: h}}
		s.start()
		synctest.Wait()
		return &adaptertest.Harness{
			Stage: s, People: s, View: s, Poster: s, Lacks: without,
			Deliver: func(d adaptertest.Delivery, _ bool) { s.typed(d.(string)) },
			Restart: func() {},
			Stop:    s.stop,
		}
	})
}

// paper is a console that prints lines; each write is a whole message.
type paper struct {
	*pipe
	Speaker
	posting sync.Mutex

	mu   sync.Mutex
	seen []adaptertest.Seen
}

func (s *paper) start() {
	inR, inW := io.Pipe()
	lines := make(chan string, 4096)
	s.pipe.mu.Lock()
	s.in, s.lines = inW, lines
	s.pipe.mu.Unlock()
	s.done.Go(func() {
		defer inW.Close()
		for line := range lines {
			if _, err := io.WriteString(inW, line+"\n"); err != nil {
				return
			}
		}
	})
	s.done.Go(func() {
		err := Run(context.Background(), Options{In: inR, Out: s, Handler: s.h, Speaker: &s.Speaker})
		if err != nil && !errors.Is(err, io.EOF) {
			s.t.Errorf("the console ended with %v", err)
		}
	})
}

// Write takes one message: lines with the place in front of each.
func (s *paper) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var seen adaptertest.Seen
	var text []string
	for line := range strings.Lines(string(p)) {
		place, said, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "|")
		if !ok || !strings.HasPrefix(place, "baton@") {
			s.t.Errorf("a line without its place: %q", line)
			continue
		}
		channel, root, _ := strings.Cut(strings.TrimPrefix(place, "baton@"), "/")
		seen.Ref.Thread = s.place(channel, root)
		text = append(text, strings.TrimPrefix(said, " "))
	}
	seen.Text = strings.Join(text, "\n")
	s.seen = append(s.seen, seen)
	return len(p), nil
}

// Post posts, and notes what it is known by.
func (s *paper) Post(ctx context.Context, p chat.Post) (chat.Ref, error) {
	s.posting.Lock()
	defer s.posting.Unlock()
	ref, err := s.Speaker.Post(ctx, p)
	if err == nil {
		s.mu.Lock()
		s.seen[len(s.seen)-1].Ref.ID = ref.ID
		s.mu.Unlock()
	}
	return ref, err
}

func (s *paper) Messages(in chat.Thread) (out []adaptertest.Seen) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.seen {
		if one.Ref.Thread == in {
			out = append(out, one)
		}
	}
	return out
}
