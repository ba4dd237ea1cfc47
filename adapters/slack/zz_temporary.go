package slack

import slackgo "github.com/slack-go/slack"

// Adapter is Baton in Slack.
type Adapter struct {
	o Options
}

var _ = slackgo.New
