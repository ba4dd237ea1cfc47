// Package slacktest is a Slack to test against: the Web API over HTTP, Socket
// Mode over websockets, signed deliveries over HTTP, and people who type, press
// and submit. It speaks the wire and imports nothing of Baton, so that it cannot
// share a misunderstanding with the adapter it is to test.
//
// It is stricter than Slack. Slack ignores what it does not know and lets much
// pass that only sometimes works; here an argument that no method page names, a
// block that breaks a limit, an acknowledgement that comes late or twice is
// written down as a [Violation], and a test ends with none. What a correct
// client may meet as well (a channel it was removed from, a rate limit, a
// trigger that ran out) is answered as Slack answers it and is no violation.
//
// A server listens on loopback or, with [Options.Pipe], on a network inside the
// process that works in a testing/synctest bubble. It has one clock: timers run
// on package time, and [Server.Advance] moves what is only compared (lifetimes,
// windows of rate limits) forward.
//
//	slack := slacktest.New(t, slacktest.Options{})
//	team := slack.Workspace("T1", "acme")
//	app := slack.App(slacktest.AppConfig{ID: "A1", Commands: []string{"/baton"}, …})
//	bot := app.Install(team)
//	launch := team.Channel("C1", "launch")
//	ana := team.Person("U1", "ana")
//	launch.Join(ana.ID, bot.UserID)
//	… start the bot with slack.APIURL(), app.Token, bot.Token …
//	seen := ana.Slash(launch, "/baton", "status")
//
// Sources named in comments: D is docs.slack.dev, K the method pages in
// machine-readable form (github.com/smstoslack/slack_kit), T the declarations of
// npm @slack/types 3.2.0 and @slack/web-api 8.2.0, GH an issue on GitHub.
// "unverified" marks what no source says.
package slacktest
