package discord

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// zeroWidth breaks up what would be a mention or a fence, and is not seen.
const zeroWidth = "\u200b"

var (
	lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n")
	// urlRE finds addresses that Discord shows as links and that hold nothing it
	// could take for markup.
	urlRE = regexp.MustCompile(`^https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?#][A-Za-z0-9\-._~:/?#@!$&'()+,;=%]*)?`)
	// numberRE finds the number of an entry in a list.
	numberRE = regexp.MustCompile(`^[0-9]+\.`)
	idRE     = regexp.MustCompile(`^[0-9]{1,20}$`)
)

// clean is a text without what would move a cursor or turn the order of what is
// read, with one kind of line ends.
func clean(text string) string {
	text = lineEnds.Replace(strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		if leftOut(r) {
			return -1
		}
		return r
	}, text)
}

// leftOut reports whether a clean text has no such character.
func leftOut(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r < 0xa0, r == 0x061c, r == 0x200e, r == 0x200f,
		r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
		return true
	}
	return false
}

// inOneLine is a text in one line.
func inOneLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

// blank reports whether nothing of a text is seen.
func blank(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		return !leftOut(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && r != 0x2800 && r != 0x3164
	}) < 0
}

// plain is markup that shows a text as it stands, but for code between two
// backticks of one line.
func plain(text string) string {
	lines := strings.Split(clean(text), "\n")
	for i, line := range lines {
		lines[i] = plainLine(line)
	}
	return strings.Join(lines, "\n")
}

func plainLine(line string) string {
	var out strings.Builder
	body := strings.TrimLeft(line, " \t")
	out.WriteString(line[:len(line)-len(body)])
	switch {
	case strings.HasPrefix(body, "#"), strings.HasPrefix(body, "-"), strings.HasPrefix(body, "+"), strings.HasPrefix(body, ">"):
		out.WriteString(`\` + body[:1])
		body = body[1:]
	case body != "" && body[0] >= '0' && body[0] <= '9' && numberRE.MatchString(body):
		n := strings.IndexByte(body, '.')
		out.WriteString(body[:n] + `\.`)
		body = body[n+1:]
	}
	var link address
	link.goesOn(out.String(), out.Len())
	for body != "" {
		n, as := plainToken(body, out.String(), link.on)
		out.WriteString(as)
		link.goesOn(out.String(), len(as))
		body = body[n:]
	}
	return out.String()
}

// plainToken is how many bytes the next token of a line has, and what shows it
// after what was drawn before, inside an address or not.
func plainToken(body, before string, inLink bool) (int, string) {
	switch c := body[0]; c {
	case '`':
		if inLink {
			return 1, "\\`"
		}
		if n := strings.IndexByte(body[1:], '`'); n > 0 && !blank(body[1:n+1]) {
			if strings.HasSuffix(before, "`") {
				return n + 2, zeroWidth + body[:n+2]
			}
			return n + 2, body[:n+2]
		}
		return 1, "\\`"
	case '\\', '*', '_', '~', '|', '[', ']':
		return 1, `\` + string(c)
	case '<':
		return 1, bracket(body)
	case '@':
		if namesAll(body) {
			return 1, "@" + zeroWidth
		}
	case 'h':
		if link := urlAt(body); link != "" {
			return len(link), link
		}
	}
	n := strings.IndexAny(body[1:], "`\\*_~|[]<@h") + 1
	if n == 0 {
		n = len(body)
	}
	return n, body[:n]
}

// namesAll reports whether a text begins with what would be shown as a mention of
// everybody.
func namesAll(text string) bool {
	return strings.HasPrefix(text, "@everyone") || strings.HasPrefix(text, "@here")
}

// address tells whether an address is going on where a line has been drawn to:
// Discord takes everything up to a blank or "<" for a part of it, a backslash and
// a backtick too, so that what looks like code there is none and what looks
// escaped is not. It looks at each byte once: lines may be as long as people make
// them.
type address struct {
	from int // where it may have begun
	on   bool
}

// goesOn takes in the last n bytes of what has been drawn.
func (a *address) goesOn(drawn string, n int) {
	fresh := len(drawn) - n
	if i := strings.LastIndexAny(drawn[fresh:], " \t<"); i >= 0 {
		a.from, a.on = fresh+i+1, false
	}
	if a.on {
		return
	}
	last := strings.ToLower(drawn[max(a.from, fresh-len("https://")):])
	a.on = strings.Contains(last, "http://") || strings.Contains(last, "https://") || strings.Contains(last, "steam://")
}

// bracket is "<", kept from beginning a mention, a time, a picture or a link. A
// backslash would not do that after an address.
func bracket(body string) string {
	next, _ := utf8.DecodeRuneInString(body[1:])
	if strings.ContainsRune("@#/:", next) || unicode.IsLetter(next) {
		return "<" + zeroWidth
	}
	return "<"
}

// urlAt is the address that a text begins with, as far as Discord makes it a
// link.
func urlAt(text string) string {
	if !strings.HasPrefix(text, "http") {
		return "" // the pattern is tried at many places of long texts
	}
	link := strings.TrimRight(urlRE.FindString(text), `.,:;'"?!`)
	for strings.HasSuffix(link, ")") && strings.Count(link, ")") > strings.Count(link, "(") {
		link = link[:len(link)-1]
	}
	return link
}

// width is at most how many units a character of a clean text becomes by
// plain.
func width(r rune) int {
	switch r {
	case '`', '\\', '*', '_', '~', '|', '[', ']', '<', '>', '@', '#', '-', '+', '.':
		return 2
	}
	return utf16.RuneLen(r)
}

// fixedWidth is the same for code.
func fixedWidth(r rune) int {
	if r == '`' {
		return 2
	}
	return utf16.RuneLen(r)
}

// fixed is a text as it stands inside a block of code: what would end the block
// is broken up.
func fixed(text string) string {
	for strings.Contains(text, "```") {
		text = strings.ReplaceAll(text, "```", "``"+zeroWidth+"`")
	}
	return text
}

// fenced is a block of code.
func fenced(language, text string) string {
	if blank(text) {
		text = zeroWidth
	}
	return "```" + language + "\n" + fixed(text) + "\n```"
}

// mention notifies somebody; it is their name where that is impossible.
func mention(id, name string) string {
	if !idRE.MatchString(id) {
		return plain(inOneLine(name))
	}
	return "<@" + id + ">"
}

// plainName is a name of a file that stays as it is on its way: Discord leaves
// out other characters.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, clean(name))
	name = strings.TrimLeft(name, ".")
	if len(name) > maxFileName {
		name = name[len(name)-maxFileName:]
	}
	if name == "" {
		return "file"
	}
	return name
}
