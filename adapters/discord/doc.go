// Package discord is Baton in Discord: `/baton` with all verbs as typed
// subcommands, message commands, buttons, selects and forms, threads and forum
// posts, `@Baton` where mentions are enabled.
//
// It decodes what Discord delivers into a [chat.Call], hands it over, and renders
// the [chat.Message] that comes back. An interaction is responded to once what
// it changed is durable. It knows no rule of the protocol.
package discord
