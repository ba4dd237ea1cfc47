package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	slackgo "github.com/slack-go/slack"

	"github.com/synthoperator/baton/chat"
)

// outer is what Baton reads around an event (https://docs.slack.dev/apis/events-api).
type outer struct {
	Type           string `json:"type"`
	Team           string `json:"team_id"`
	Enterprise     string `json:"enterprise_id"`
	App            string `json:"api_app_id"`
	EventID        string `json:"event_id"`
	Shared         bool   `json:"is_ext_shared_channel"`
	Authorizations []struct {
		User string `json:"user_id"`
		Bot  bool   `json:"is_bot"`
	} `json:"authorizations"`
	Event *event `json:"event"`
}

type event struct {
	Type        string                 `json:"type"`
	Subtype     string                 `json:"subtype"`
	User        string                 `json:"user"`
	Text        string                 `json:"text"`
	TS          string                 `json:"ts"`
	Thread      string                 `json:"thread_ts"`
	Channel     json.RawMessage        `json:"channel"` // of some events an object
	ChannelType string                 `json:"channel_type"`
	Bot         string                 `json:"bot_id"`
	App         string                 `json:"app_id"`
	Team        string                 `json:"team"`
	UserTeam    string                 `json:"user_team"`
	Tab         string                 `json:"tab"`
	Streams     []string               `json:"streaming_message_ts"`
	Metadata    *slackgo.SlackMetadata `json:"metadata"`
	Tokens      struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
}

func (e event) channel() string {
	var id string
	_ = json.Unmarshal(e.Channel, &id) // an object is of no event that is read here
	return id
}

func (a *Adapter) decodeEvent(ctx context.Context, d delivery) (request, error) {
	var o outer
	if err := json.Unmarshal(d.payload, &o); err != nil {
		return request{}, fmt.Errorf("an event: %w", err)
	}
	if o.Event == nil {
		if o.Type == "app_rate_limited" {
			a.o.Log.Warn("Slack holds back events: there were too many in the last hour", "workspace", o.Team)
			return request{}, nil
		}
		return request{}, fmt.Errorf("an event of the type %.40q without one inside", o.Type)
	}
	r := request{in: workspace{o.Enterprise, o.Team}}
	switch e := *o.Event; e.Type {
	case "app_mention", "message":
		return r, a.decodeMessage(ctx, &r, d, o, e)
	case "app_home_opened":
		if e.Tab != "home" {
			return request{}, nil
		}
		r.door = doorHome
		return r, a.finish(&r, d, by{app: o.App, user: e.User, channel: "home"}, "ev:"+o.EventID)
	case "app_uninstalled", "tokens_revoked":
		if e.Type == "tokens_revoked" && len(e.Tokens.Bot) == 0 {
			return request{}, nil
		}
		r.door = doorRevoked
		return r, a.finish(&r, d, by{app: o.App, user: "slack", channel: "home"}, "ev:"+o.EventID)
	case "agent_session_stopped":
		if !a.stopStreams(o.Team, e.channel(), e.Thread, e.Streams) {
			a.o.Log.Info("somebody stopped work that nobody does", "channel", e.channel(), "thread", e.Thread)
		}
		return request{}, nil
	default:
		return request{}, fmt.Errorf("an event of the type %.40q", e.Type)
	}
}

// said are the subtypes of messages that people write; others tell that one was
// changed or deleted, or come from programs.
var said = map[string]bool{"": true, "file_share": true, "thread_broadcast": true, "me_message": true}

// decodeMessage is a call if it begins with Baton's name, or is said to Baton
// alone. A mention comes as app_mention and as message, in either order and with
// different ids; both are known by the message that they are of.
func (a *Adapter) decodeMessage(ctx context.Context, r *request, d delivery, o outer, e event) error {
	channel := e.channel()
	bot, own := a.bot(ctx, r.in, o)
	keys := []string{"msg:" + channel + ":" + e.TS, "ev:" + o.EventID}
	at := by{app: o.App, user: e.User, channel: channel, root: e.Thread}
	switch {
	case e.App != "" && e.App == o.App || e.Bot != "" && e.Bot == own || e.User != "" && e.User == bot:
		if !e.keyed() || a.o.Heard == nil {
			return nil
		}
		r.door, r.kept, r.ts = doorHeard, *e.Metadata, e.TS
		at.user = or(e.User, "baton")
		return a.finish(r, d, at, keys...)
	case !said[e.Subtype] || e.Bot != "" || e.User == "":
		return nil
	case external(o, e):
		a.o.Log.Info("what somebody of another organisation said is not heard", "channel", channel)
		return nil
	}
	rest, named, first := cutMention(e.Text, bot)
	r.raw, r.ts, r.under = rest, e.TS, e.Thread
	switch {
	case isDirect(channel) || e.ChannelType == "im" || first:
		r.door = doorMessage
	case named || e.Type == "app_mention":
		r.door = doorAside
	default:
		return nil
	}
	r.call.At = moment(e.TS)
	return a.finish(r, d, at, keys...)
}

// bot is the user and the bot that Baton is in a workspace.
func (a *Adapter) bot(ctx context.Context, in workspace, o outer) (user, bot string) {
	if _, install, err := a.clients.of(ctx, in); err == nil {
		user, bot = install.BotUser, install.Bot
	}
	for _, auth := range o.Authorizations {
		if auth.Bot && auth.User != "" {
			user = auth.User
		}
	}
	return user, bot
}

// external reports whether somebody of another organisation wrote that in a
// channel that is shared with it.
func external(o outer, e event) bool {
	from := or(e.UserTeam, e.Team)
	return o.Shared && from != "" && from != o.Team && from != o.Enterprise
}

// cutMention takes Baton's name off the beginning of a text. named says whether
// it stands anywhere, first whether the text begins with it.
func cutMention(text, bot string) (rest string, named, first bool) {
	if bot == "" {
		return strings.TrimSpace(text), false, false
	}
	mention := regexp.MustCompile(`<@` + regexp.QuoteMeta(bot) + `(?:\|[^<>]*)?>[,:]?`)
	at := mention.FindStringIndex(text)
	switch {
	case at == nil:
		return strings.TrimSpace(text), false, false
	case strings.TrimSpace(text[:at[0]]) == "":
		return strings.TrimSpace(text[at[1]:]), true, true
	}
	return strings.TrimSpace(text), true, false
}

// noted takes in what is no call.
func (w *work) noted(ctx context.Context) error {
	switch w.door {
	case doorHeard:
		return w.heard(ctx)
	case doorClosed:
		return w.keepDraft(ctx)
	case doorRevoked:
		return w.a.uninstalled(ctx, w.in.enterprise, w.in.team)
	case doorHome:
		return w.publish(ctx, chat.Person{ID: w.call.Person.ID})
	}
	return nil
}
