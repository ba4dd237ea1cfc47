// Package frontmatter reads Markdown files that open with a block of fields
// between two lines of dashes, as people really write them.
//
// A file of the wild is mended where only one reading is possible, and every
// mending is told with its line and what to change. Where more than one reading
// is possible nothing is guessed: the field stays absent, or the file is refused
// with an [Error]. Nothing is executed, no alias is expanded, and size, depth and
// number of fields are bounded, so that a hostile file costs no more than a good one.
package frontmatter

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of a file. The largest real skill measured among 3,870 has 117,340 bytes.
const (
	MaxFile    = 256 << 10 // bytes of a file
	maxBlock   = 64 << 10  // bytes between the dashes
	maxDepth   = 16        // nesting of values
	maxFields  = 500
	maxRepairs = 20 // told of one file
)

// Repair is one thing that had to be mended, or is worth knowing, about a file.
type Repair struct {
	Line   int    // counted from 1 in the file; 0 says nothing
	What   string // lower case, without a full stop
	Remedy string // what to change in the file
	Note   bool   // nothing was mended: worth knowing only
}

// Error says why a file cannot be used at all.
type Error struct {
	Line         int // counted from 1; 0 says nothing
	What, Remedy string
}

// Error is the line and the reason.
func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("line %d: %s", e.Line, e.What)
	}
	return e.What
}

// Page is a file that has been read.
type Page struct {
	Found    bool    // there is a block of fields
	Damaged  bool    // the block is no valid YAML and was read line by line
	Fields   []Field // in the order of the file, unknown ones too
	Body     string  // all below the block
	BodyLine int     // where the body begins, counted from 1
	Repairs  []Repair
}

// Read takes a file apart. It refuses, with an [*Error], what is no text, is
// empty, or is larger than [MaxFile]. A file without a block is no error: its
// Page is not Found and the whole text is the body.
func Read(data []byte) (Page, error) {
	text, repairs, err := plain(data)
	if err != nil {
		return Page{}, err
	}
	lines := strings.Split(text, "\n")
	p := Page{Body: text, BodyLine: 1, Repairs: repairs}
	b, found := findBlock(lines)
	if !found {
		return p, nil
	}
	p.Found = true
	p.Repairs = append(p.Repairs, b.repairs...)
	p.Body = strings.Join(lines[min(b.bodyAt, len(lines)):], "\n")
	p.BodyLine = b.bodyAt + 1
	if size := b.bytes(lines); size > maxBlock {
		return Page{}, &Error{
			b.from, fmt.Sprintf("the frontmatter has %d bytes; at most %d are read", size, maxBlock),
			"move the long text below the second ---",
		}
	}
	p.readFields(lines[b.from:b.to], b.from+1)
	if more := len(p.Repairs) - maxRepairs; more > 0 {
		p.Repairs = append(p.Repairs[:maxRepairs:maxRepairs], Repair{Line: b.from + 1, What: fmt.Sprintf("%d more repairs like these", more), Remedy: "write the frontmatter anew"})
	}
	return p, nil
}

// plain is the text of a file with one kind of line end and nothing invisible.
func plain(data []byte) (string, []Repair, error) {
	if len(data) > MaxFile {
		return "", nil, &Error{0, fmt.Sprintf("has %d bytes; at most %d are read", len(data), MaxFile), "split it: references/ can hold the details"}
	}
	var repairs []Repair
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		data = rest
		repairs = append(repairs, Repair{Line: 1, What: "begins with a byte order mark", Remedy: "save as UTF-8 without BOM"})
	}
	if i := bytes.IndexByte(data, 0); i >= 0 || !utf8.Valid(data) {
		return "", nil, &Error{badLine(data), "is not UTF-8 text", "save it as UTF-8"}
	}
	text := string(data)
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
		repairs = append(repairs, Repair{Line: 1, What: "lines end in CR", Remedy: "save with LF line ends"})
	}
	text, hidden := Visible(text)
	if hidden.Count > 0 {
		repairs = append(repairs, hidden.repair())
	}
	if strings.TrimSpace(text) == "" {
		return "", nil, &Error{0, "is empty", "write it, or remove the file"}
	}
	return text, repairs, nil
}

// badLine is the line of the first byte that is not UTF-8 text.
func badLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == 0 || r == utf8.RuneError && n == 1 {
			return line
		}
		if r == '\n' {
			line++
		}
		data = data[n:]
	}
	return 0
}
