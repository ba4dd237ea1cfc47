// Package commands is every verb of Baton, declared once, and the router that
// answers a call with one.
//
// A verb is one file: a struct of arguments whose tags say what it takes, and a
// function that returns what to say. From the declaration come the reading of
// typed text, the typed options of a platform, its completion, its form, the
// help and the README's table. A verb never posts and knows no platform; what
// changes a session goes through the log and is durable when the answer exists.
//
// A refusal is an answer, a sentence and what to type instead; anything else
// that goes wrong becomes a short apology with a key, and the chain goes to the
// operator's log under that key.
package commands
