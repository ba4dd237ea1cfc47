package slack

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// verdict is what a code of Slack's says of an attempt.
type verdict int

// The verdicts. All but nobodyKnows say for sure that nothing was done.
const (
	nobodyKnows verdict = iota
	tryLater            // it was not the time
	neverTaken          // as it is
	notThere            // there is no such message
	inThread            // the thread takes nothing
	inChannel           // the channel takes nothing
	inWorkspace         // the workspace takes nothing
)

// code is what Slack calls an error; "" where it said nothing of the kind.
func code(err error) string {
	var refused slackgo.SlackErrorResponse
	if errors.As(err, &refused) {
		return refused.Err
	}
	return ""
}

// failed is what an error of a method means for whoever wanted to do something
// at a place: a [chat.Later], [chat.Blocked], [chat.Rejected] or [chat.Gone], or
// an error after which nobody knows.
func (a *Adapter) failed(method string, in chat.Thread, err error) error {
	var limited *slackgo.RateLimitedError
	if errors.As(err, &limited) {
		return a.close(method, in, limited.RetryAfter)
	}
	var status slackgo.StatusCodeError
	if errors.As(err, &status) && status.Code == http.StatusTooManyRequests {
		return a.close(method, in, retryBare)
	}
	var refused slackgo.SlackErrorResponse
	if errors.As(err, &refused) {
		return judged(method, in, refused)
	}
	return fmt.Errorf("%s: nobody knows what came of it: %w", method, withoutAddress(err))
}

// judged is what a code means.
func judged(method string, in chat.Thread, refused slackgo.SlackErrorResponse) error {
	known, ok := codes[refused.Err]
	why := known.why
	if why == "" {
		why = "Slack says " + refused.Err
	} else {
		why += " (" + refused.Err + ")"
	}
	for i, m := range refused.ResponseMetadata.Messages {
		if i == 3 {
			break
		}
		why += "; " + m
	}
	switch {
	case !ok, known.verdict == nobodyKnows:
		return fmt.Errorf("%s: nobody knows what came of it: %s", method, why)
	case known.verdict == tryLater:
		return chat.Later{After: retryBare, Where: in.WorkspaceKey(), Why: why}
	case known.verdict == notThere:
		return chat.Gone{}
	case known.verdict == inThread:
		return chat.Blocked{Where: in.Key(), Why: why}
	case known.verdict == inChannel:
		return chat.Blocked{Where: in.Parent().Key(), Why: why}
	case known.verdict == inWorkspace:
		if refused.Needed != "" {
			why += ": Baton lacks the scope " + refused.Needed
		}
		return chat.Blocked{Where: in.WorkspaceKey(), Why: why}
	}
	return chat.Rejected{Why: why}
}

// reason is an error for people to read.
func reason(err error) string {
	if c := code(err); c != "" {
		if known := codes[c]; known.why != "" {
			return known.why
		}
		return "it says " + c
	}
	return "it did not answer"
}

// withoutAddress is an error without the address that was asked: that of an
// upload lets anybody upload.
func withoutAddress(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// paced is what Slack counts together: a channel's messages, or one method in a
// workspace.
func paced(method string, in chat.Thread) (key, where string) {
	where = in.WorkspaceKey()
	if method == "chat.postMessage" {
		where = in.Parent().Key()
	}
	return method + " " + where, where
}

// close keeps anybody from asking before Slack wants to be asked again.
func (a *Adapter) close(method string, in chat.Thread, after time.Duration) error {
	if after <= 0 {
		after = retryBare
	}
	key, where := paced(method, in)
	o := &a.outbound
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed == nil {
		o.closed = map[string]time.Time{}
	}
	o.closed[key] = a.now().Add(after)
	return chat.Later{After: after, Where: where, Why: "Slack takes no more for now (" + method + ")"}
}

// open is a [chat.Later] while Slack does not want to be asked.
func (a *Adapter) open(method string, in chat.Thread) error {
	key, where := paced(method, in)
	o := &a.outbound
	o.mu.Lock()
	defer o.mu.Unlock()
	until, closed := o.closed[key]
	if !closed {
		return nil
	}
	wait := until.Sub(a.now())
	if wait <= 0 {
		delete(o.closed, key)
		return nil
	}
	return chat.Later{After: wait, Where: where, Why: "Slack takes no more for now (" + method + ")"}
}

// editTurn counts an edit in a workspace, or says how long there is none to be
// had. reserve edits of the minute are left to others.
func (a *Adapter) editTurn(workspace string, reserve int) time.Duration {
	o, now := &a.outbound, a.now()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.edits == nil {
		o.edits = map[string][]time.Time{}
	}
	last := o.edits[workspace]
	for len(last) > 0 && now.Sub(last[0]) >= time.Minute {
		last = last[1:]
	}
	most := editsPerMinute - reserve
	if len(last) >= most {
		o.edits[workspace] = last
		return last[len(last)-most].Add(time.Minute).Sub(now)
	}
	o.edits[workspace] = append(last, now)
	return 0
}
