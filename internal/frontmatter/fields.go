package frontmatter

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Field is one field of a block.
type Field struct {
	Key   string // lower case where the key is a known one, else as written
	Line  int    // in the file, counted from 1
	value value
}

// value is a scalar, a list or pairs. Nested values are flattened: no field of
// a persona or a skill is deeper than that.
type value struct {
	text  string
	list  []string
	pairs []pair
}

type pair struct{ key, text string }

// Text is the value as one text: a list joined by commas, pairs as "key: value".
func (f Field) Text() string {
	switch {
	case f.value.list != nil:
		return strings.Join(f.value.list, ", ")
	case f.value.pairs != nil:
		parts := make([]string, len(f.value.pairs))
		for i, p := range f.value.pairs {
			parts[i] = p.key + ": " + p.text
		}
		return strings.Join(parts, "; ")
	}
	return f.value.text
}

// List is the value as a list: a text is split at commas, pairs give their values.
func (f Field) List() []string {
	var out []string
	add := func(text string) {
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	switch {
	case f.value.list != nil:
		return f.value.list
	case f.value.pairs != nil:
		for _, p := range f.value.pairs {
			add(p.text)
		}
	default:
		add(strings.Trim(f.value.text, "[]"))
	}
	return out
}

// Map is the value as pairs of text, or nil. Numbers and dates stay as written.
func (f Field) Map() map[string]string {
	if f.value.pairs == nil {
		return nil
	}
	out := make(map[string]string, len(f.value.pairs))
	for _, p := range f.value.pairs {
		out[p.key] = p.text
	}
	return out
}

// Get is the field of that key, in lower case.
func (p Page) Get(key string) (Field, bool) {
	for _, f := range p.Fields {
		if f.Key == key {
			return f, true
		}
	}
	return Field{}, false
}

// Text is the text of a field, or "" where it is absent.
func (p Page) Text(key string) string {
	f, _ := p.Get(key)
	return f.Text()
}

// Line is the text of a field on one line, with single spaces.
func (p Page) Line(key string) string { return strings.Join(strings.Fields(p.Text(key)), " ") }

// List is the list of a field, or nil where it is absent.
func (p Page) List(key string) []string {
	f, _ := p.Get(key)
	return f.List()
}

// readFields reads the block, as YAML or else line by line.
func (p *Page) readFields(lines []string, at int) {
	node, err := parseYAML(lines)
	if err != nil {
		p.Damaged = true
		p.Repairs = append(p.Repairs, Repair{
			Line: yamlLine(err, at, len(lines)), What: "the frontmatter is no valid YAML (" + yamlWhat(err) + ") and was read line by line",
			Remedy: yamlRemedy(yamlWhat(err)),
		})
		p.readLines(lines, at)
		return
	}
	for i := 0; i+1 < len(node.Content) && len(p.Fields) < maxFields; i += 2 {
		key, val := node.Content[i], node.Content[i+1]
		p.add(key.Value, key.Line+at-1, p.convert(val, at))
	}
	if len(node.Content)/2 > maxFields {
		p.Repairs = append(p.Repairs, Repair{Line: at, What: fmt.Sprintf("more than %d fields; the rest is left out", maxFields), Remedy: "keep what is used"})
	}
}

// add keeps a field under its lower-case key; the first of two wins.
func (p *Page) add(written string, line int, v value) {
	key := written
	if lower := strings.ToLower(written); lower != written && known(lower) && !camel(written) {
		key = lower
		p.Repairs = append(p.Repairs, Repair{Line: line, What: fmt.Sprintf("the key %q is not in lower case", written), Remedy: "write " + lower + ":"})
	}
	if _, twice := p.Get(key); twice {
		p.Repairs = append(p.Repairs, Repair{Line: line, What: fmt.Sprintf("%s stands twice; the first one counts", key), Remedy: "remove one"})
		return
	}
	p.Fields = append(p.Fields, Field{Key: key, Line: line, value: v.visible()})
}

// camel reports whether a key is spelled that way by its inventor (maxTurns).
func camel(key string) bool { return key[0] >= 'a' && key[0] <= 'z' }

// visible takes out what escapes like "\u200b" put in after the file was cleaned.
func (v value) visible() value {
	v.text, _ = Visible(v.text)
	for i := range v.list {
		v.list[i], _ = Visible(v.list[i])
	}
	for i := range v.pairs {
		v.pairs[i].key, _ = Visible(v.pairs[i].key)
		v.pairs[i].text, _ = Visible(v.pairs[i].text)
	}
	return v
}

// parseYAML gives the mapping of a block; an empty block is an empty mapping.
func parseYAML(lines []string) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Load([]byte(strings.Join(lines, "\n")+"\n"), &doc); err != nil {
		if strings.TrimSpace(strings.Join(lines, "")) == "" {
			return &yaml.Node{Kind: yaml.MappingNode}, nil
		}
		return nil, err
	}
	node := &doc
	if node.Kind == yaml.DocumentNode && len(node.Content) == 1 {
		node = node.Content[0]
	}
	if node.Kind == 0 || node.Kind == yaml.ScalarNode && node.Value == "" {
		return &yaml.Node{Kind: yaml.MappingNode}, nil
	}
	if node.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("L%d.C1: no fields, but %s", node.Line, strings.TrimPrefix(node.ShortTag(), "!!"))
	}
	return node, nil
}

