// Package state is the log: streams of decisions, and a fold of each.
//
// A session is a stream; a channel's settings and a workspace's are streams
// too. [Store.Update] folds a stream, lets a pure function decide, and appends
// the decision as one record after the one that it read. [Store.Follow] gives
// every record to a follower with a durable cursor. Nothing else changes state.
package state
