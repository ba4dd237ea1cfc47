package slack

import (
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/synthoperator/baton/chat"
)

// The kinds of deliveries, by their names in Socket Mode.
const (
	kindCommand     = "slash_commands"
	kindInteractive = "interactive"
	kindEvent       = "events_api"
)

// delivery is one attempt of Slack's to tell something, whichever way it came.
type delivery struct {
	kind    string
	payload []byte // JSON
	retry   int    // how often it was tried before, as Slack counts
	receipt receipt
}

// receipt acknowledges one attempt. One of the two is called, and once; neither
// once it is too late.
type receipt struct {
	came   time.Time
	give   func(payload []byte) // it is durable; payload may be nil
	refuse func()               // it is to come again
}

// ackWithin is how long after it came an attempt is acknowledged at most. Slack
// waits three seconds (https://docs.slack.dev/interactivity/handling-user-interaction,
// for Socket Mode python-slack-sdk#1280); what comes later is an answer to nothing.
const ackWithin = 2800 * time.Millisecond

// door is how something came in.
type door int

const (
	doorNone       door = iota // of no concern to Baton
	doorCommand                // /baton
	doorMessage                // @baton, or a direct message
	doorAction                 // a button or a select
	doorShortcut               // a message shortcut
	doorForm                   // a form that was submitted
	doorClosed                 // a form that was closed
	doorSuggestion             // what may be chosen is asked for
	doorHome                   // the app's home was opened
	doorHeard                  // a message of Baton's own
	doorRevoked                // the app was taken out of a workspace
	doorAside                  // Baton is mentioned and not addressed
)

// person reports whether somebody waits for what comes of it. Slack tells of
// events again if they are not acknowledged, and of nothing else.
func (d door) person() bool {
	return d == doorCommand || d == doorAction || d == doorShortcut || d == doorForm
}

// request is what a delivery asks for.
type request struct {
	door door
	keys []string // what it is known by; the first is the call's id
	in   workspace
	call chat.Call

	came    string // the name of the person that came along
	raw     string // text with Slack's markup, of which the call's is made
	ts      string // of the message, where there is one
	under   string // of that message's thread
	hook    *hook
	trigger trigger
	view    view
	meta    formMeta
	typed   string                // so far, of what is suggested; of a command that must not be done twice, all of it
	option  string                // that is suggested for
	kept    slackgo.SlackMetadata // what a message of Baton's own carries
	link    bool                  // the call's argument link is to lead to ts
}

// trigger is the right to open a form once.
type trigger struct {
	id    string
	until time.Time
}

// triggerLife is how long a trigger works, counted from when Baton hears of it
// (https://docs.slack.dev/interactivity/handling-user-interaction). A little of
// the three seconds has passed by then, and a little more passes on the way back.
const triggerLife = 2500 * time.Millisecond

// urgent are the verbs that wait for nobody: they end or let go on what others
// may be waiting for.
var urgent = map[string]bool{"stop": true, "approve": true, "deny": true}

// lane is what waits for each other: the calls of one thread.
func (r request) lane() string {
	switch r.door {
	case doorSuggestion, doorHeard, doorAside, doorClosed:
		return ""
	case doorHome, doorRevoked:
		return "home/" + r.in.id() + "/" + r.call.Person.ID
	}
	verb := r.call.Verb
	if verb == "" {
		verb = firstWord(r.raw)
	}
	if urgent[verb] && !r.call.Form {
		return ""
	}
	return r.call.Thread.Key()
}
