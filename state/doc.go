// Package state is the log: streams of decisions, and what they fold to.
//
// A session is a stream; a channel's settings and a workspace's are streams
// too. [Store.Update] folds a stream, lets a pure function decide, and appends
// the decision as one record after the one that it read. [Store.Follow] hands
// every record to a follower with a durable cursor. Nothing else changes state,
// and nothing that is written is ever changed.
//
// # What is guaranteed
//
//   - A change is done whole or not at all, and is on disk when Update returns
//     without an error. After a failed commit nobody can say what is on disk:
//     the store refuses everything, and the process has to start again.
//   - Decisions of a stream are taken one at a time and numbered from 1. One
//     that read what has moved by the time it is committed is taken again.
//   - A change whose inbound key was committed in the last 48 hours has no
//     further effect and gets the first answer. (Keys go by whole days: they
//     are kept for two to three.)
//   - A thread belongs to one session for good, a number in a channel likewise.
//   - A follower sees every record, in the order of the commits, at least once;
//     rows that it writes with its cursor come exactly once.
//   - A changed bit is noticed: in a record when it is read, anywhere when the
//     log is verified. A damaged stream is fenced and all others go on.
//
// # How it is kept
//
// A backend keeps records in streams and in one log of all, and rows in spaces
// (see [Backend], [Space]). In package bolt that is one file with the buckets
//
//	log     position → whose record, the one before it in its stream, the record
//	heads   stream → number and position of its last record      ┐ the index,
//	marks   stream, every 64th number → position                 │ written for
//	keys D  inbound keys of day D → position                     ┘ many at once
//	rows    space, key → value: threads, numbers, open sessions, texts, cursors
//	meta    the schema; the ledger: how many rows each bucket holds, the sum of
//	        their checksums, the position up to which the index is written
//
// A command writes one row of the log, and the ledger, which lies in a page that
// changes anyway. The index of the newest 512 records at most is in memory and
// is read from the log again when the file is opened; keys of a day are dropped
// with their bucket. Each row ends with a CRC32-C over bucket, key and value. A
// record has its own, and a chain: 16 bytes of a SHA-256 over the chain of the
// record before, its place and its JSON. The file is bbolt's with its defaults,
// so that its own tools read it.
//
// # Order
//
// Positions in the log rise by one with each record. Records of one stream are
// chained by position and number; a read begins at the nearest mark and follows
// them backwards. Rows change in the transaction of the record they follow from.
package state
