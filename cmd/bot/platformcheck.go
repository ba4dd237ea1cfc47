package main

import (
	"fmt"
	"strings"
	"time"
)

// platformCheck is one thing about a platform that was looked at.
type platformCheck struct {
	What   string `json:"what"`
	State  string `json:"state"` // "ready", "noted", "wrong", or "misconfigured"
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

// The states of a check. Only what is wrong makes the check fail.
const (
	checkReady = "ready"
	checkNoted = "noted"
	checkWrong = "wrong"         // the platform says so
	checkUnset = "misconfigured" // missing, or in another's place
)

// checkTime is how long a platform may take for one answer.
const checkTime = 10 * time.Second

// platformChecks are those of one platform.
type platformChecks []platformCheck

func (p *platformChecks) add(what, state, detail, remedy string) {
	*p = append(*p, platformCheck{what, state, detail, remedy})
}

// unset tells of secrets that are missing or mixed up, as sentences with what to
// do after a colon.
func (p *platformChecks) unset(wrong []string) {
	for _, text := range wrong {
		what, remedy, _ := strings.Cut(text, ": ")
		name, _, _ := strings.Cut(what, " ")
		p.add(name, checkUnset, what, remedy)
	}
}

// code is the exit code that the checks come to.
func (p platformChecks) code() int {
	code := exitDone
	for _, c := range p {
		switch c.State {
		case checkUnset:
			return exitUsage
		case checkWrong:
			code = exitFailed
		}
	}
	return code
}

// print prints a line for each, under the platform's name.
func (p platformChecks) print(to *printer, platform string) {
	for _, c := range p {
		text := c.Detail
		if c.State != checkReady {
			text = withRemedy(text, c.Remedy)
		}
		to.line("%s", fmt.Sprintf("%-14s %s", platform, text))
	}
}
