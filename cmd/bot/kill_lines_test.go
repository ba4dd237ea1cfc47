package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
)

// line is one thing that somebody said.
type line struct {
	key, verb, platform string
	in                  chat.Thread
	delivery            memory.Delivery
	forgotten           bool // it was decided and told after the backup that was restored
}

// told are the verbs that a channel hears of which hears everything.
var told = map[string]bool{
	"start": true, "handoff": true, "override": true, "persona": true, "announce": true, "pause": true, "resume": true, "end": true, "undo": true,
}

// speaksOf finds whose decision an announcement tells of: each line has a key,
// which is part of its speaker's name and of the goal of what it starts.
var (
	speaksOf  = regexp.MustCompile(`Ana-(k\d{4})`)
	cardOf    = regexp.MustCompile(`Goal-(k\d{4})`)
	remindsOf = regexp.MustCompile(`Reminder #\d+ by Ana-(k\d{4})`)
)

// remind is said in one minute, which is three bots later.
const remind = "remind in 1 minute look-KEY because KEY"

// startIt is said in a channel, where no other session waits for its thread.
const startIt = "start solo-sprint Goal-KEY because KEY"

// say has somebody say something new.
func (s *stage) say() {
	platform := s.one(rooted, numbered)
	threads := s.threads(platform)
	more := len(threads) < 5 && s.rng.IntN(6) == 0 || s.often == startIt && len(threads) < 30 && s.rng.IntN(2) == 0
	if len(threads) == 0 || more {
		if s.starting(platform) == 0 {
			s.tell(platform, home(platform), s.one(startIt, "start product-launch Goal-KEY because KEY"))
			return
		}
	}
	if len(threads) > 0 {
		s.tell(platform, threads[s.rng.IntN(len(threads))], s.words())
	}
}

// words is something to say in a thread.
func (s *stage) words() string {
	if s.often != "" && s.often != startIt && s.rng.IntN(2) == 0 {
		return s.often
	}
	persona := s.one("startup-cto", "growth-marketer", "product-manager", "finance-lead")
	switch n := s.rng.IntN(22); {
	case n < 4:
		return "handoff decisions: sealed-KEY because KEY"
	case n < 6:
		return "override phase " + s.one("1", "2", "3") + " because KEY"
	case n < 8:
		return "override persona " + persona + " because KEY"
	case n < 10:
		return "persona " + persona + " because KEY"
	case n < 13:
		return "undo because KEY"
	case n < 16:
		return "announce Hear-KEY"
	case n == 16:
		return "pause because KEY"
	case n == 17:
		return "resume because KEY"
	case n > 19:
		return remind
	case n == 18 && s.rng.IntN(2) == 0:
		return "end because KEY"
	}
	return "note " + s.one("decision", "open") + " d-KEY because KEY"
}

func (s *stage) one(of ...string) string { return of[s.rng.IntN(len(of))] }

// tell has a line said on a platform.
func (s *stage) tell(platform string, in chat.Thread, text string) *line {
	l := &line{key: fmt.Sprintf("k%04d", len(s.lines)+1), platform: platform, in: in}
	l.verb, _, _ = strings.Cut(text, " ")
	l.delivery = s.worlds[platform].Say(chat.Person{ID: "ana", Name: "Ana-" + l.key}, in, strings.ReplaceAll(text, "KEY", l.key))
	s.lines = append(s.lines, l)
	return l
}

// answer is what a line was answered, once it was.
func (s *stage) answer(l *line) (chat.Message, bool) {
	if !s.worlds[l.platform].Acked(l.delivery) {
		return chat.Message{}, false
	}
	s.platforms.mu.Lock()
	defer s.platforms.mu.Unlock()
	m, ok := s.answers[l.platform+"-"+l.delivery.ID]
	return m, ok
}

// waiting is how many lines have no answer yet.
func (s *stage) waiting() (n int) {
	for _, l := range s.lines {
		if _, ok := s.answer(l); !ok {
			n++
		}
	}
	return n
}

// starting is how many sessions people asked for that have no thread yet.
func (s *stage) starting(platform string) int {
	n := -len(s.threads(platform))
	for _, l := range s.lines {
		if l.platform == platform && l.verb == "start" {
			n++
		}
	}
	return n
}

// threads are those that people see: under a card, or named in an answer.
func (s *stage) threads(platform string) (all []chat.Thread) {
	if platform == rooted {
		for _, m := range s.said(home(platform)) {
			if cardOf.MatchString(m.Text) {
				all = append(all, home(platform).Under(m.Ref.ID))
			}
		}
		return all
	}
	for _, l := range s.lines {
		if m, ok := s.answer(l); ok && l.platform == platform && l.verb == "start" {
			all = append(all, m.Thread)
		}
	}
	return all
}

// said is what Baton said by itself in a place, and stands there.
func (s *stage) said(in chat.Thread) (all []memory.Message) {
	for _, m := range s.worlds[in.Platform()].Messages(in) {
		if m.Ref.Thread == in && m.Key != "" && m.Author.ID == "" && m.Deleted == "" {
			all = append(all, m)
		}
	}
	return all
}
