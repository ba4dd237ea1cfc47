package discord

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/synthoperator/baton/chat"
)

// apiError is a request that Discord did not carry out, or says it did not.
type apiError struct {
	Route  string // method and template: a path may hold a secret
	Status int
	Code   int    // Discord's own, 0 where it gave none
	Text   string // Discord's words
	Field  string // the first field that a form was refused for
}

func (e *apiError) Error() string {
	text := fmt.Sprintf("discord: %s: %d", e.Route, e.Status)
	if e.Code != 0 {
		text += fmt.Sprintf(" (%d)", e.Code)
	}
	if e.Text != "" {
		text += " " + e.Text
	}
	if e.Field != "" {
		text += ": " + e.Field
	}
	return text
}

// limited is a request that has to come later. It was not carried out.
type limited struct {
	After time.Duration
	Scope scope
	Why   string
}

func (e *limited) Error() string { return "discord: wait " + e.After.String() + ": " + e.Why }

// scope is what has to wait.
type scope string

// The scopes, as X-RateLimit-Scope names them (D:topics/rate-limits).
const (
	scopeRoute    scope = "user"   // this bot on this route, in this channel
	scopeResource scope = "shared" // everybody in this channel
	scopeGlobal   scope = "global" // this bot everywhere
)

// effect is what a code says about a request.
type effect int

const (
	unknownEffect    effect = iota // nobody knows whether it was carried out
	rejected                       // it will never be taken as it is
	blockedHere                    // the thread or channel takes nothing
	blockedChannel                 // the channel takes nothing
	blockedWorkspace               // nothing is taken anywhere
	gone                           // what it was about is not there any more
	later                          // it has to come later
	done                           // it had been carried out before
)

// codes is what Discord's own codes say about what Baton sends
// (D:topics/opcodes-and-status-codes, JSON Error Codes).
var codes = map[int]struct {
	effect
	why string // for the owner of the place, where it takes nothing
}{
	10002:  {blockedWorkspace, "Discord does not know this application any more; make it anew in the developer portal"},
	10003:  {blockedHere, "it is not there any more, or Baton does not see it; give Baton's role access to it"},
	10004:  {blockedWorkspace, "Baton is not in this server any more; invite Baton again"},
	10005:  {gone, ""},
	10006:  {rejected, ""},
	10007:  {blockedHere, "who this is for is not in this server any more"},
	10008:  {gone, ""},
	10011:  {rejected, ""},
	10013:  {blockedHere, "Discord does not know who this is for any more"},
	10014:  {rejected, ""},
	10015:  {gone, ""},          // the webhook: see webhook.go
	10062:  {unknownEffect, ""}, // can be said of what was carried out (GH: discord/discord-api-docs#5558)
	10063:  {gone, ""},
	10065:  {gone, ""},
	10087:  {gone, ""},
	20001:  {rejected, ""},
	20012:  {rejected, ""},
	20016:  {later, ""}, // slow mode
	20022:  {later, ""},
	20026:  {blockedWorkspace, "Discord has flagged this application; see the developer portal"},
	20028:  {later, ""},
	20029:  {later, ""},
	20031:  {rejected, ""},
	30003:  {rejected, ""},
	30007:  {rejected, ""}, // webhooks of a channel: see webhook.go
	30010:  {rejected, ""},
	30013:  {rejected, ""},
	30015:  {rejected, ""},
	30019:  {rejected, ""},
	30032:  {rejected, ""},
	30033:  {blockedHere, "the thread has as many members as it can have; remove some"},
	30034:  {later, ""},
	30040:  {later, ""},
	30046:  {later, ""},
	30047:  {rejected, ""},
	30048:  {rejected, ""},
	30058:  {rejected, ""},
	40001:  {blockedWorkspace, "Discord does not accept Baton's token any more; set DISCORD_BOT_TOKEN to a new one"},
	40002:  {blockedWorkspace, "the account has to be verified in the developer portal"},
	40003:  {later, ""},
	40004:  {later, ""}, // sending messages is switched off for the moment
	40005:  {rejected, ""},
	40006:  {later, ""}, // a feature is switched off for the moment
	40007:  {blockedWorkspace, "Baton is banned from this server"},
	40012:  {blockedHere, "the connection was revoked"},
	40033:  {done, ""},
	40041:  {rejected, ""},
	40060:  {done, ""},
	40062:  {later, ""},
	40066:  {rejected, ""},
	40067:  {blockedChannel, "this forum wants a tag on each post, and none of its tags is open to Baton; add one or do not require it"},
	40094:  {later, ""},
	40333:  {later, ""}, // Cloudflare is blocking the request; a missing User-Agent
	50001:  {blockedChannel, "Baton does not see it; give Baton's role the permission View Channel there"},
	50003:  {rejected, ""},
	50004:  {blockedWorkspace, "this server has switched off what Baton needs here"},
	50005:  {rejected, ""}, // a message of another author: see post.go
	50006:  {rejected, ""},
	50007:  {blockedHere, "this person takes no direct messages from Baton; they have to allow them in this server's privacy settings"},
	50008:  {blockedChannel, "nothing can be written in this kind of channel; choose a text channel or a forum"},
	50009:  {blockedChannel, "the channel's verification level keeps Baton out"},
	50013:  {blockedChannel, "Baton may not write there; give Baton's role Send Messages, Send Messages in Threads, Create Public Threads, Embed Links and Attach Files"},
	50014:  {blockedWorkspace, "Discord does not accept Baton's token any more; set DISCORD_BOT_TOKEN to a new one"},
	50016:  {rejected, ""},
	50019:  {rejected, ""},
	50020:  {rejected, ""},
	50021:  {rejected, ""},
	50024:  {blockedChannel, "this kind of channel cannot hold what Baton posts; choose a text channel or a forum"},
	50025:  {blockedWorkspace, "Discord does not accept Baton's token any more; set DISCORD_BOT_TOKEN to a new one"},
	50027:  {gone, ""}, // a webhook's token: see webhook.go
	50033:  {rejected, ""},
	50034:  {rejected, ""},
	50035:  {rejected, ""},
	50036:  {blockedWorkspace, "Baton is not in this server any more; invite Baton again"},
	50041:  {rejected, ""},
	50045:  {rejected, ""},
	50046:  {rejected, ""},
	50068:  {rejected, ""},
	50080:  {rejected, ""},
	50083:  {blockedHere, "the thread is archived; open it again"},
	50085:  {rejected, ""},
	50086:  {rejected, ""},
	50101:  {rejected, ""},
	50109:  {rejected, ""},
	50132:  {rejected, ""},
	50138:  {rejected, ""},
	50146:  {rejected, ""},
	50159:  {rejected, ""},
	50161:  {rejected, ""},
	50600:  {blockedHere, "Baton may not send this there"},
	60003:  {blockedWorkspace, "the owner of this application has to switch on two-factor authentication"},
	110001: {later, ""},
	130000: {later, ""}, // the API is overloaded
	160002: {rejected, ""},
	160004: {done, ""}, // the message has its thread
	160005: {blockedHere, "the thread is locked; a moderator has to unlock it"},
	160006: {blockedWorkspace, "the server has as many active threads as it can have; archive some"},
	160007: {rejected, ""},
	200000: {rejected, ""}, // AutoMod
	200001: {rejected, ""},
	220001: {rejected, ""},
	220002: {rejected, ""},
	220003: {rejected, ""},
	220004: {rejected, ""},
	240000: {rejected, ""},
	350001: {rejected, ""},
}

