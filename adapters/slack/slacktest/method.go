package slacktest

import (
	"slices"
	"strings"
)

// Tier is how often a method may be called for one app in one workspace, per
// minute. Source: docs.slack.dev/apis/web-api/rate-limits, "1+", "20+", "50+",
// "100+"; a method with special limits has its own rule in rate.go or none.
type Tier int

const (
	special Tier = 0
	tier1   Tier = 1
	tier2   Tier = 20
	tier3   Tier = 50
	tier4   Tier = 100
)

// Method is what is known of one Web API method: its arguments, the scopes of
// which a bot needs one, how often it may be called, and its own error names.
type Method struct {
	Tier     Tier
	Scopes   string
	Required string
	Optional string
	Errors   string
	// Beside is what the method takes although the page of facts lacks it, with
	// the source in a comment.
	Beside string
}

// Takes reports whether the method has an argument of that name.
func (m Method) Takes(arg string) bool {
	for _, names := range []string{m.Required, m.Optional, m.Beside} {
		if slices.Contains(strings.Fields(names), arg) {
			return true
		}
	}
	return false
}
