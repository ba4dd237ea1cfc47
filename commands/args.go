package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
)

// words is what was typed or entered, sorted to a verb's options but not yet
// understood.
type words struct {
	values  map[string]string
	because string
}

// readText sorts typed text to options: "key: value" wherever a key stands,
// what comes before the first key to the positional options in their order.
// Quotes keep a key from being one; an apostrophe within a word is a letter.
func readText(cmd *Command, text string) (words, error) {
	w := words{values: map[string]string{}}
	if cmd.verbatim != nil {
		if values, ok := cmd.verbatim(text); ok {
			w.values = values
			return w, nil
		}
	}
	text, w.because = cutReason(cmd, text)
	if cmd.natural != nil {
		if values, ok := cmd.natural(text); ok {
			w.values = values
			return w, nil
		}
	}
	marks := findKeys(cmd, text)
	head := text
	if len(marks) > 0 {
		head = text[:marks[0].start]
	}
	for i, m := range marks {
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1].start
		}
		value := unquote(strings.TrimSpace(text[m.end:end]))
		if old, twice := w.values[m.option]; twice {
			if cmd.option(m.option).Kind != chat.List {
				return w, orchestration.Refuse("%s stands twice", m.option).Try(cmd.spec.Example)
			}
			value = old + "\n" + value
		}
		w.values[m.option] = value
	}
	return w, w.positional(cmd, head)
}

// positional gives what was typed without a key to the options in order: a word
// or a quoted part each, the rest to the last.
func (w *words) positional(cmd *Command, text string) error {
	rest := strings.TrimSpace(text)
	for _, f := range cmd.fields {
		if !f.positional || rest == "" {
			continue
		}
		if _, given := w.values[f.Name]; given {
			continue
		}
		if f.rest {
			w.values[f.Name] = unquote(rest)
			rest = ""
			break
		}
		word, after := nextWord(rest)
		if len(f.Choices) > 0 {
			word = strings.TrimRight(word, ":,")
		}
		if len(f.Choices) > 0 && f.loose && !isChoice(f.Choices, word) {
			continue // an optional keyword that was left out
		}
		w.values[f.Name], rest = word, after
	}
	if rest != "" {
		return cmd.tooMuch(rest)
	}
	return nil
}

func isChoice(choices []string, word string) bool {
	for _, c := range choices {
		if strings.EqualFold(c, word) {
			return true
		}
	}
	return false
}

// tooMuch says which words belong to nothing, and what there would be.
func (c *Command) tooMuch(rest string) error {
	var keys []string
	for _, f := range c.fields {
		keys = append(keys, "`"+f.Name+":`")
	}
	if len(keys) == 0 {
		return orchestration.Refuse("`%s` takes nothing more, and %q follows it", c.spec.Name, short(rest, 60)).Try(c.spec.Example)
	}
	return orchestration.Refuse("`%s` does not know what to do with %q; it takes %s", c.spec.Name, short(rest, 60), orList(keys)).
		Try(c.spec.Example)
}

// nextWord takes a word, or a quoted part, off the front.
func nextWord(s string) (word, rest string) {
	if end := quotedEnd(s, 0); end > 0 {
		return unquote(s[:end]), strings.TrimSpace(s[end:])
	}
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	return s, ""
}

// The quotes people type, phones included.
var quotes = map[rune]rune{'"': '"', '“': '”', '„': '“', '«': '»', '`': '`'}

// maxQuote bounds what one pair of quotes can hold, in bytes, so that a text
// full of opening quotes is read in good time.
const maxQuote = 8 * 1024

// quotedEnd is the end of the quoted part that starts at i, or 0.
func quotedEnd(s string, i int) int {
	open, size := utf8.DecodeRuneInString(s[i:])
	end, ok := quotes[open]
	if !ok {
		return 0
	}
	from := i + size
	window := s[from:min(len(s), from+maxQuote)]
	if j := strings.IndexRune(window, end); j >= 0 {
		return from + j + utf8.RuneLen(end)
	}
	return 0
}

// unquote takes the quotes off a text that is quoted as a whole.
func unquote(s string) string {
	if end := quotedEnd(s, 0); end == len(s) && end > 0 {
		_, open := utf8.DecodeRuneInString(s)
		_, shut := utf8.DecodeLastRuneInString(s)
		return s[open : len(s)-shut]
	}
	return s
}

// mark is a key found in a text.
type mark struct {
	start, end int
	option     string
}

// findKeys finds the verb's keys: at the start of a word, outside quotes,
// followed by a colon.
func findKeys(cmd *Command, text string) []mark {
	if strings.IndexByte(text, ':') < 0 {
		return nil
	}
	var out []mark
	boundary := true
	for i := 0; i < len(text); {
		if boundary {
			if end := quotedEnd(text, i); end > 0 {
				i = end
				boundary = false
				continue
			}
			if option, end := cmd.keyAt(text, i); end > 0 {
				out = append(out, mark{i, end, option})
				i = end
				continue
			}
		}
		c := text[i]
		boundary = c == ' ' || c == '\n' || c == '\t' || c == ';' || c == ',' || c == '.'
		i++
	}
	return out
}

// keyAt reports which option's key stands at i, and where its value begins.
func (c *Command) keyAt(text string, i int) (option string, end int) {
	for _, k := range c.keys {
		if len(text) < i+len(k.text) || !strings.EqualFold(text[i:i+len(k.text)], k.text) {
			continue
		}
		j := i + len(k.text)
		for j < len(text) && text[j] == ' ' {
			j++
		}
		if j < len(text) && text[j] == ':' && !strings.HasPrefix(text[j:], "://") {
			return k.option, j + 1
		}
	}
	return "", 0
}

// cutReason takes a trailing "because …" off. It is one only where no key and
// no further line follows, and in a text of several lines only where it begins
// the last one, so that what is pasted keeps its sentences.
func cutReason(cmd *Command, text string) (rest, reason string) {
	i := lastReason(text)
	if i < 0 {
		return text, ""
	}
	reason = strings.TrimSpace(strings.TrimLeft(text[i+len("because"):], ":"))
	if strings.ContainsRune(text, '\n') && i > 0 && text[i-1] != '\n' {
		return text, ""
	}
	if reason == "" || strings.ContainsRune(reason, '\n') || len(findKeys(cmd, reason)) > 0 {
		return text, ""
	}
	return strings.TrimRight(strings.TrimSpace(text[:i]), ",;"), unquote(reason)
}

// lastReason is where the last "because" outside quotes stands as a word.
func lastReason(text string) int {
	found := -1
	for i := 0; i < len(text); {
		if end := quotedEnd(text, i); end > 0 && (i == 0 || text[i-1] == ' ') {
			i = end
			continue
		}
		if (i == 0 || text[i-1] == ' ' || text[i-1] == '\n') && len(text) > i+7 &&
			strings.EqualFold(text[i:i+7], "because") && (text[i+7] == ' ' || text[i+7] == ':') {
			found = i
		}
		i++
	}
	return found
}

// short cuts a text for showing it in a sentence.
func short(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
