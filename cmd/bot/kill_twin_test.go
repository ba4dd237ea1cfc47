package main

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/console"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

// heard is one line and what has to come of it.
type heard struct {
	key, text string
	answer    string // the twin's
	decision  int    // its place in the twin's log, or -1 where nothing was decided
	first     string // as it was answered in full for the first time, or ""
}

// decided is a decision in a log. Each says by the last word of its reason which
// line it is of.
type decided struct {
	key, what string
	session   string // its place, or "" for settings
	seq       uint64
}

// twin is a bot that nobody kills. It hears every line once, in order, and knows
// therefore what each is answered and what the log has to hold.
type twin struct {
	t     *testing.T
	bot   *parts
	lines []*heard
	byKey map[string]*heard
	log   []decided
	pos   uint64
	ids   map[string]state.SessionID // by place
	folds map[string]string          // what sessions came to, by place and number
}

func newTwin(t *testing.T) *twin {
	t.Helper()
	p, err := assemble(memory.New(), DefaultConfig(), around{
		now: time.Now, log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		fatal: func(err error) { t.Error("fatal:", err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.close() })
	return &twin{t: t, bot: p, byKey: map[string]*heard{}, ids: map[string]state.SessionID{}, folds: map[string]string{}}
}

// hear has the twin answer a line that is said for the first time. Its key
// becomes the reason of what it decides.
func (w *twin) hear(place, text string) *heard {
	w.t.Helper()
	key := fmt.Sprintf("k%d", len(w.lines)+1)
	h := &heard{key: key, text: place + "> " + strings.ReplaceAll(text, "KEY", key), decision: -1}
	var out strings.Builder
	in := strings.NewReader("[" + h.key + "] " + h.text + "\n")
	if err := console.Run(w.t.Context(), console.Options{In: in, Out: &out, Handler: w.bot.router, JSON: true}); err != nil {
		w.t.Fatal(err)
	}
	h.answer = out.String()
	if a, err := readAnswer(out.String()); err != nil || a.Fault || a.ID != h.key {
		w.t.Fatalf("%s: %v, %s", h.text, err, out.String())
	}
	log, pos := decisionsOf(w.t, w.bot.store, w.bot.backend, w.pos)
	w.pos = pos
	for _, d := range log {
		if d.key != key || h.decision >= 0 {
			w.t.Fatalf("%s: the log got %v", h.text, log)
		}
		h.decision = len(w.log)
		w.log = append(w.log, d)
	}
	w.lines = append(w.lines, h)
	w.byKey[key] = h
	return h
}

// decisionsOf are the decisions after a position, in the order of their commits.
func decisionsOf(t *testing.T, st *state.Store, b state.Backend, after uint64) (all []decided, last uint64) {
	t.Helper()
	entries := map[state.Stream][]orchestration.Entry{}
	for last = after; ; {
		page, err := b.Log(t.Context(), last, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all, last
		}
		for _, l := range page {
			last = l.Pos
			if _, ok := entries[l.Stream]; !ok {
				for e, err := range st.Entries(t.Context(), l.Stream, 0) {
					if err != nil {
						t.Fatal(err)
					}
					entries[l.Stream] = append(entries[l.Stream], e)
				}
			}
			if l.Seq > uint64(len(entries[l.Stream])) {
				t.Fatalf("the log has decision %d of %s, which is not among its %d", l.Seq, l.Stream, len(entries[l.Stream]))
			}
			d := decided{seq: l.Seq}
			e, where := entries[l.Stream][l.Seq-1], streamName(t, st, l.Stream)
			if _, ok := l.Stream.Session(); ok {
				d.session = where
			}
			d.key = e.Because()[strings.LastIndexByte(e.Because(), ' ')+1:]
			d.what = fmt.Sprintf("%s %d: %s %s, because %s", where, e.Seq, e.By(), orchestration.Describe(e.Decision), e.Because())
			all = append(all, d)
		}
	}
}

var dateRE = regexp.MustCompile(`(\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?(\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}|\b\d{4}-\d\d-\d\d)([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?( \+0000)?( ?(UTC|Z)\b)?`)

var sizeRE = regexp.MustCompile(`"size":\d+|\b[\d.]+ (KiB|bytes)\b`)

// dateless is a text without the moments in it, and without the sizes of files
// that hold some: the twin hears everything a little earlier.
func dateless(s string) string {
	return sizeRE.ReplaceAllString(dateRE.ReplaceAllString(s, "DATE"), "SIZE")
}

// same reports whether two texts differ in moments at most.
func same(a, b string) bool { return a == b || dateless(a) == dateless(b) }

// folded is the twin's session at a place, as it stood after its decision of a
// number.
func (w *twin) folded(place string, seq uint64) string {
	w.t.Helper()
	at := fmt.Sprint(place, " ", seq)
	if text, ok := w.folds[at]; ok {
		return text
	}
	if w.ids[place] == "" {
		for _, s := range streamsOf(w.t, w.bot.backend) {
			if id, ok := s.Session(); ok {
				w.ids[streamName(w.t, w.bot.store, s)] = id
			}
		}
	}
	s, err := w.bot.store.SessionAt(w.t.Context(), w.ids[place], seq)
	if err != nil {
		w.t.Fatal(err)
	}
	w.folds[at] = folded(s)
	return w.folds[at]
}

// folded is what a session came to, in words.
func folded(s orchestration.Session) string {
	var out strings.Builder
	fmt.Fprintln(&out, s.Plan().Name(), s.State(), s.At(), s.Persona(), s.Skills(), s.Owner(), len(s.Carried()), len(s.Handoffs()))
	for _, i := range s.Items() {
		fmt.Fprintln(&out, "item", i.ID, i.Kind, i.Text, i.By, i.Phase, i.Owner, i.Task, i.State, i.Replaced, i.Edits)
	}
	for _, t := range s.Tasks() {
		fmt.Fprintln(&out, "task", t.ID, t.Brief, t.By, t.Phase, t.Persona, t.Skills, t.State, t.Report, t.DoneBy)
	}
	for _, r := range s.Reminders() {
		fmt.Fprintln(&out, "reminder", r.ID, r.Text)
	}
	return out.String()
}
