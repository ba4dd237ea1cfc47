package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	slackgo "github.com/slack-go/slack"

	"github.com/synthoperator/baton/chat"
)

// interaction is what Baton reads of the payloads of buttons, shortcuts and
// forms (https://docs.slack.dev/reference/interaction-payloads).
type interaction struct {
	Type        string `json:"type"`
	App         string `json:"api_app_id"`
	Callback    string `json:"callback_id"`
	Trigger     string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	ActionTS    string `json:"action_ts"`
	ActionID    string `json:"action_id"` // of a search
	BlockID     string `json:"block_id"`
	Value       string `json:"value"`
	Team        *team  `json:"team"`
	Enterprise  *team  `json:"enterprise"`
	User        struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Username string `json:"username"`
		Team     string `json:"team_id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		Message string `json:"message_ts"`
		Thread  string `json:"thread_ts"`
		Channel string `json:"channel_id"`
		View    string `json:"view_id"`
	} `json:"container"`
	Message struct {
		TS     string `json:"ts"`
		Thread string `json:"thread_ts"`
		Text   string `json:"text"`
	} `json:"message"`
	View    view                  `json:"view"`
	Actions []slackgo.BlockAction `json:"actions"`
}

type team struct {
	ID string `json:"id"`
}

// view is what Baton reads of a form, or of a home, that somebody acts in.
type view struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Hash     string `json:"hash"`
	Team     string `json:"team_id"`
	Metadata string `json:"private_metadata"`
	Title    struct {
		Text string `json:"text"`
	} `json:"title"`
	State  *slackgo.ViewState `json:"state"`
	Blocks []inputBlock       `json:"blocks"`
}

// inputBlock is a place to enter something, with what stood in it at first.
type inputBlock struct {
	Type    string `json:"type"`
	ID      string `json:"block_id"`
	Element struct {
		Action  string   `json:"action_id"`
		Initial string   `json:"initial_value"`
		Option  chosen   `json:"initial_option"`
		Options []chosen `json:"initial_options"`
		User    string   `json:"initial_user"`
	} `json:"element"`
}

type chosen struct {
	Value string `json:"value"`
}

// stood is what stood in a form's inputs when it was opened, by their names.
func (v view) stood() map[string]string {
	all := map[string]string{}
	for _, b := range v.Blocks {
		if b.Type != "input" {
			continue
		}
		text := or(b.Element.Initial, b.Element.Option.Value)
		if b.Element.User != "" {
			text = "<@" + b.Element.User + ">"
		}
		for i, o := range b.Element.Options {
			if i > 0 {
				text += ", "
			}
			text += o.Value
		}
		name, _, between, more := continued(b.ID)
		if more && text == "" {
			between = ""
		}
		all[name] += between + text
	}
	return all
}

func (i interaction) workspace() workspace {
	w := workspace{team: i.User.Team}
	if i.Team != nil && i.Team.ID != "" {
		w.team = i.Team.ID
	}
	if w.team == "" {
		w.team = i.View.Team
	}
	if i.Enterprise != nil {
		w.enterprise = i.Enterprise.ID
	}
	return w
}

func (a *Adapter) decodeInteraction(ctx context.Context, d delivery) (request, error) {
	var i interaction
	if err := json.Unmarshal(d.payload, &i); err != nil {
		return request{}, fmt.Errorf("an interaction: %w", err)
	}
	r := request{in: i.workspace(), came: or(i.User.Name, i.User.Username), view: i.View}
	switch i.Type {
	case "block_actions":
		return r, a.decodeAction(&r, d, i)
	case "message_action":
		return r, a.decodeShortcut(&r, d, i)
	case "view_submission", "view_closed":
		return r, a.decodeForm(ctx, &r, d, i)
	case "block_suggestion":
		return r, a.decodeSuggestion(ctx, &r, d, i)
	}
	return request{}, fmt.Errorf("an interaction of the type %.40q", i.Type)
}

// foreign reports whether somebody of another organisation acts in a channel that is
// shared with it: team is the workspace where the app is, the person's own is beside
// them. Within one organisation the two differ too, and nothing says whose a
// workspace is; there it is the roles that decide.
func (i interaction) foreign() bool {
	organised := i.Enterprise != nil && i.Enterprise.ID != ""
	return i.Team != nil && i.Team.ID != "" && i.User.Team != "" && i.User.Team != i.Team.ID && !organised
}

var errForeign = errors.New("somebody of another organisation acts")

// threadArg is an argument of buttons in the home, which stands in no channel: the
// key of the thread or channel that they are for.
const threadArg = "thread"

// decodeAction makes a call of what a button or a select carries. Buttons that
// carry nothing, as links do, and such that are none of Baton's are no calls.
func (a *Adapter) decodeAction(r *request, d delivery, i interaction) error {
	if len(i.Actions) != 1 {
		return fmt.Errorf("%d actions at once", len(i.Actions))
	}
	act := i.Actions[0]
	if i.Container.View != "" && i.View.Type != "home" {
		return nil // in a form; what was chosen comes with its submission
	}
	if act.Type == "button" && act.Value == "" {
		return nil
	}
	v, err := valueOf(act)
	if err != nil {
		return err
	}
	if i.foreign() {
		return errForeign
	}
	r.door = doorAction
	channel, root := or(i.Container.Channel, i.Channel.ID), or(i.Container.Thread, i.Message.Thread)
	if place, ok := v.Args[threadArg]; ok && channel == "" {
		in, err := chat.ParseThread(place)
		if err != nil || in.Platform() != Platform || in.Workspace() != r.in.id() {
			return fmt.Errorf("a button of the home is for %.80q", place)
		}
		channel, root = in.Channel(), in.Root()
		v.Args = maps.Clone(v.Args)
		delete(v.Args, threadArg)
	}
	if channel == "" {
		channel = chat.Thread{}.ToPerson(chat.Person{ID: i.User.ID}).Channel()
	}
	r.call.Verb, r.call.Args, r.call.Form, r.call.At = v.Verb, v.Args, v.Form, moment(act.ActionTs)
	r.call.Pressed = true
	on := or(i.Container.Message, i.Container.View)
	return a.finish(r, d, by{i.App, i.User.ID, channel, root, i.ResponseURL, i.Trigger},
		"act:"+i.User.ID+":"+on+":"+act.ActionID+":"+act.ActionTs)
}

// valueOf is the call that an action stands for. A select says what is to be done
// by its id, since an option holds only 75 characters.
func valueOf(act slackgo.BlockAction) (value, error) {
	if act.Type == "button" {
		return parseValue(act.Value)
	}
	chosen := act.SelectedOption.Value
	if chosen == "" {
		return value{}, fmt.Errorf("nothing was chosen in %.80q", act.ActionID)
	}
	v, err := parseValue(act.ActionID)
	if err != nil {
		v, err = parseValue(act.BlockID)
	}
	if err != nil {
		return parseValue(chosen)
	}
	if v.Option != "" {
		if v.Args = maps.Clone(v.Args); v.Args == nil {
			v.Args = map[string]string{}
		}
		v.Args[v.Option] = chosen
	}
	return v, nil
}
