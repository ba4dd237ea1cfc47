package personas

import (
	"strings"

	"github.com/synthoperator/baton/internal/frontmatter"
)

// fromHeadings reads a file that has no frontmatter by its headings: the first
// of level one is the title, "Description" describes, and where there is a
// "System Prompt", the text from there on is the body.
func (p *Persona) fromHeadings() (frontmatter.Repair, error) {
	heads := headings(p.Body)
	if len(heads) == 0 {
		return frontmatter.Repair{}, &frontmatter.Error{
			Line: 1, What: "has neither frontmatter nor headings: no persona",
			Remedy: "begin it with ---, name:, description:, ---",
		}
	}
	lines := strings.Split(p.Body, "\n")
	p.Title = p.Slug
	for i, h := range heads {
		end := len(lines)
		if i+1 < len(heads) {
			end = heads[i+1].line
		}
		text := lines[h.line+1 : end]
		switch {
		case h.level == 1 && p.Title == p.Slug:
			p.Title = h.text
			p.Description = orElse(p.Description, paragraph(text))
		case strings.EqualFold(h.text, "Description"):
			p.Description = paragraph(text)
		}
	}
	for _, h := range heads {
		if strings.EqualFold(h.text, "System Prompt") {
			p.Body = strings.Join(lines[h.line+1:], "\n")
			p.BodyLine += h.line + 1
			break
		}
	}
	if p.Description == "" {
		p.Description = paragraph(lines[heads[0].line+1:])
	}
	if strings.TrimSpace(p.Body) == "" {
		return frontmatter.Repair{}, &frontmatter.Error{Line: p.BodyLine, What: "has headings but no text", Remedy: "write who this persona is"}
	}
	return frontmatter.Repair{
		Line: 1, What: "has no frontmatter; read by its headings",
		Remedy: "begin it with ---, name:, description:, ---",
	}, nil
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

type heading struct {
	line, level int // line from 0 in the body
	text        string
}

// headings are the headings outside fenced code.
func headings(body string) []heading {
	var out []heading
	fenced := false
	for i, l := range strings.Split(body, "\n") {
		if strings.HasPrefix(strings.TrimSpace(l), "```") {
			fenced = !fenced
			continue
		}
		text := strings.TrimLeft(l, "#")
		level := len(l) - len(text)
		if !fenced && level > 0 && level <= 6 && strings.HasPrefix(text, " ") {
			out = append(out, heading{i, level, strings.TrimSpace(text)})
		}
	}
	return out
}

// paragraph is the first paragraph that is no heading, on one line.
func paragraph(lines []string) string {
	var words []string
	for _, l := range lines {
		text := strings.TrimSpace(l)
		if text == "" || strings.HasPrefix(text, "#") {
			if len(words) > 0 {
				break
			}
			continue
		}
		words = append(words, strings.Fields(text)...)
	}
	return strings.Join(words, " ")
}
