package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/synthoperator/baton/adapters/memory"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// look lets a last bot say what is left and holds what was heard against the
// log: of every decision each place hears once, in order, and of nothing else.
func (s *stage) look() {
	s.t.Helper()
	s.last()
	s.platforms.ahead.Add(int64(2 * time.Minute)) // nothing is left that somebody is to be reminded of
	s.last()
	s.verify()
	s.compare()
	s.settled("at the end")
	s.count()
}

// last has a bot say what there is to say, and end in order.
func (s *stage) last() {
	s.t.Helper()
	a := s.alive()
	a.done()
	_ = a.wire.conn.Close()
	<-a.ended
	if code := a.cmd.ProcessState.ExitCode(); code != exitDone {
		s.problem("exit code %d at the end: %s", code, &a.stderr)
	}
}

// verify looks whether the file is sound.
func (s *stage) verify() {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "copy.db")
	if err := copyFile(s.database(), path); err != nil {
		s.t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	if code := execute(s.t.Context(), []string{"inspect-file", "--log=off", path}, streams{nil, &out, &stderr}); code != exitDone {
		s.problem("the file does not verify: exit code %d, %s%s", code, &out, &stderr)
	}
	s.heard.verified++
}

// compare holds what was heard against the log.
func (s *stage) compare() {
	s.t.Helper()
	db, err := bolt.Open(s.database(), bolt.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	st, err := state.Open(db, state.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer st.Close()
	log := s.log(st, db)
	s.decided(log)
	want := map[chat.Thread][]string{}
	for _, d := range log {
		s.expect(want, d)
	}
	s.places(want)
	s.reminded(log)
	s.cards(st)
}

// entry is one decision of a session in the log.
type entry struct {
	key, verb string
	id        state.SessionID
	session   orchestration.Session // as it stands
	seq       uint64
	undone    string // the key of the decision that took it back
}

// log are the decisions that people made about sessions, in the order of their
// commits.
func (s *stage) log(st *state.Store, b state.Backend) (all []*entry) {
	s.t.Helper()
	streams := map[state.Stream][]orchestration.Entry{}
	at := map[string]*entry{}
	for pos := uint64(0); ; {
		page, err := b.Log(s.t.Context(), pos, 500)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		for _, l := range page {
			pos = l.Pos
			id, ok := l.Stream.Session()
			if !ok {
				continue
			}
			if streams[l.Stream] == nil {
				for e, err := range st.Entries(s.t.Context(), l.Stream, 0) {
					if err != nil {
						s.t.Fatal(err)
					}
					streams[l.Stream] = append(streams[l.Stream], e)
				}
			}
			if d := s.entry(st, id, streams[l.Stream][l.Seq-1], at); d != nil {
				all = append(all, d)
			}
		}
	}
}

// entry is a decision of the log; nil for what Baton decided itself, which is to
// bind a session to its thread.
func (s *stage) entry(st *state.Store, id state.SessionID, e orchestration.Entry, at map[string]*entry) *entry {
	s.t.Helper()
	d := &entry{id: id, seq: e.Seq}
	for _, one := range e.Events() {
		switch one := one.(type) {
		case orchestration.Bound:
			if len(e.Events()) == 1 {
				return nil
			}
		case orchestration.Ended:
			s.endings[id] = true
		case orchestration.Undone:
			if was := at[fmt.Sprint(id, one.Seq)]; was != nil {
				was.undone = d.keyOf(e)
			}
		}
	}
	var err error
	if d.session, err = st.Session(s.t.Context(), id); err != nil {
		s.t.Fatal(err)
	}
	d.key = d.keyOf(e)
	at[fmt.Sprint(id, e.Seq)] = d
	return d
}

func (*entry) keyOf(e orchestration.Entry) string {
	if m := speaksOf.FindStringSubmatch(e.By().String()); m != nil {
		return m[1]
	}
	return e.By().String()
}

// decided holds the log against what people were answered: what was accepted is
// there once, what was refused or never said is not.
func (s *stage) decided(log []*entry) {
	count := map[string]int{}
	for _, d := range log {
		count[d.key]++
	}
	for _, l := range s.lines {
		m, _ := s.answer(l)
		want := 1
		if m.Refused || l.forgotten {
			want = 0
		}
		if m.Fault {
			s.problem("[%s] %s broke: %v", l.key, l.verb, m.Blocks)
		} else if got := count[l.key]; got != want {
			s.problem("[%s] %s was decided %d times, want %d", l.key, l.verb, got, want)
		}
		delete(count, l.key)
		for _, d := range log {
			if d.key == l.key {
				d.verb = l.verb
			}
		}
	}
	for key, n := range count {
		s.problem("%d decisions of %s, who said nothing", n, key)
	}
}

// expect adds to what each place hears what it hears of a decision.
func (s *stage) expect(want map[chat.Thread][]string, d *entry) {
	if !told[d.verb] {
		return
	}
	channel := threadOf(string(d.session.Channel()))
	thread := threadOf(string(d.session.Thread()))
	key := d.key
	if d.undone != "" {
		key = d.undone // what was said of it now says that
	}
	s.heard.decisions++
	switch d.verb {
	case "undo": // an edit
	case "start":
		s.heard.sessions++
		want[channel] = append(want[channel], d.key)
		want[away(channel.Platform())] = append(want[away(channel.Platform())], key)
	default:
		want[thread] = append(want[thread], key)
		want[away(channel.Platform())] = append(want[away(channel.Platform())], key)
	}
}

// places holds every place where anything was said against what it hears.
func (s *stage) places(want map[chat.Thread][]string) {
	got := map[chat.Thread][]string{}
	for _, w := range s.worlds {
		for _, r := range w.Requests() {
			if r.Kind == memory.Post && got[r.In] == nil {
				got[r.In] = s.keys(r.In)
			}
		}
	}
	for in := range want {
		if got[in] == nil {
			s.problem("%s heard nothing, want %v", in.Key(), want[in])
		}
	}
	for in, heard := range got {
		if slices.Equal(heard, want[in]) {
			continue
		}
		for _, key := range want[in] {
			switch n := strings.Count(strings.Join(heard, " "), key); {
			case n == 0:
				s.problem("lost: %s did not hear of %s", in.Key(), key)
			case n > 1:
				s.problem("twice: %s heard of %s %d times", in.Key(), key, n)
			}
		}
		s.problem("%s heard something else (-want +heard):\n%s\n%s", in.Key(), cmp.Diff(want[in], heard), s.transcript(in, ""))
	}
}

// keys are whose decisions the messages in a place tell of.
func (s *stage) keys(in chat.Thread) []string {
	keys := []string{}
	for _, m := range s.said(in) {
		if remindsOf.MatchString(m.Text) {
			continue
		}
		of := speaksOf
		if in == home(in.Platform()) {
			of = cardOf
		}
		if key := of.FindStringSubmatch(m.Text); key != nil {
			if !s.forgotten(key[1]) {
				keys = append(keys, key[1])
			}
		} else {
			keys = append(keys, "nobody's: "+m.Text)
		}
	}
	return keys
}

// reminded holds the reminders that were heard against the log. One of a session
// that ended, be it for a while, or that was taken back may not be heard any more.
func (s *stage) reminded(log []*entry) {
	for _, d := range log {
		if d.verb != "remind" {
			continue
		}
		s.heard.reminders++
		n := 0
		for _, m := range s.said(threadOf(string(d.session.Thread()))) {
			for _, of := range remindsOf.FindAllStringSubmatch(m.Text, -1) {
				if of[1] == d.key {
					n++
				}
			}
		}
		switch moot := d.undone != "" || s.endings[d.id]; {
		case n > 1:
			s.problem("twice: reminded of %s %d times", d.key, n)
		case n == 0 && !moot:
			s.problem("lost: nobody was reminded of %s", d.key)
		}
	}
}

// forgotten reports whether the log does not know any more what was told.
func (s *stage) forgotten(key string) bool {
	return slices.ContainsFunc(s.lines, func(l *line) bool { return l.key == key && l.forgotten })
}

// transcript is what was said in a place, with a key or at all.
func (s *stage) transcript(in chat.Thread, key string) string {
	var lines []string
	for _, m := range s.worlds[in.Platform()].Messages(in) {
		if key == "" || m.Key == key {
			lines = append(lines, fmt.Sprintf("%s %s %s %s: %.200q", m.At.Format("04:05.000"), m.Ref.Thread.Key(), m.Ref.ID, m.Key, m.Text))
		}
	}
	return strings.Join(lines, "\n")
}

// cards holds each card against the session as it stands, and the session's
// thread against the card.
func (s *stage) cards(st *state.Store) {
	s.t.Helper()
	lib, err := library.Open([]library.Source{library.Shipped()}, library.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	router := commands.New(commands.Deps{Store: st, Library: lib})
	all, err := st.All(s.t.Context(), "", 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range all {
		session, err := st.Session(s.t.Context(), l.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		channel := threadOf(string(session.Channel()))
		goal := session.Brief().Objective
		body, err := router.Card(s.t.Context(), l.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, m := range s.said(channel) {
			if cardOf.FindString(m.Text) != goal {
				continue
			}
			if want := s.shown(body); m.Text != want {
				s.problem("the card of %s does not show what stands (-want +shown):\n%s", goal, cmp.Diff(want, m.Text))
			}
			switch thread := threadOf(string(session.Thread())); {
			case thread.IsZero():
				s.problem("%s is bound to nothing", goal)
			case channel.Platform() == rooted && thread != channel.Under(m.Ref.ID):
				s.problem("%s is bound to %s, and its card is %s", goal, thread.Key(), m.Ref.ID)
			}
		}
	}
}

// shown is a message as a platform shows it.
func (s *stage) shown(m chat.Message) string {
	w := worldOf(numbered, 0, nil)
	a := memory.NewAdapter(w, memory.AdapterOptions{})
	if _, err := a.Post(s.t.Context(), chat.Post{Key: strings.Repeat("a", 26), To: away(numbered), Body: m}); err != nil {
		s.t.Fatal(err)
	}
	return w.Messages(away(numbered))[0].Text
}

// count adds up what happened.
func (s *stage) count() {
	for _, w := range s.worlds {
		seen := map[chat.Thread]bool{}
		for _, r := range w.Requests() {
			switch r.Kind {
			case memory.Post:
				s.heard.tries++
				if !seen[r.In] {
					seen[r.In] = true
					s.heard.said += len(s.said(r.In))
				}
			case memory.Edit:
				s.heard.edited++
			case memory.Find:
				s.heard.found++
			}
		}
	}
	s.heard.again += s.again
}
