// Package discordtest is a fake Discord for tests: the HTTP API, the gateway,
// interactions over HTTP, and the people who use them. It is written from the
// platform's documentation and from nothing of Baton's, so that it cannot share
// a misunderstanding with the adapter it tests. It is stricter than Discord
// where Discord is lenient: what Discord would silently ignore, and what would
// only hurt later, is kept as a [Violation].
//
// A test makes a [Server], a guild with channels and members, and an application
// whose bot joins:
//
//	discord := discordtest.New(discordtest.Options{})
//	app := discord.NewApplication("Baton")
//	guild := discord.NewGuild("Acme")
//	launch := guild.NewChannel("launch", discordtest.Text)
//	app.Join(guild, discordtest.Core)
//	ana := guild.NewMember("ana")
//
// It then connects the bot under test to [Server.URL] with [Application.Token],
// and lets people act: [Member.Slash], [Member.Click], [Member.Say]. What a
// person saw is [Interaction.Seen]; what was asked of the API is
// [Server.Requests]; what was wrong with it is [Server.Violations].
//
// # Time
//
// Everything follows one [Clock]: limits, tokens, deadlines, heartbeats. With
// [Options.InMemory] nothing leaves the process, so that a server and its
// clients can live in a testing/synctest bubble. A bubble's time starts in the
// year 2000, before Discord's ids begin; [SkipToEpoch] moves it on.
//
// # Sources
//
// Numbers name where they come from: "D:x" is the page x of the documentation
// of Discord's developers, "Spec" its OpenAPI description (discord-api-spec),
// "GH:" an issue. What none of them promises is called unverified.
package discordtest
