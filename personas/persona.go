package personas

import (
	"embed"
	"io/fs"
	"path"
	"strings"

	"github.com/synthoperator/baton/internal/frontmatter"
)

//go:embed *.md
var shipped embed.FS

// Files are the shipped personas, one Markdown file each, at the top.
func Files() fs.FS { return shipped }

// Persona is a persona file that has been read.
type Persona struct {
	Slug        string // the stem of its file: what people type
	Title       string // for people; never empty
	Declared    string // the frontmatter's name, which may be another name to type; "" where absent
	Description string // one line
	Emoji       string // one, or ""
	Vibe        string // one sentence, or ""
	Color       string
	Model       string   // a wish of the file; Baton shows it only
	Tools       []string // a wish of the file; nothing is granted by it
	Skills      []string // the skills it likes to work with, as written
	Body        string   // the text a prompt gets
	BodyLine    int      // the line of the file the body begins at
}

// Parse reads a persona file. path gives the name. It returns what had to be
// mended, or a [*frontmatter.Error] where the file is no persona.
func Parse(name string, data []byte) (Persona, []frontmatter.Repair, error) {
	page, err := frontmatter.Read(data)
	if err != nil {
		return Persona{}, nil, err
	}
	p := Persona{Slug: stem(name), Body: page.Body, BodyLine: page.BodyLine}
	if !page.Found {
		repair, err := p.fromHeadings()
		return p, append(page.Repairs, repair), err
	}
	repairs := append(page.Repairs, p.fromFields(page)...)
	if page.Damaged && p.Description == "" {
		return Persona{}, nil, &frontmatter.Error{Line: 1, What: "the frontmatter is damaged and its description cannot be read", Remedy: remedy(page)}
	}
	if strings.TrimSpace(p.Body) == "" {
		return Persona{}, nil, &frontmatter.Error{Line: p.BodyLine, What: "has no text below the frontmatter", Remedy: "write who this persona is below the second ---"}
	}
	return p, repairs, nil
}

// remedy is what to change first in a damaged block.
func remedy(page frontmatter.Page) string {
	for _, r := range page.Repairs {
		if strings.HasPrefix(r.Remedy, "begin the line") {
			return r.Remedy
		}
	}
	return "write description: \"…\" on a line of its own"
}

func stem(name string) string {
	base := path.Base(name)
	return strings.TrimSuffix(base, path.Ext(base))
}

func (p *Persona) fromFields(page frontmatter.Page) []frontmatter.Repair {
	var repairs []frontmatter.Repair
	p.Declared = page.Line("name")
	p.Title = p.Declared
	if p.Title == "" {
		p.Title = p.Slug
	}
	p.Description = page.Line("description")
	if p.Description == "" {
		repairs = append(repairs, frontmatter.Repair{Line: 1, What: "has no description", Remedy: "add description: what this persona is for", Note: true})
	}
	p.Emoji = first(page.Line("emoji"))
	p.Vibe = page.Line("vibe")
	p.Color = page.Line("color")
	p.Model = page.Line("model")
	p.Skills = page.List("skills")
	p.Tools = page.List("tools")
	if f, ok := page.Get("allowed-tools"); ok && p.Tools == nil {
		p.Tools = f.List()
		repairs = append(repairs, frontmatter.Repair{Line: f.Line, What: "allowed-tools is a field of skills; read as tools", Remedy: "write tools:"})
	}
	return repairs
}

// first is the first word, so that nobody's emoji is a paragraph.
func first(s string) string {
	s, _, _ = strings.Cut(s, " ")
	if len(s) > 40 { // bytes; the longest joined emoji have 35
		return ""
	}
	return s
}
