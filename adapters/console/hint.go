package console

import (
	"regexp"

	"github.com/synthoperator/baton/chat"
)

// indentHint says once how several lines are one message.
const indentHint = "(lines of one message are indented by two spaces)"

// openingRE finds the first line of a text that usually has more: the
// protocol's handoff ("Phase 1 complete.") and a report on a task.
var openingRE = regexp.MustCompile(`(?i)^(?:[*#>_ ]*phase \d{1,6} complete[.:!*_ ]*|run report:? #?\d{1,9}:[^\n]*)$`)

// before is what a pipe remembers of the thing said last, to tell who writes
// the lines of one message without an indent. It changes only what is said
// about a line, never what the line does.
type before struct {
	refused bool // with a prefix, and refused
	opening bool // with a prefix, and the first line of more
	hinted  bool
}

// mayBeOne reports, once, whether a line without a prefix may have been meant
// to go on with what was said before it. Blank lines belong to a handoff.
func (b *before) mayBeOne(l line, between gap) bool {
	direct := b.refused && between == nothing || b.opening && between <= blanks
	if b.hinted || l.named || !direct {
		return false
	}
	b.hinted = true
	return true
}

// answered remembers a line and its answer.
func (b *before) answered(l line, m chat.Message) {
	b.refused = l.named && m.Refused
	b.opening = l.named && openingRE.MatchString(l.text)
}