// waits is how long to wait where a code says so and Discord says nothing.
const waits = time.Minute

// effect is what an answer says about the request. Without a code that is
// known, the status decides: what the server could not do is unknown, what it
// refused was not done.
func (e *apiError) effect() effect {
	if known, ok := codes[e.Code]; ok {
		return known.effect
	}
	switch {
	case e.Status == http.StatusUnauthorized:
		return blockedWorkspace
	case e.Status == http.StatusForbidden:
		return blockedChannel
	case e.Status == http.StatusTooManyRequests:
		return later
	case e.Status >= 400 && e.Status < 500 && e.Status != http.StatusRequestTimeout:
		return rejected
	}
	return unknownEffect
}

// because is the sentence for whoever can do something about it.
func (e *apiError) because() string {
	if known, ok := codes[e.Code]; ok && known.why != "" {
		return known.why
	}
	switch e.effect() {
	case blockedWorkspace:
		return "Discord does not accept Baton's token any more; set DISCORD_BOT_TOKEN to a new one"
	case blockedHere, blockedChannel:
		return "Baton may not write there (" + cmp.Or(e.Text, http.StatusText(e.Status)) + "); give Baton's role access to it"
	}
	return e.Error()
}

// outcome is an error in the words of whoever posts: what is known of a request
// that was about this thread.
func outcome(err error, in chat.Thread) error {
	var wait *limited
	if errors.As(err, &wait) {
		return chat.Later{After: wait.After, Where: wait.Scope.where(in), Why: wait.Why}
	}
	var e *apiError
	if !errors.As(err, &e) {
		return err
	}
	here := in.Key()
	switch e.effect() {
	case rejected:
		return chat.Rejected{Why: e.Error()}
	case gone:
		return chat.Gone{}
	case later:
		return chat.Later{After: waits, Where: scopeRoute.where(in), Why: e.Error()}
	case blockedHere:
		return chat.Blocked{Where: here, Why: e.because()}
	case blockedChannel:
		return chat.Blocked{Where: in.Parent().Key(), Why: e.because()}
	case blockedWorkspace:
		return chat.Blocked{Where: in.WorkspaceKey(), Why: e.because()}
	}
	return err
}

// where is the place that has to wait as a whole. A thread's limits are its own,
// as it is a channel to Discord.
func (s scope) where(in chat.Thread) string {
	switch {
	case s == scopeGlobal:
		return in.WorkspaceKey()
	case in.InChannel():
		return in.Key()
	}
	return ""
}

// coded reports whether an error bears one of these codes.
func coded(err error, any ...int) bool {
	var e *apiError
	return errors.As(err, &e) && slices.Contains(any, e.Code)
}
