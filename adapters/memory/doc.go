// Package memory is a platform that lives in memory. A [World] is the platform:
// channels and threads with what is said in them, the people there, and what
// goes wrong. An [Adapter] is Baton's side of it. Tests and benchmarks talk to
// Baton through it, and it is held to the same suite as every other platform.
//
// The world is as strict as a platform: it has limits, paces and a markup of
// its own, it refuses what breaks them, and keeps a list of everything that a
// well-behaved sender would not have done ([World.Violations]).
//
// Its markup: <@id> notifies a person and <!all> everybody, wherever it stands
// (text, labels, names); &lt; &gt; and &amp; are the characters. Whatever else
// stands there is shown as it is.
//
// Everything random is drawn from the seed and from what is asked for, not from
// the order in which goroutines ask, so that a run can be repeated.
package memory
