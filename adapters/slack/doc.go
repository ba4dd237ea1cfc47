// Package slack is Baton in Slack: `/baton` in channels, `@baton` in channels and
// threads, buttons, selects and forms, message shortcuts and the app's home.
//
// It decodes what Slack delivers into a [chat.Call], hands it over, and renders
// the [chat.Message] that comes back. A delivery is acknowledged once what it
// changed is durable. It knows no rule of the protocol.
package slack
