package skills

import (
	"regexp"
	"strings"
)

// Line is a sentence of a body by which a skill says who is thinking.
type Line struct {
	Number int    // line in the body, counted from 1
	Text   string // the sentence as it stands, markup included
	Method string // what it says without a person: "an expert in form optimization"
}

// lookAhead is how many lines of text are looked at from the beginning.
const lookAhead = 5

// youAre is "You are a …", "You're now the …", "Act as an …", "You are **Name**":
// an article, a bold name or a capital tells it from "You are here to …".
var youAre = regexp.MustCompile(`^[*_>\s]*(?i:you are|you're|act as|acting as)\s+(?i:now\s+)?((?i:an?|the|one of|our|my)\s.*|[*_]{1,2}\S.*|\p{Lu}.*)$`)

// Identity finds the sentences by which a skill tells the reader who they are:
// "You are an expert in …". Personas do that; a skill that is stacked under a
// persona may not (rule 1), so a prompt demotes these lines to a method. Only
// the opening of the skill counts, and the first line of a section called Role
// or Identity, outside fenced code: a "You are" elsewhere, in an example say, is
// the skill's own business.
func Identity(body string) []Line {
	var out []Line
	room, fenced := lookAhead, false
	for i, l := range strings.Split(body, "\n") {
		text := strings.TrimSpace(l)
		switch {
		case strings.HasPrefix(text, "```"), strings.HasPrefix(text, "~~~"):
			fenced = !fenced
			room = 0
		case fenced, text == "", strings.Trim(text, "-*_ ") == "":
		case strings.HasPrefix(text, "#"):
			if saysWho(text) {
				room = max(room, 1)
			} else if room < lookAhead {
				room = 0 // the opening is over
			}
		case room > 0:
			room--
			for _, sentence := range sentences(text) {
				if m := youAre.FindStringSubmatch(sentence); m != nil {
					out = append(out, Line{i + 1, sentence, method(m[1])})
				}
			}
		}
	}
	return out
}

// saysWho reports whether a heading opens a section about who is thinking.
func saysWho(heading string) bool {
	switch strings.ToLower(strings.Trim(heading, "# :*")) {
	case "role", "your role", "identity", "your identity", "persona", "who you are":
		return true
	}
	return false
}

// method is the rest of the sentence without markup and its last stop.
func method(rest string) string {
	rest = strings.NewReplacer("**", "", "__", "").Replace(rest)
	return strings.Trim(strings.TrimSpace(rest), ".!*_ ")
}

// sentences splits a line after a full stop, exclamation or question mark that
// a space follows. What stands between backquotes is never split.
func sentences(text string) []string {
	var out []string
	start, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '`':
			quoted = !quoted
		case '.', '!', '?':
			end := i + 1
			for end < len(text) && (text[end] == '*' || text[end] == '_' || text[end] == '"' || text[end] == ')') {
				end++
			}
			if !quoted && end < len(text) && text[end] == ' ' && !abbreviation(text[start:i+1]) {
				out = append(out, strings.TrimSpace(text[start:end]))
				start, i = end, end
			}
		}
	}
	return append(out, strings.TrimSpace(text[start:]))
}

// abbreviation reports whether a text ends in a stop that ends no sentence.
func abbreviation(s string) bool {
	for _, a := range []string{"e.g.", "i.e.", "etc.", "vs.", "Dr.", "Sr.", "Jr."} {
		if strings.HasSuffix(s, a) {
			return true
		}
	}
	return false
}
