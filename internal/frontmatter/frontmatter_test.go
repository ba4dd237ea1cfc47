package frontmatter

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What real files look like, made anew: every row is a mistake that was measured
// in a public library, none is a copy.
func TestRead(t *testing.T) {
	long := strings.Repeat("x", 1100)
	for _, tt := range []struct {
		name, in    string
		fields      map[string]string // "" is absent
		body        string
		bodyLine    int
		repairs     []string // a part of each, in order
		lines       []int    // of the repairs, where given
		damaged, no bool
	}{
		{
			name: "as it should be", in: "---\nname: a\ndescription: does a\n---\n\n# A\ntext\n",
			fields: map[string]string{"name": "a", "description": "does a"}, body: "\n# A\ntext\n", bodyLine: 5,
		},
		{
			name: "byte order mark", in: "\xef\xbb\xbf---\nname: a\n---\ntext", fields: map[string]string{"name": "a"}, body: "text", bodyLine: 4,
			repairs: []string{"byte order mark"}, lines: []int{1},
		},
		{
			name: "CRLF", in: "---\r\nname: a\r\ndescription: b\r\n---\r\ntext\r\n", fields: map[string]string{"name": "a", "description": "b"}, body: "text\n", bodyLine: 5,
			repairs: []string{"CR"},
		},
		{
			name: "four dashes", in: "----\nname: happy\ndescription: d\n---\ntext", fields: map[string]string{"name": "happy"}, body: "text", bodyLine: 5,
			repairs: []string{"4 dashes"}, lines: []int{1},
		},
		{
			name: "heading first", in: "# Published at some day\n\n---\nname: a\ndescription: d\n---\ntext", fields: map[string]string{"name": "a"}, body: "text", bodyLine: 7,
			repairs: []string{"before the frontmatter"}, lines: []int{3},
		},
		{
			name: "comment first", in: "<!--\n Licence: MIT\n-->\n---\nname: a\n---\ntext", fields: map[string]string{"name": "a"}, body: "text", bodyLine: 7,
			repairs: []string{"before the frontmatter"},
		},
		{
			name: "never closed", in: "---\nname: a\ndescription: d\n\n# Title\n\ntext", fields: map[string]string{"name": "a", "description": "d"}, body: "\n# Title\n\ntext", bodyLine: 4,
			repairs: []string{"not closed"},
		},
		{
			name: "closed only by a rule in the text", in: "---\nname: a\ndescription: d\n\n# Title\n\ntext here\n\n---\nmore", fields: map[string]string{"name": "a", "description": "d"},
			body: "\n# Title\n\ntext here\n\n---\nmore", bodyLine: 4, repairs: []string{"not closed before the text"},
		},
		{name: "a comment in the fields closes nothing", in: "---\nname: a\n# a remark\ndescription: d\n---\ntext", fields: map[string]string{"name": "a", "description": "d"}, body: "text", bodyLine: 6},
		{name: "two rules, no fields", in: "# Sample\n\n---\n\n**Name**: sample\n**Tier**: BASIC\n\n---\ntext", no: true, body: "# Sample\n\n---\n\n**Name**: sample\n**Tier**: BASIC\n\n---\ntext", bodyLine: 1},
		{name: "a rule on top", in: "---\n\nOnly text.\n\n---\n", no: true, body: "---\n\nOnly text.\n\n---\n", bodyLine: 1},
		{name: "prose only", in: "Use me when in doubt.\n---\nname: a\n---\n", no: true, body: "Use me when in doubt.\n---\nname: a\n---\n", bodyLine: 1},
		{
			name: "unquoted colon", in: "---\nname: groom\ndescription: Cares for it. Triggers on: 'x', 'y'\nmodel: sonnet\n---\ntext",
			fields: map[string]string{"name": "groom", "description": "Cares for it. Triggers on: 'x', 'y'", "model": "sonnet"}, body: "text", bodyLine: 6, damaged: true,
			repairs: []string{"no valid YAML"}, lines: []int{3},
		},
		{
			name: "one line of JSON, with examples", in: "---\nname: proto\ndescription: Use this to build. Examples:\\n\\n<example>\\nContext: new app\\nuser: \"build: it\"\\n</example>\ncolor: green\n---\ntext",
			fields: map[string]string{"description": "Use this to build. Examples:\n\n<example>\nContext: new app\nuser: \"build: it\"\n</example>", "color": "green"}, body: "text", bodyLine: 6, damaged: true,
			repairs: []string{"no valid YAML"},
		},
		{
			name: "examples in the first column", in: "---\nname: hack\ndescription: Grows. Examples:\n\n<example>\nContext: launch\nuser: \"we need: users\"\nassistant: \"on it\"\n</example>\ncolor: green\ntools: Read, Write\n---\ntext",
			fields: map[string]string{"description": "Grows. Examples:\n\n<example>\nContext: launch\nuser: \"we need: users\"\nassistant: \"on it\"\n</example>", "color": "green", "tools": "Read, Write"},
			body:   "text", bodyLine: 13, damaged: true, repairs: []string{"no valid YAML"},
		},
		{
			name: "quote never closed", in: "---\nname: a\ndescription: \"Does it, and more\nlicense: MIT\n---\ntext", fields: map[string]string{"name": "a", "description": "Does it, and more", "license": "MIT"},
			body: "text", bodyLine: 6, damaged: true, repairs: []string{"no valid YAML"},
		},
		{
			name: "three lists in a row", in: "---\nname: a\ndescription: d\nargument-hint: [a] [b] [c]\n---\ntext", fields: map[string]string{"name": "a", "description": "d", "argument-hint": "[a] [b] [c]"},
			body: "text", bodyLine: 6, damaged: true, repairs: []string{"no valid YAML"}, lines: []int{4},
		},
		{
			name: "dedent by one space", in: "---\nname: a\ndescription: d\nmetadata:\n  author: x\n version: \"1.0\"\n---\ntext", fields: map[string]string{"name": "a", "metadata": "author: x; version: 1.0"},
			body: "text", bodyLine: 8, damaged: true, repairs: []string{"no valid YAML"},
		},
		{
			name: "pasted from a chatbot", in: "---\nname: a\n[cite_start]description: does a\n---\ntext", fields: map[string]string{"name": "a", "description": ""}, body: "text", bodyLine: 5, damaged: true,
			repairs: []string{"no valid YAML", "not read as description"}, lines: []int{0, 3},
		},
		{
			name: "capital keys", in: "---\nName: a\nDescription: d\n---\ntext", fields: map[string]string{"name": "a", "description": "d"}, body: "text", bodyLine: 5,
			repairs: []string{`"Name"`, `"Description"`}, lines: []int{2, 3},
		},
		{
			name: "key twice", in: "---\nname: a\nname: b\ndescription: d\n---\ntext", fields: map[string]string{"name": "a", "description": "d"}, body: "text", bodyLine: 6,
			repairs: []string{"twice"}, lines: []int{3},
		},
		{
			name: "zero-width before a fence", in: "---\nname: a\n---\ntext\n\u200b```\ncode\n```", fields: map[string]string{"name": "a"}, body: "text\n```\ncode\n```", bodyLine: 4,
			repairs: []string{"1 invisible characters"}, lines: []int{5},
		},
		{name: "zero-width in an escape", in: "---\nname: a\ndescription: \"do\\u200bes\"\n---\ntext", fields: map[string]string{"description": "does"}, body: "text", bodyLine: 5},
		{name: "unknown keys stay", in: "---\nname: a\nx-team: growth\non: true\nversion: 1.0\n---\ntext", fields: map[string]string{"x-team": "growth", "on": "true", "version": "1.0"}, body: "text", bodyLine: 7},
		{name: "a long value", in: "---\nname: a\ndescription: " + long + "\n---\ntext", fields: map[string]string{"description": long}, body: "text", bodyLine: 5},
		{name: "dashes in a value", in: "---\nname: a\ndescription: before --- after\n---\ntext", fields: map[string]string{"description": "before --- after"}, body: "text", bodyLine: 5},
		{
			name: "aliases are not expanded", in: "---\nname: &n a\ndescription: *n\n---\ntext", fields: map[string]string{"name": "a", "description": ""}, body: "text", bodyLine: 5,
			repairs: []string{"alias (*n)"}, lines: []int{3},
		},
		{
			name: "multi-line plain scalar with a pair in it", in: "---\nname: a\ndescription: Sets the package\n  to \"type\": \"module\" at once\n---\ntext",
			fields: map[string]string{"name": "a", "description": "Sets the package\n  to \"type\": \"module\" at once"}, body: "text", bodyLine: 6, damaged: true, repairs: []string{"no valid YAML"},
		},
		{name: "closed by dots", in: "---\nname: a\n...\ntext", fields: map[string]string{"name": "a"}, body: "text", bodyLine: 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Read([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			for key, want := range tt.fields {
				if got := p.Text(key); got != want {
					t.Errorf("%s = %q, want %q", key, got, want)
				}
			}
			if p.Found == tt.no || p.Damaged != tt.damaged {
				t.Errorf("found %v, damaged %v", p.Found, p.Damaged)
			}
			if diff := cmp.Diff(tt.body, p.Body); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if p.BodyLine != tt.bodyLine {
				t.Errorf("the body begins on line %d, want %d", p.BodyLine, tt.bodyLine)
			}
			checkRepairs(t, p.Repairs, tt.repairs, tt.lines)
		})
	}
}

func checkRepairs(t *testing.T, got []Repair, want []string, lines []int) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("repairs %+v, want %d", got, len(want))
	}
	for i, part := range want {
		if !strings.Contains(got[i].What, part) || got[i].Remedy == "" {
			t.Errorf("repair %+v, want %q and a remedy", got[i], part)
		}
		if i < len(lines) && lines[i] > 0 && got[i].Line != lines[i] {
			t.Errorf("repair %+v, want line %d", got[i], lines[i])
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, in, want string
		line           int
	}{
		{"nothing", "", "empty", 0},
		{"one byte", "\n", "empty", 0},
		{"nothing to see", "\u200b\u2060\n", "empty", 0},
		{"binary", "---\nname: a\n---\nPK\x00", "UTF-8", 4},
		{"another encoding", "---\nname: caf\xe9\n---\n", "UTF-8", 2},
		{"UTF-16", "\xff\xfe-\x00-\x00", "UTF-8", 1},
		{"too large", strings.Repeat("a", MaxFile+1), "at most", 0},
		{"a novel between the dashes", "---\nname: a\ndescription: " + strings.Repeat("long ", 20_000) + "\n---\n", "frontmatter has", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read([]byte(tt.in))
			var refused *Error
			if !errors.As(err, &refused) || !strings.Contains(refused.What, tt.want) || refused.Remedy == "" || refused.Line != tt.line {
				t.Errorf("%#v, want %q on line %d", err, tt.want, tt.line)
			}
		})
	}
}

