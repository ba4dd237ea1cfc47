package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/synthoperator/baton/adapters/console"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
	"github.com/synthoperator/baton/state/memory"
)

var update = flag.Bool("update", false, "rewrite what Baton says and what was recorded in testdata/scenarios")

// Every scenario is a chat and the log it leaves. The same chat over a database
// file that is closed and opened again after every line must read the same.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenarios/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios", err)
	}
	shipped := shippedLines(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := readScenario(t, archive)
			s.shipped = shipped
			got, log := s.play(t, inMemory(t))
			if *update {
				s.write(t, file, archive, got, log)
				return
			}
			if diff := cmp.Diff(lines(s.chat), lines(got)); diff != "" {
				t.Errorf("the chat (-want +got; -update rewrites it):\n%s", diff)
			}
			if diff := cmp.Diff(lines(s.log), lines(log)); diff != "" {
				t.Errorf("the log (-want +got; -update rewrites it):\n%s", diff)
			}
			again, logAgain := s.play(t, inFile(t))
			if diff := cmp.Diff(lines(got), lines(again)); diff != "" {
				t.Errorf("the chat with a restart after every line (-memory +file):\n%s", diff)
			}
			if diff := cmp.Diff(lines(log), lines(logAgain)); diff != "" {
				t.Errorf("the log with a restart after every line (-memory +file):\n%s", diff)
			}
		})
	}
}

func lines(s string) []string { return strings.Split(s, "\n") }

// scenario is one file: the sections chat and log. A section called name.ics is
// the calendar of that name; all others are the files of a source named after
// the file's first folder.
type scenario struct {
	chat, log string
	sources   []SourceConfig
	calendars map[string]CalendarConfig
	shipped   map[string]bool
	raw       bool // hashes and tokens as they are, for the README
}

func readScenario(t *testing.T, archive *txtar.Archive) scenario {
	var s scenario
	dir := t.TempDir()
	for _, f := range archive.Files {
		switch f.Name {
		case "chat":
			s.chat = string(f.Data)
		case "log":
			s.log = string(f.Data)
		default:
			path := filepath.Join(dir, filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
			if calendar, ok := strings.CutSuffix(f.Name, ".ics"); ok {
				if s.calendars == nil {
					s.calendars = map[string]CalendarConfig{}
				}
				s.calendars[calendar] = CalendarConfig{path}
				continue
			}
			name, _, _ := strings.Cut(f.Name, "/")
			if len(s.sources) == 0 || s.sources[len(s.sources)-1].Name != name {
				s.sources = append(s.sources, SourceConfig{name, filepath.Join(dir, name)})
			}
		}
	}
	if s.chat == "" {
		t.Fatal("the file has no section -- chat --")
	}
	return s
}

func (s scenario) write(t *testing.T, file string, archive *txtar.Archive, chat, log string) {
	kept := archive.Files
	archive.Files = []txtar.File{{Name: "chat", Data: []byte(chat)}, {Name: "log", Data: []byte(log)}}
	for _, f := range kept {
		if f.Name != "chat" && f.Name != "log" {
			archive.Files = append(archive.Files, f)
		}
	}
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// play runs the chat and returns it with Baton's lines as they are now, and the
// log.
func (s scenario) play(t *testing.T, open func() state.Backend) (said, log string) {
	p := &player{scenario: s, t: t, open: open, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	var turn []string
	for line := range strings.Lines(s.chat) {
		switch {
		case strings.HasPrefix(line, "baton@"):
			continue
		case len(turn) > 0 && (strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t")):
		default:
			p.turn(turn)
			turn = nil
		}
		turn = append(turn, line)
	}
	p.turn(turn)
	return p.out.String(), p.recorded()
}

// player plays a chat.
type player struct {
	scenario
	t    *testing.T
	open func() state.Backend
	now  time.Time
	seq  int
	out  strings.Builder
}

var clockRE = regexp.MustCompile(`^// clock (?:\+(\d+)([wdhm])|(\d{4}-\d\d-\d\d(?: \d\d:\d\d)?))\s*$`)

// turn plays one thing that was said, after setting the clock if it is a remark
// that does.
func (p *player) turn(turn []string) {
	text := strings.Join(turn, "")
	p.out.WriteString(text)
	if strings.HasPrefix(text, "//") || strings.TrimSpace(text) == "" {
		p.clock(text)
		return
	}
	p.with(func(b *parts) {
		in := strings.NewReader(text)
		var out io.Writer = steady{&p.out, p.shipped}
		if p.raw {
			out = &p.out
		}
		if err := console.Run(p.t.Context(), console.Options{In: in, Out: out, Handler: &watched{p, b.router}}); err != nil {
			p.t.Fatal(err)
		}
	})
}

func (p *player) clock(remark string) {
	m := clockRE.FindStringSubmatch(remark)
	switch {
	case m == nil:
		if strings.HasPrefix(remark, "// clock") {
			p.t.Fatalf("%q: write // clock +3d, with w, d, h or m, or // clock 2026-12-01 09:00", remark)
		}
	case m[3] != "":
		at, err := time.Parse("2006-01-02 15:04", (m[3] + " 00:00")[:16])
		if err != nil {
			p.t.Fatal(err)
		}
		p.now = at
	default:
		n, _ := strconv.Atoi(m[1])
		p.now = p.now.Add(time.Duration(n) * map[string]time.Duration{"w": 7 * 24 * time.Hour, "d": 24 * time.Hour, "h": time.Hour, "m": time.Minute}[m[2]])
	}
}

// with runs fn over an assembled bot.
func (p *player) with(fn func(*parts)) {
	p.t.Helper()
	config := DefaultConfig()
	config.Library.Source, config.Calendar = p.sources, p.calendars
	b, err := assemble(p.open(), config, around{
		now:   func() time.Time { return p.now },
		log:   slog.New(slog.NewTextHandler(p.t.Output(), nil)),
		fatal: func(err error) { p.t.Error("fatal:", err) },
	})
	if err != nil {
		p.t.Fatal(err)
	}
	fn(b)
	if err := b.close(); err != nil {
		p.t.Fatal(err)
	}
}

// recorded is the log, one decision a line, stream by stream.
func (p *player) recorded() string {
	var out strings.Builder
	p.with(func(b *parts) {
		if _, err := (steady{out: &out}).Write([]byte(logText(p.t, b.store, b.backend))); err != nil {
			p.t.Fatal(err)
		}
	})
	return out.String()
}

// watched makes deliveries repeatable and has no scenario pass with a fault.
type watched struct {
	p *player
	chat.Handler
}

func (w *watched) Handle(ctx context.Context, call chat.Call) chat.Message {
	w.p.seq++
	call.ID = fmt.Sprintf("line-%d", w.p.seq)
	m := w.Handler.Handle(ctx, call)
	if m.Fault {
		w.p.t.Errorf("%q broke something: %v", call.Text, m.Blocks)
	}
	return m
}

// inMemory is one backend that outlives the bots over it.
func inMemory(*testing.T) func() state.Backend {
	db := kept{memory.New()}
	return func() state.Backend { return db }
}

// kept is a backend that closing does not end.
type kept struct{ state.Backend }

func (kept) Close() error { return nil }

// inFile is a file that is opened anew for each bot.
func inFile(t *testing.T) func() state.Backend {
	path := filepath.Join(t.TempDir(), databaseName)
	return func() state.Backend {
		db, err := bolt.Open(path, bolt.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
}
