package skills

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/synthoperator/baton/internal/frontmatter"
)

//go:embed all:*/SKILL.md all:*/references all:*/assets
var shipped embed.FS

// Files are the shipped skills, one folder each, at the top.
func Files() fs.FS { return shipped }

// Limits of the specification; a file beyond them loads and is told of.
//
// https://agentskills.io/specification
const (
	maxName        = 64   // characters
	maxDescription = 1024 // characters
)

// Skill is a skill file that has been read.
type Skill struct {
	Name          string // the folder's: what people type
	Declared      string // the frontmatter's name; "" where absent
	Description   string // one line, never empty
	Licence       string
	Compatibility string
	Metadata      map[string]string // as written: 1.0 stays "1.0"
	AllowedTools  []string          // a wish of the file; nothing is granted by it
	Body          string            // the text a prompt gets
	BodyLine      int               // the line of the file the body begins at
}

// Parse reads a SKILL.md. name is its path: the folder gives the skill's name,
// or the frontmatter where there is no folder. It returns what had to be mended,
// or a [*frontmatter.Error] where the file is no skill.
func Parse(name string, data []byte) (Skill, []frontmatter.Repair, error) {
	page, err := frontmatter.Read(data)
	if err != nil {
		return Skill{}, nil, err
	}
	if !page.Found {
		return Skill{}, nil, &frontmatter.Error{
			Line: 1, What: "has no frontmatter, so nothing says when to use it",
			Remedy: "begin it with ---, name:, description:, ---",
		}
	}
	s := Skill{
		Name: path.Base(path.Dir(name)), Declared: page.Line("name"), Description: page.Line("description"),
		Licence: page.Line("license"), Compatibility: page.Line("compatibility"),
		AllowedTools: tools(page), Body: page.Body, BodyLine: page.BodyLine,
	}
	if f, ok := page.Get("metadata"); ok {
		s.Metadata = f.Map()
	}
	if s.Licence == "" {
		s.Licence = page.Line("licence")
	}
	if s.Name == "." || s.Name == "/" {
		s.Name = s.Declared
	}
	switch {
	case s.Description == "":
		return Skill{}, nil, &frontmatter.Error{Line: 1, What: noDescription(page), Remedy: remedy(page)}
	case s.Name == "":
		return Skill{}, nil, &frontmatter.Error{Line: 1, What: "has no name", Remedy: "add name:"}
	case strings.TrimSpace(s.Body) == "":
		return Skill{}, nil, &frontmatter.Error{Line: s.BodyLine, What: "has no text below the frontmatter", Remedy: "write the steps below the second ---"}
	}
	return s, append(page.Repairs, s.notes()...), nil
}

func noDescription(page frontmatter.Page) string {
	if page.Damaged {
		return "the frontmatter is damaged and its description cannot be read"
	}
	return "has no description, so nothing says when to use it"
}

// remedy is what to change first: the line that was nearly a description.
func remedy(page frontmatter.Page) string {
	for _, r := range page.Repairs {
		if strings.HasPrefix(r.Remedy, "begin the line") {
			return fmt.Sprintf("line %d: %s", r.Line, r.Remedy)
		}
	}
	return "add description: what the skill does and when to use it"
}

// tools reads allowed-tools: separated by spaces in the specification, by
// commas or as a list elsewhere. A comma inside parentheses separates nothing.
func tools(page frontmatter.Page) []string {
	f, ok := page.Get("allowed-tools")
	if !ok {
		return nil
	}
	text, depth := f.Text(), 0
	return strings.FieldsFunc(strings.Trim(text, "[]"), func(r rune) bool {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		return depth <= 0 && (r == ',' || r == ' ')
	})
}

// notes says where a skill departs from the specification without harm.
func (s Skill) notes() []frontmatter.Repair {
	var out []frontmatter.Repair
	note := func(remedy, format string, args ...any) {
		out = append(out, frontmatter.Repair{Line: 1, What: fmt.Sprintf(format, args...), Remedy: remedy, Note: true})
	}
	if s.Declared == "" {
		note("add name: "+s.Name, "has no name; its folder's is used")
	} else if s.Declared != s.Name {
		note("give the folder and the frontmatter one name", "its folder is called %s, its frontmatter says %s", s.Name, s.Declared)
	}
	if n := len([]rune(s.Name)); n > maxName {
		note("shorten it", "its name has %d characters; the specification allows %d", n, maxName)
	}
	if n := len([]rune(s.Description)); n > maxDescription {
		note("shorten it", "its description has %d characters; the specification allows %d", n, maxDescription)
	}
	return out
}
