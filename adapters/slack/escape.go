package slack

import (
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Whom a text notifies and where it leads are decided by tokens in angle brackets
// (https://docs.slack.dev/messaging/formatting-message-text). Texts of people,
// agents and files never make one: rich text and plain text are shown as they
// stand, markup is escaped, and Markdown, of which nobody says whether Slack
// looks for tokens in it, gets a character that is not seen in between.

var (
	escaped  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n")

	userRE = regexp.MustCompile(`^[UW][A-Z0-9]{1,30}$`)
	// tokenRE finds where a token may begin, also one that was escaped before.
	tokenRE = regexp.MustCompile(`(?i)(<|&lt;?|&#0*60;?|&#x0*3c;?)([@!#])`)
	// broadcastRE finds names that notify many where names are read as mentions.
	broadcastRE = regexp.MustCompile(`(?i)(^|[^\pL\pN_])@(channel|here|everyone|group)\b`)
	// pictureRE finds pictures in Markdown: an agent could tell somebody something
	// by the address that Slack, or a reader's Slack, asks for.
	pictureRE = regexp.MustCompile(`!(\[[^\]\n]*\][(\[])`)
)

// joiner is seen by nobody and keeps two characters from being read as one token
// (U+2060, word joiner).
const joiner = "\u2060"

// clean is a text without what would move a cursor or turn the order of what is
// read; all line ends are one character.
func clean(text string) string {
	if isPlain(text) {
		return text
	}
	text = lineEnds.Replace(strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		return r
	}, text)
}

// isPlain reports whether a text is of ASCII characters that are shown, spaces
// and line ends, as most are.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < 0x20 || c > 0x7e) && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// escape makes mrkdwn in which no token of a text is alive. What formats, such as
// an asterisk, is left alone: see [mrkdwn].
func escape(text string) string { return escaped.Replace(clean(text)) }

// inert is Markdown in which nobody is mentioned and no picture is shown. It is
// the same when it is done again.
func inert(markdown string) string {
	markdown = tokenRE.ReplaceAllString(clean(markdown), "$1"+joiner+"$2")
	markdown = broadcastRE.ReplaceAllString(markdown, "$1@"+joiner+"$2")
	for pictureRE.MatchString(markdown) { // one may stand in what another says
		markdown = pictureRE.ReplaceAllString(markdown, "!"+joiner+"$1")
	}
	return markdown
}

// codeRE finds code in one line: what stands between two backticks.
var codeRE = regexp.MustCompile("`[^`\n]+`")

// formatRE finds what mrkdwn would draw otherwise than it stands: emphasis, emoji
// by name, quotes, and backticks that are left over.
var formatRE = regexp.MustCompile("[*~`]|(?:^|[^\\pL\\pN])_|_(?:[^\\pL\\pN]|$)|:[a-z0-9_+'-]+:|(?m:^\\s*>)")

// mrkdwn is a text as mrkdwn that shows it as it stands, with its code as code;
// ok is false where there is no such.
func mrkdwn(text string) (markup string, ok bool) {
	text = clean(text)
	if formatRE.MatchString(codeRE.ReplaceAllString(text, "x")) {
		return "", false
	}
	return escape(text), true
}

// oneLine is a text without line ends.
func oneLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

// units is how long a text is, as UTF-16 counts it.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

func blank(text string) bool { return strings.TrimSpace(clean(text)) == "" }

// shorten is a text of at most so many units; cut where it is longer.
func shorten(text string, most int) string {
	if units(text) <= most {
		return text
	}
	return strings.TrimRight(text[:fitting(text, most-1, units)], " \n") + "…"
}

// fitting is how many bytes of a text fit: whole characters as people see them,
// or runes where not even one of those fits; at least one.
func fitting(text string, most int, width func(string) int) int {
	used, all := 0, graphemes.FromString(text)
	end := 0
	for all.Next() {
		n := width(all.Value())
		if used+n > most {
			break
		}
		used, end = used+n, end+len(all.Value())
	}
	if end > 0 || text == "" {
		return end
	}
	for i, r := range text {
		n := width(string(r))
		if used+n > most && i > 0 {
			return i
		}
		used += n
	}
	return len(text)
}
