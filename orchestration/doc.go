// Package orchestration is the protocol people follow when work crosses domains.
//
// A persona says who is thinking, a skill how to do it, a task what to do. A
// session runs a plan: phases, each with at most one persona and any number of
// skills. A phase ends with a handoff, and what was decided travels on.
//
// Nobody edits a session. A person decides; the decision holds events; Apply
// folds decisions into the Session everybody sees. Deciding may refuse,
// applying may not, for it has happened. Both are pure: no I/O, no clock, no
// chance happens here, and nothing of ours is imported.
//
// Rule 1, one persona at a time: a session has one persona field.
// Rule 2, skills stack: an ordered set.
// Rule 3, personas are optional: the zero Persona is nobody.
// Rule 4, context carries forward: see [Session.HandOff] and [Session.Carried].
// Rule 5, the human decides: everything that changes a plan takes a [Human];
// an [Agent] is another type, and nothing converts one into the other.
package orchestration
