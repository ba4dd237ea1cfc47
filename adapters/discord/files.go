package discord

import (
	"fmt"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// written is a message as a Markdown file.
func written(m chat.Message) string {
	var out strings.Builder
	if !blank(m.Title) {
		out.WriteString("# " + inOneLine(m.Title) + "\n\n")
	}
	for _, b := range m.Blocks {
		if text := writtenBlock(b); text != "" {
			out.WriteString(text + "\n\n")
		}
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}

func writtenBlock(b chat.Block) string {
	switch b := b.(type) {
	case chat.Paragraph:
		return clean(string(b))
	case chat.Rich:
		return clean(string(b))
	case chat.Bullets:
		var lines []string
		for _, item := range b {
			lines = append(lines, "- "+strings.ReplaceAll(clean(item), "\n", "\n  "))
		}
		return strings.Join(lines, "\n")
	case chat.Fields:
		var lines []string
		for _, f := range b {
			lines = append(lines, "- **"+inOneLine(f.Name)+"**: "+strings.ReplaceAll(clean(f.Value), "\n", "\n  "))
		}
		return strings.Join(lines, "\n")
	case chat.Code:
		return codeBlock{lines: strings.Split(clean(string(b)), "\n")}.source()
	case chat.Remark:
		return clean(string(b))
	case chat.Progress:
		return fmt.Sprintf("%d of %d done", b.Done, b.Of)
	case chat.Pointer:
		if b.To.Link == "" {
			return clean(b.Label)
		}
		return "[" + inOneLine(b.Label) + "](" + b.To.Link + ")"
	}
	panic(fmt.Sprintf("discord: a block of the kind %T", b))
}
