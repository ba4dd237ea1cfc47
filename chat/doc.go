// Package chat is the words that adapters and commands share: who said what in
// which thread, and what is answered. An adapter decodes its platform into a
// [Call], hands it over, and renders the [Message] that comes back. A button
// and a form are commands that somebody else typed for you: they decode to the
// same Call.
//
// Nothing of ours is imported, no rule is known and no platform is named here.
package chat
