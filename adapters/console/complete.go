package console

import (
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
	"github.com/synthoperator/baton/chat"
)

// mostListed bounds the suggestions that Tab lists.
const mostListed = 12

// completion is where a walk through the suggestions stands.
type completion struct {
	before string // the line up to the word that is completed
	after  string
	all    []chat.Suggestion
	at     int    // the one shown, or -1
	line   string // as it was left; anything else ends the walk
}

// complete is called for every key. The first Tab writes what all suggestions
// have in common and lists them where there are several; each further Tab puts
// the next one in.
func (t *talk) complete(text string, pos int, key rune) (string, int, bool) {
	if key != '\t' {
		return "", 0, false
	}
	if t.keys.leaves {
		return text, pos, true // a form's field holds no verb
	}
	if len(t.tab.all) > 1 && text == t.tab.line {
		return t.cycle()
	}
	t.tab = completion{}
	l, err := parseLine(text[:pos], t.at)
	if err != nil {
		return text, pos, true
	}
	call, err := l.call("completion")
	if err != nil {
		return text, pos, true
	}
	call.Text += text[len(strings.TrimRight(text[:pos], " ")):pos]
	all := t.Handler.Complete(t.ctx, call)
	if len(all) == 0 {
		return text, pos, true
	}
	start := max(0, pos-len(call.Text)+replaced(call.Text, all[0].Text))
	word := text[start:pos]
	t.tab = completion{before: text[:start], after: text[pos:], all: all, at: -1}
	if len(all) == 1 {
		return t.put(strings.TrimRight(all[0].Text, " ") + " ")
	}
	t.print(chat.Thread{}, listed(all))
	if shared := common(all); len(shared) > len(word) && strings.HasPrefix(shared, word) {
		word = shared
	}
	return t.put(word)
}

func (t *talk) cycle() (string, int, bool) {
	t.tab.at = (t.tab.at + 1) % len(t.tab.all)
	return t.put(t.tab.all[t.tab.at].Text)
}

// put writes a word where the completed one stood.
func (t *talk) put(word string) (string, int, bool) {
	line := t.tab.before + word + t.tab.after
	t.tab.line = line
	return line, len(t.tab.before) + len(word), true
}

// replaced is where in what was typed a suggestion goes: at the last word, or
// before it where the suggestion repeats what stands there, as "seo-audit,
// copywriting" does after "load seo-audit, copy".
func replaced(typed, suggestion string) int {
	last := strings.LastIndexAny(typed, " \t\n") + 1
	want := strings.ToLower(spaced(suggestion))
	for i := range last {
		if i > 0 && !strings.ContainsRune(" \t\n", rune(typed[i-1])) {
			continue
		}
		if head := strings.ToLower(spaced(typed[i:last])); head != " " && strings.HasPrefix(want, head) {
			return i
		}
	}
	return last
}

// spaced is a text with single spaces and one at its end.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") + " " }

// common is the longest text that all suggestions begin with.
func common(all []chat.Suggestion) string {
	shared := all[0].Text
	for _, s := range all[1:] {
		for !strings.HasPrefix(s.Text, shared) {
			_, n := utf8.DecodeLastRuneInString(shared)
			shared = shared[:len(shared)-n]
		}
	}
	return shared
}

// listed are the suggestions in two columns.
func listed(all []chat.Suggestion) []row {
	show := all[:min(len(all), mostListed)]
	var pairs chat.Fields
	for _, s := range show {
		label := s.Label
		if label == "" {
			label = s.Text
		}
		pairs = append(pairs, chat.Field{Name: label, Value: runewidth.Truncate(s.Detail, 60, "…")})
	}
	rows := fields(pairs)
	if len(all) > len(show) {
		rows = append(rows, row{text: "…"})
	}
	return rows
}