func validYAML(lines []string) bool {
	_, err := parseYAML(lines)
	return err == nil
}

func (p *Page) convert(n *yaml.Node, at int) value {
	switch n.Kind {
	case yaml.SequenceNode:
		v := value{list: []string{}}
		for _, item := range n.Content {
			v.list = append(v.list, p.flat(item, at, 1))
		}
		return v
	case yaml.MappingNode:
		v := value{pairs: []pair{}}
		for i := 0; i+1 < len(n.Content); i += 2 {
			v.pairs = append(v.pairs, pair{n.Content[i].Value, p.flat(n.Content[i+1], at, 1)})
		}
		return v
	}
	return value{text: p.flat(n, at, 0)}
}

// flat is a node as one text; aliases and what is nested too deep are left out.
func (p *Page) flat(n *yaml.Node, at, depth int) string {
	switch {
	case n.Kind == yaml.AliasNode:
		p.Repairs = append(p.Repairs, Repair{Line: n.Line + at - 1, What: "an alias (*" + n.Value + ") is left out", Remedy: "write the value out"})
		return ""
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null":
		return ""
	case n.Kind == yaml.ScalarNode:
		return strings.TrimSpace(n.Value)
	case depth >= maxDepth:
		p.Repairs = append(p.Repairs, Repair{Line: n.Line + at - 1, What: fmt.Sprintf("nested deeper than %d and left out", maxDepth), Remedy: "write it flat"})
		return ""
	}
	var parts []string
	for i := 0; i < len(n.Content); i++ {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			continue
		}
		text := p.flat(n.Content[i], at, depth+1)
		if n.Kind == yaml.MappingNode {
			text = n.Content[i-1].Value + ": " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// placeInError is how yaml/v4 tells a place: L2.C39, or L1.C1-L3.C20.
var placeInError = regexp.MustCompile(`(?:L\d+\.C\d+-)?L(\d+)\.C\d+\S*: `)

// yamlLine is the line of the file that a YAML error speaks of; it may speak of
// the one after the last.
func yamlLine(err error, at, lines int) int {
	if m := placeInError.FindStringSubmatch(err.Error()); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			return at + min(n, lines) - 1
		}
	}
	return at
}

// yamlWhat is the error without its own place, on one line.
func yamlWhat(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if at := placeInError.FindStringIndex(text); at != nil {
		text = text[at[1]:]
	}
	return strings.ToValidUTF8(text[:min(len(text), 120)], "")
}
