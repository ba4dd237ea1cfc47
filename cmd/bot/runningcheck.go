package main

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/adapters/slack"
)

// connected is how a running bot's connection to a platform is. A bot that only
// connects out has no address where its health could be asked for.
type connected struct {
	Platform string `json:"platform"`
	Title    string `json:"title"`
	Up       bool   `json:"up"`
	Been     bool   `json:"been"` // up at some time
	Why      string `json:"why"`
}

// health tells how the connections of this process are.
func (d *door) health() answer {
	all := []connected{}
	if h := d.job.served; h != nil {
		for i, one := range h.healths {
			one.mu.Lock()
			all = append(all, connected{h.names[i], one.title, one.up, one.been, one.why})
			one.mu.Unlock()
		}
	}
	var out bytes.Buffer
	err := printJSON(&out, all)
	return answer{err: err, body: &out, bytes: int64(out.Len()), close: func() {}}
}

// running has the bot that runs on a database say how its connections are.
func (c *checked) running(j *job, database string) {
	var out bytes.Buffer
	_, err := j.ask(database, request{Do: "health", JSON: true}, waitInAll, func() (io.Writer, error) {
		out.Reset()
		return &out, nil
	})
	var all []connected
	if err == nil {
		err = json.Unmarshal(out.Bytes(), &all)
	}
	if err != nil {
		c.Database.What += ", and does not say how its connections are: " + sentence(err)
		return
	}
	for _, one := range all {
		checks := c.checksOf(one.Platform)
		switch {
		case checks == nil: // it runs with another configuration
		case one.Up:
			checks.add("connection", checkReady, "the running bot's connection works: "+one.Why, "")
		case !one.Been:
			checks.add("connection", checkNoted, "the running bot is not connected to "+one.Title+" yet: "+one.Why, "")
		default:
			checks.add("connection", checkWrong, "the running bot is not connected to "+one.Title+": "+one.Why, "its log says since when")
		}
	}
}

// checksOf are the checks of a platform, nil where it is not enabled.
func (c *checked) checksOf(platform string) *platformChecks {
	switch {
	case platform == slack.Platform && c.Slack != nil:
		return &c.Slack.Checks
	case platform == discord.Platform && c.Discord != nil:
		return &c.Discord.Checks
	}
	return nil
}
