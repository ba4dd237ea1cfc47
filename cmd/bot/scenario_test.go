package main

import (
	"context"
	"errors"
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
	"testing/synctest"
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
			got, log := s.play(t, inMemory(t), false)
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
			again, logAgain := s.play(t, inFile(t), true)
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

// monday is when every scenario begins.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// play runs the chat and returns it with Baton's lines as they are now, and the
// log. Time passes where a remark says so, and Baton speaks by itself meanwhile.
func (s scenario) play(t *testing.T, open func() state.Backend, restart bool) (said, log string) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(monday))
		p := &player{scenario: s, t: t, open: open, restart: restart}
		for _, turn := range p.turns() {
			p.turn(turn)
		}
		p.stop()
		said, log = p.out.String(), p.recorded()
	})
	return said, log
}

// turns are what is said, a turn with all its lines each.
func (s scenario) turns() (all []string) {
	for line := range strings.Lines(s.chat) {
		goesOn := strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t")
		switch {
		case strings.HasPrefix(line, "baton@"):
		case goesOn && len(all) > 0:
			all[len(all)-1] += line
		default:
			all = append(all, line)
		}
	}
	return all
}

// player plays a chat.
type player struct {
	scenario
	t       *testing.T
	open    func() state.Backend
	restart bool // after every turn
	seq     int
	out     strings.Builder
	running *playing
}

// playing is a bot that runs.
type playing struct {
	*parts
	speaker *console.Speaker
	end     context.CancelFunc
	ended   chan error
}

var clockRE = regexp.MustCompile(`^// clock (?:\+(\d+)([wdhm])|(\d{4}-\d\d-\d\d(?: \d\d:\d\d)?))\s*$`)

// turn plays one thing that was said, or lets time pass where it is a remark
// that says so: "// clock +3d" while Baton runs, "// away +3d" while it does not.
func (p *player) turn(text string) {
	p.out.WriteString(text)
	if rest, away := strings.CutPrefix(text, "// away "); away {
		p.stop()
		time.Sleep(time.Until(p.until("// clock " + rest)))
		text = "//\n" // nothing is said but by Baton, once it is back
	}
	if p.running == nil {
		p.start()
	}
	in := text
	remark := strings.HasPrefix(text, "//") || strings.TrimSpace(text) == ""
	if remark {
		in = ""
	}
	b := p.running
	opts := console.Options{
		In: strings.NewReader(in), Out: p.to(), Handler: &watched{p, b.router},
		Speaker: b.speaker, Settle: b.parts.speaker.Settled,
	}
	if remark {
		opts.In = waiting(p.until(text))
	}
	if err := console.Run(p.t.Context(), opts); err != nil {
		p.t.Fatal(err)
	}
	if p.restart {
		p.stop()
	}
}

// waiting reads as nothing, and takes until then to do so, and a moment longer
// so that what is due then has been said.
type waiting time.Time

func (w waiting) Read([]byte) (int, error) {
	if d := time.Until(time.Time(w)); d > 0 {
		time.Sleep(d + time.Second)
	}
	return 0, io.EOF
}

// to is where Baton's lines go.
func (p *player) to() io.Writer {
	if p.raw {
		return &p.out
	}
	return steady{&p.out, p.shipped}
}

// until is the moment to which a remark sets the clock: now, if it does not.
func (p *player) until(remark string) time.Time {
	m := clockRE.FindStringSubmatch(remark)
	switch {
	case m == nil:
		if strings.HasPrefix(remark, "// clock") {
			p.t.Fatalf("%q: write // clock +3d, with w, d, h or m, or // clock 2026-12-01 09:00", remark)
		}
		return time.Now()
	case m[3] != "":
		at, err := time.Parse("2006-01-02 15:04", (m[3] + " 00:00")[:16])
		if err != nil {
			p.t.Fatal(err)
		}
		return at
	}
	n, _ := strconv.Atoi(m[1])
	return time.Now().Add(time.Duration(n) * map[string]time.Duration{"w": 7 * 24 * time.Hour, "d": 24 * time.Hour, "h": time.Hour, "m": time.Minute}[m[2]])
}

// start runs a bot.
func (p *player) start() {
	p.t.Helper()
	r := &playing{speaker: &console.Speaker{}, ended: make(chan error, 1)}
	r.parts = p.assemble(fixed(map[string]chat.Poster{console.Platform: r.speaker}))
	ctx, end := context.WithCancel(p.t.Context())
	r.end = end
	go func() { r.ended <- speak(ctx, r.parts) }()
	p.running = r
}

// stop ends the bot that runs.
func (p *player) stop() {
	p.t.Helper()
	r := p.running
	if p.running = nil; r == nil {
		return
	}
	r.end()
	if err := errors.Join(<-r.ended, r.close()); err != nil {
		p.t.Fatal(err)
	}
}

// assemble makes a bot over the backend.
func (p *player) assemble(posters opening) *parts {
	p.t.Helper()
	config := DefaultConfig()
	config.Library.Source = p.sources
	b, err := assemble(p.open(), config, around{
		now:     time.Now,
		log:     slog.New(slog.NewTextHandler(p.t.Output(), nil)),
		fatal:   func(err error) { p.t.Error("fatal:", err) },
		posters: posters,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return b
}

// recorded is the log, one decision a line, stream by stream.
func (p *player) recorded() string {
	var out strings.Builder
	b := p.assemble(nil)
	if _, err := (steady{out: &out}).Write([]byte(logText(p.t, b.store, b.backend))); err != nil {
		p.t.Fatal(err)
	}
	if err := b.close(); err != nil {
		p.t.Fatal(err)
	}
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
func inMemory(*testing.T) func() state.Backend { return inThis(kept{memory.New()}) }

func inThis(db state.Backend) func() state.Backend {
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
