package frontmatter

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever the file holds: no panic, no growth, a body that is the end of the
// text, lines that are in the file, and nothing invisible left.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"---\nname: a\ndescription: d\n---\ntext", "----\nname: a\n---\n", "# x\n---\nname: a\n---\n", "<!-- x -->\n---\nname: a\n---\n",
		"---\nname: a\ndescription: b: c\n---\n", "---\nname: a\n", "\xef\xbb\xbf---\r\nname: a\r\n---\r\n", "---\n- a\n---\n", "---\n? [a]\n: b\n---\n",
		"---\nname: &a [*a]\n---\n", "---\n\"name\": >-\n  x\n---\n", "---\nmetadata:\n  a: b\n c: d\n---\n", "---\n[cite]name: a\ndescription: x\n---\n", "---\n\t\n---\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Read(data)
		if err != nil {
			return
		}
		total := bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r")) + 1
		text, _, _ := plain(data)
		if !strings.HasSuffix(text, p.Body) {
			t.Errorf("the body %q is not the end of %q", p.Body, text)
		}
		if want := strings.Count(strings.TrimSuffix(text, p.Body), "\n") + 1; p.Body != "" && p.BodyLine != want {
			t.Errorf("the body begins on line %d, not %d", want, p.BodyLine)
		}
		for _, r := range p.Repairs {
			if r.Line < 0 || r.Line > total || r.What == "" || r.Remedy == "" {
				t.Errorf("repair %+v of a file of %d lines", r, total)
			}
		}
		size := 0
		for _, field := range p.Fields {
			if field.Line < 1 || field.Line > total || !utf8.ValidString(field.Text()) || hiding(field.Text()) {
				t.Errorf("field %+v", field)
			}
			size += len(field.Text())
		}
		if size > 4*len(data)+1000 {
			t.Errorf("%d bytes of fields of a file of %d", size, len(data))
		}
	})
}