// Metadata is text to text: a version is not a number and a date not a time.
func TestMapStaysAsWritten(t *testing.T) {
	p, err := Read([]byte("---\nmetadata:\n  version: 1.0\n  updated: 2026-05-02\n  level: 3\n  on: yes\n  nested: {a: [1, 2]}\n---\ntext"))
	if err != nil {
		t.Fatal(err)
	}
	f, _ := p.Get("metadata")
	want := map[string]string{"version": "1.0", "updated": "2026-05-02", "level": "3", "on": "yes", "nested": "a: 1, 2"}
	if diff := cmp.Diff(want, f.Map()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestList(t *testing.T) {
	for in, want := range map[string][]string{
		"skills: [a, b]":                   {"a", "b"},
		"skills:\n  - a\n  - b":            {"a", "b"},
		"skills: product/a, product/b":     {"product/a", "product/b"},
		"skills:\n  first: a\n  second: b": {"a", "b"},
		"skills:":                          nil,
	} {
		p, err := Read([]byte("---\n" + in + "\n---\ntext"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, p.List("skills")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", in, diff)
		}
	}
}

// A bomb of aliases or of brackets costs no more than its bytes.
func TestBombs(t *testing.T) {
	aliases := "---\na: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := 'b'; i < 'j'; i++ {
		aliases += string(i) + ": &" + string(i) + " [" + strings.Repeat("*"+string(i-1)+",", 9) + "]\n"
	}
	for name, in := range map[string]string{
		"aliases":  aliases + "name: bomb\n---\ntext",
		"brackets": "---\nname: bomb\ndescription: " + strings.Repeat("[", 5000) + "\n---\ntext",
		"nested":   "---\nname: bomb\ndescription: " + strings.Repeat("[", 500) + strings.Repeat("]", 500) + "\n---\ntext",
		"doubles":  "---\nname: bomb\n" + strings.Repeat("name: x\n", 5000) + "---\ntext",
		"many":     "---\nname: bomb\n" + strings.Repeat("k: v\n", 10_000) + "---\ntext",
	} {
		p, err := Read([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if p.Text("name") != "bomb" || len(p.Fields) > maxFields || len(p.Repairs) > maxRepairs+1 {
			t.Errorf("%s: name %q, %d fields", name, p.Text("name"), len(p.Fields))
		}
		size := 0
		for _, f := range p.Fields {
			size += len(f.Text())
		}
		if size > 2*len(in) {
			t.Errorf("%s: %d bytes became %d", name, len(in), size)
		}
	}
}

func TestVisible(t *testing.T) {
	for _, tt := range []struct {
		in, want string
		n        int
	}{
		{"plain text, tabs\tand\nlines", "plain text, tabs\tand\nlines", 0},
		{"🏗️ and 👩‍💻 stay", "🏗️ and 👩‍💻 stay", 0},
		{"می‌خواهم stays", "می‌خواهم stays", 0},
		{"a\u200bb", "ab", 1},
		{"a\u200db", "ab", 1},
		{"\u202eevil\u202c", "evil", 2},
		{"hi\U000E0041\U000E0042", "hi", 2},
		{"x\ufe01\U000E0101", "x", 2},
		{"esc\x1b[2Jape", "esc[2Jape", 1},
		{"one\u2028two", "one two", 1},
	} {
		got, hidden := Visible(tt.in)
		if got != tt.want || hidden.Count != tt.n {
			t.Errorf("%q gives %q and %d, want %q and %d", tt.in, got, hidden.Count, tt.want, tt.n)
		}
	}
}
