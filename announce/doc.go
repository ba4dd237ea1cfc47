// Package announce is what Baton says by itself: everything that is not the
// direct answer to a call. It follows the log, and it posts.
//
// # The road
//
// A decision is in the log. The follower turns it into rows, in one transaction
// with its cursor: which message, where. Each row stands in a queue; the outbox
// works the queues off and writes down what became of each row:
//
//	pending → attempting → delivered | rejected | unknown
//
// "attempting" is durable before the first byte leaves. A row found attempting
// at the start is unknown: nobody can say whether it was said. Unknown rows are
// looked for on the platform before anything is said again.
//
// # What is guaranteed
//
//   - What is in the log is said, once, or it is known and told why not. Nothing
//     is told that did not happen.
//   - Rows of a queue are said in their order. A queue that has to wait (for
//     Retry-After, for a place that takes nothing, for a look-up) holds up no
//     other.
//   - Nothing is sent before the time a platform gave, also after a restart.
//   - In one workspace answers and questions to people go before announcements,
//     announcements before edits of cards. Edits of a card that wait become one.
//   - Where a look-up is impossible, an announcement is said again after ten
//     minutes, marked as a possible repeat. A question to people never is.
//   - A card that the platform does not take is said in a line. Where it does not
//     take that either, whoever started the session is told why, and what was to
//     go into the thread stands in the channel.
//   - Each part of a card shows what stands. Those it becomes too short for are
//     taken away, those it lacks are said.
//   - A restart is silent: what was said for which decision is on record with
//     where it stands, so that a correction edits and nothing is repeated.
//
// # How it is kept
//
// Rows are the follower's own (see [state.FollowTx]), in these ranges:
//
//	q class lane, 0, order   what is to be said: [row]
//	l session, 0, number …   what was said, and where: [said]
//	h session, 0, decision   in which further places it is told of
//	u session, 0, decision   that it was undone, by which: [takenBack]
//	k session                its card: [card]
//	p place                  a place that has to wait, and why: [pause]
//	m name                   marks of this database: who it is, when it began
//	t moment, 0, name        what is to happen then: [timer]
//	o session, 0, number     a reminder that fell due while it had ended: [timer]
//	c channel                how far its morning rounds are: [rounds]
//	n session                what its thread was told of, how often: [told]
//	e channel, 0, session    one that has ended since the last digest
//
// A timer fires in one transaction with the rows it makes and the timer that
// comes after it. What it made is looked at once more before it is said: what
// could not be said on its day is given back to the next round, and nothing is
// said in quiet hours.
//
// A message is made from the log when it is sent, so that rows stay small and a
// card shows what stands then. What a message says follows from the record it
// tells of, so that it is the same however often it is made.
package announce
