package adaptertest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/synthoperator/baton/chat"
)

// wholeWord is how long a word may be, in characters, before a platform may cut
// it in two. The smallest limit of a message known is 2,000 characters (Discord).
const wholeWord = 100

// core is what has to survive of a text: letters, digits and pictures. Marks of
// emphasis, line ends and the lines around code may be drawn in another way.
func core(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.N, unicode.So) && r != utf8.RuneError {
			return r
		}
		return -1
	}, text)
}

// missing is the first word of a text that does not stand where it belongs in
// what is shown; "" if none is missing. Both are compared by their core; words
// that are long may be cut.
func missing(text, shown string) string {
	_, word := follow(text, core(shown))
	return word
}

// follow finds a text in a core and returns what comes after it.
func follow(text, shown string) (rest, missing string) {
	for _, field := range strings.Fields(text) {
		word := core(field)
		if utf8.RuneCountInString(field) > wholeWord {
			for _, r := range word {
				i := strings.IndexRune(shown, r)
				if i < 0 {
					return shown, fmt.Sprintf("%q of a long word", r)
				}
				shown = shown[i+utf8.RuneLen(r):]
			}
			continue
		}
		i := strings.Index(shown, word)
		if i < 0 {
			return shown, word
		}
		shown = shown[i+len(word):]
	}
	return shown, ""
}

// lost says what of a message is not shown; "" if all is. Title and blocks have
// to stand in their order, everything else somewhere.
func lost(m chat.Message, shown []Seen) string {
	var texts, all strings.Builder
	for _, s := range shown {
		texts.WriteString(s.Text + "\n")
		all.WriteString(everything(s))
	}
	rest := core(texts.String())
	for _, text := range append([]string{m.Title}, blockTexts(m.Blocks)...) {
		var word string
		if rest, word = follow(text, rest); word != "" {
			return fmt.Sprintf("%q of %.60q", word, text)
		}
	}
	whole := all.String()
	for _, text := range otherTexts(m) {
		if word := missing(text, whole); word != "" {
			return fmt.Sprintf("%q of %.60q", word, text)
		}
	}
	return ""
}

// everything is all that people can read of a message.
func everything(s Seen) string {
	lines := append([]string{s.Speaker, s.Text}, s.Buttons...)
	for _, sel := range s.Selects {
		lines = append(append(lines, sel.Label), sel.Choices...)
	}
	for _, f := range s.Files {
		lines = append(lines, f.Name, f.Alt)
	}
	return strings.Join(lines, "\n") + "\n"
}

func blockTexts(blocks []chat.Block) []string {
	var texts []string
	for _, block := range blocks {
		switch b := block.(type) {
		case chat.Paragraph:
			texts = append(texts, string(b))
		case chat.Rich:
			texts = append(texts, string(b))
		case chat.Bullets:
			texts = append(texts, b...)
		case chat.Fields:
			for _, f := range b {
				texts = append(texts, f.Name, f.Value)
			}
		case chat.Code:
			texts = append(texts, string(b))
		case chat.Remark:
			texts = append(texts, string(b))
		case chat.Progress:
			texts = append(texts, fmt.Sprint(b.Done), fmt.Sprint(b.Of))
		case chat.Pointer:
			texts = append(texts, b.Label)
		}
	}
	return texts
}

// otherTexts are those that may stand anywhere.
func otherTexts(m chat.Message) []string {
	texts := []string{m.As.Name}
	if strings.TrimSpace(m.Title+strings.Join(blockTexts(m.Blocks), "")) == "" {
		texts = append(texts, m.Short)
	}
	for _, b := range m.Buttons {
		texts = append(texts, b.Label)
	}
	for _, s := range m.Selects {
		texts = append(texts, s.Label)
		for _, c := range s.Choices {
			texts = append(texts, c.Label)
		}
	}
	if m.Form != nil {
		texts = append(texts, m.Form.Title)
		for _, in := range m.Form.Inputs {
			texts = append(texts, in.Name, in.Value)
		}
	}
	for _, f := range m.Files {
		texts = append(texts, f.Name, f.Alt)
	}
	return texts
}

// unbalanced reports whether a block of code is left open in Markdown.
func unbalanced(source string) bool {
	open := ""
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, " \n")
		mark := strings.TrimLeft(line, " ")
		if len(line)-len(mark) > 3 || len(mark) < 3 || mark[0] != '`' && mark[0] != '~' {
			continue
		}
		n := len(mark) - len(strings.TrimLeft(mark, mark[:1]))
		switch info := mark[n:]; {
		case n < 3:
		case open == "" && !strings.Contains(info, "`"):
			open = mark[:n]
		case open != "" && info == "" && strings.HasPrefix(mark[:n], open):
			open = ""
		}
	}
	return open != ""
}

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
