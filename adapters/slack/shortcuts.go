package slack

import "fmt"

// shortcuts are the message shortcuts by their ids in the manifest: what each
// calls. All of them open a form.
var shortcuts = map[string]struct {
	verb string
	args map[string]string
}{
	"baton_decision": {"note", map[string]string{"kind": "decision"}},
	"baton_artifact": {"note", map[string]string{"kind": "artifact"}},
	"baton_open":     {"note", map[string]string{"kind": "open"}},
	"baton_handoff":  {"handoff", nil},
}

// decodeShortcut is a call in the thread of the message, or in the one that would
// hang under it. What the message says is put into the form.
func (a *Adapter) decodeShortcut(r *request, d delivery, i interaction) error {
	what, ok := shortcuts[i.Callback]
	if !ok {
		return fmt.Errorf("the shortcut %.80q is none of Baton's", i.Callback)
	}
	r.door = doorShortcut
	r.call.Verb, r.call.Form, r.call.At = what.verb, true, moment(i.ActionTS)
	r.ts, r.under = i.Message.TS, i.Message.Thread
	if what.args != nil {
		r.call.Args = map[string]string{}
		for name, value := range what.args {
			r.call.Args[name] = value
		}
		r.raw, r.link = i.Message.Text, true
	}
	root := or(i.Message.Thread, i.Message.TS)
	return a.finish(r, d, by{i.App, i.User.ID, i.Channel.ID, root, i.ResponseURL, i.Trigger}, "sc:"+i.Trigger)
}
