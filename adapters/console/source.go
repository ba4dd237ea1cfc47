package console

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"
)

// quiet is how long a line from a pipe waits for one that continues it. Who
// writes a line and waits for its answer waits that long, and not at all after
// a remark; whoever writes all at once, or from a file, is not affected.
const quiet = 50 * time.Millisecond

// maxSaid bounds one line with all that continues it, in bytes. The longest
// text a rule takes, a report, has 32 KiB.
const maxSaid = 1 << 20

// source cuts what is read into things that were said.
type source struct {
	chunks chan chunk
	done   chan struct{}
	wait   time.Duration // for a line that continues one; 0 is until there is a line
	buf    []byte
	err    error // what ended the reading
	bom    bool  // the start was looked at

	between gap // what stood before the thing said last
	after   gap // and what was read after it so far
}

// gap is what stands between two things that were said.
type gap int

const (
	nothing gap = iota
	blanks
	others // a remark, or a line that Baton said
)

type chunk struct {
	data []byte
	err  error
}

// newSource starts to read. The goroutine ends with the input or with close;
// where a read blocks for ever, with the program.
func newSource(in io.Reader) *source {
	s := &source{chunks: make(chan chunk), done: make(chan struct{}), wait: quiet}
	if f, ok := in.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			s.wait = 0
		}
	}
	go s.read(in)
	return s
}

func (s *source) close() { close(s.done) }

func (s *source) read(in io.Reader) {
	for {
		data := make([]byte, 64<<10)
		n, err := in.Read(data)
		select {
		case s.chunks <- chunk{data[:n], err}:
		case <-s.done:
			return
		}
		if err != nil {
			return
		}
	}
}

// errQuiet says that nothing more came in time.
var errQuiet = errors.New("nothing more")

// fill takes what was read next, within the wait if there is one. It is asked
// for only while the reading has not ended.
func (s *source) fill(ctx context.Context, wait time.Duration) error {
	var late <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case c := <-s.chunks:
		s.buf, s.err = append(s.buf, c.data...), c.err
		if !s.bom && len(s.buf) > 0 {
			s.buf, s.bom = bytes.TrimPrefix(s.buf, []byte("\ufeff")), true
		}
		return nil
	case <-late:
		return errQuiet
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// line is the next line without its end. Of a line longer than maxSaid so much
// is kept that it can be told to be too long.
func (s *source) line(ctx context.Context) (string, error) {
	seen := 0
	for {
		if end := bytes.IndexByte(s.buf[seen:], '\n'); end >= 0 {
			return s.take(seen+end, 1), nil
		}
		if s.err != nil {
			if len(s.buf) == 0 {
				return "", s.err
			}
			return s.take(len(s.buf), 0), nil
		}
		s.buf = s.buf[:min(len(s.buf), maxSaid+1)]
		seen = len(s.buf)
		if err := s.fill(ctx, 0); err != nil {
			return "", err
		}
	}
}

// take cuts n bytes and the end of the line off the front.
func (s *source) take(n, end int) string {
	text := strings.TrimSuffix(string(s.buf[:n]), "\r")
	s.buf = s.buf[n+end:]
	return text
}

// next is the next thing that was said: a line with what continues it. Blank
// lines, remarks and Baton's own lines are passed over. At the end it is io.EOF.
func (s *source) next(ctx context.Context) (string, error) {
	for {
		first, err := s.line(ctx)
		if err != nil {
			return "", err
		}
		switch {
		case blank(first):
			s.after = max(s.after, blanks)
			continue
		case remark(first), quoted(first):
			s.after = others
			continue
		}
		s.between, s.after = s.after, nothing
		return s.continued(ctx, strings.TrimSpace(first))
	}
}

// continued reads what continues a line.
func (s *source) continued(ctx context.Context, said string) (string, error) {
	gap := ""
	for {
		goesOn, isBlank, err := s.peek(ctx)
		if err != nil {
			return "", err
		}
		if !goesOn && !isBlank {
			return said, nil
		}
		text, err := s.line(ctx)
		if err != nil {
			return "", err
		}
		if blank(text) {
			gap += "\n"
			s.after = blanks
			continue
		}
		if len(said) <= maxSaid {
			said += gap + "\n" + unindent(text)
		}
		gap, s.after = "", nothing
	}
}

// peek looks at the start of the next line: whether it is indented, and
// whether it is blank. After a blank line that ends a text nothing is lost.
func (s *source) peek(ctx context.Context) (indented, isBlank bool, err error) {
	for {
		line, _, whole := bytes.Cut(s.buf, []byte("\n"))
		switch {
		case bytes.HasPrefix(line, []byte("\t")), bytes.HasPrefix(line, []byte("  ")):
			return true, false, nil
		case whole && len(bytes.TrimSpace(line)) == 0:
			return false, true, nil
		case len(line) > 1, len(line) == 1 && line[0] != ' ' && line[0] != '\r':
			return false, false, nil
		case s.err != nil:
			return false, false, nil
		}
		wait := s.wait
		if len(line) > 0 {
			wait = 0 // in the middle of a line
		}
		switch err := s.fill(ctx, wait); {
		case errors.Is(err, errQuiet):
			return false, false, nil
		case err != nil:
			return false, false, err
		}
	}
}

func blank(s string) bool  { return strings.TrimSpace(s) == "" }
func remark(s string) bool { return strings.HasPrefix(s, "//") }

// quoted reports whether a line is one that Baton said.
func quoted(s string) bool {
	place, _, ok := strings.Cut(s, "|")
	return ok && strings.HasPrefix(place, "baton@") && !strings.ContainsAny(place, " \t>")
}

// unindent takes the indent that makes a line a continuation off it.
func unindent(s string) string {
	if rest, ok := strings.CutPrefix(s, "\t"); ok {
		return rest
	}
	return strings.TrimPrefix(s, "  ")
}
