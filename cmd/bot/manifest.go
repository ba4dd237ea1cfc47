package main

import (
	"fmt"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/commands"
)

// manifestCmd is bot manifest.
type manifestCmd struct {
	Slack slackManifestCmd `cmd:"" help:"Print the manifest of the Slack app, as https://api.slack.com/apps takes it."`
}

// slackManifestCmd is bot manifest slack.
type slackManifestCmd struct {
	Open bool `help:"Print the link to Slack's form instead, with the manifest filled in."`
}

// Run prints the manifest of what the configuration enables.
func (c *slackManifestCmd) Run(j *job) error {
	m, err := slack.MakeManifest(commands.New(commands.Deps{}).Specs(), j.config.Slack.setup())
	if err != nil {
		return usageError{err}
	}
	if !c.Open {
		return printJSON(j.out, m)
	}
	link, err := m.Link(j.config.Slack.APIURL)
	switch {
	case err != nil:
		return err
	case j.JSON:
		return printJSON(j.out, map[string]string{"link": link})
	}
	_, err = fmt.Fprintln(j.out, link)
	return err
}

// setup is what the app is made of.
func (s SlackConfig) setup() slack.Setup {
	return slack.Setup{
		Features: s.Features, Transport: slack.Transport(s.Transport), PublicURL: s.PublicURL,
		Installs: s.ClientID != "", Org: s.Organisation,
	}
}
