// Package console is a terminal as a platform: one line in, the answer out.
// Several people and threads share one terminal, so that a team's work can be
// tried, tested and read as a chat. Where standard input is no terminal it is
// read to its end.
//
// A line says who speaks where, and what:
//
//	ana@launch> start product-launch Launch an invoicing tool
//	ana@launch/2> note decision Postgres, not Dynamo
//	status
//
// The second line speaks in the thread of that channel's second session,
// counted from 1. A line without a prefix is said by "you" in "general"; "you"
// is the person at the keyboard and therefore the operator. Names of people and
// channels are told apart without regard to case.
//
// An indented line (two spaces or a tab) goes on with the text of the line
// above; the indent is not part of it, and blank lines between two indented
// lines are. A line that is not indented is a message of its own, whatever
// stands above it; where that looks like a mistake, the answer says once that
// (lines of one message are indented by two spaces). Blank lines elsewhere are
// ignored. A line that starts with // is a
// remark and ends what stands above it; a line that starts as Baton's own
// answers do is ignored, so that a chat that was printed can be played again.
// A leading "/baton" or "@baton" is accepted and not needed.
//
// What is answered prints with the place it belongs to in front of every line:
//
//	baton@launch/1| Phase 1 of 4: Build
//
// At a terminal a paste is one text and needs no indent; a prefix alone, and a
// session that was just started, change where the next lines are said; quit,
// exit or Ctrl-D leave. Text that is to be copied (a prompt, a document) has
// nothing in front of its lines there and stands between two rules. A form is
// asked for field by field; Ctrl-D, Ctrl-C or a line with a prefix leaves it
// with nothing changed, and one that was refused comes back filled.
//
// Each line is a delivery of its own. "[key] ana@launch> …" names the delivery:
// a line with a key that was accepted before has no second effect, which is how
// a line can be delivered again after the program was killed.
//
// Text from others is shown without control characters: it cannot move the
// cursor, recolour the screen or pass for a line of its own.
package console
