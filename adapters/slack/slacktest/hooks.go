package slacktest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// hook is a response_url: five uses in thirty minutes, and it does not ask
// whether the app may post in the channel (D:interactivity/handling-user-interaction).
type hook struct {
	secret  string
	in      *Install
	channel *Channel
	user    string
	source  *Message // the message somebody acted on, nil for a command
	expires time.Time
	uses    int
	posted  []*Message
}

func (s *Server) newHook(kind string, in *Install, ch *Channel, user string, source *Message) string {
	id, secret := fmt.Sprint(s.clock.next()), s.secret()[:24]
	s.hooks[id] = &hook{secret: secret, in: in, channel: ch, user: user, source: source, expires: s.Now().Add(30 * time.Minute)}
	return fmt.Sprintf("%s/hooks/%s/%s/%s/%s", s.base, kind, ch.team.ID, id, secret)
}

// hookFields are what a response_url takes; blocks and metadata may be null, as
// slack-go sends them (whether Slack takes that everywhere is unverified).
var hookFields = strings.Fields("text blocks attachments response_type replace_original delete_original thread_ts " +
	"metadata mrkdwn unfurl_links unfurl_media parse link_names")

func (s *Server) serveHook(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hooks[r.PathValue("id")]
	c := &Call{Method: "hooks/" + r.PathValue("kind"), At: s.Now(), Team: r.PathValue("team"), Args: Args{}}
	var refused *refusal
	v, bad := parseJSON(raw)
	args, is := v.(map[string]any)
	switch {
	case h == nil || h.secret != r.PathValue("secret"):
		refused = &refusal{code: "invalid_token", status: http.StatusNotFound}
	case err != nil || bad != nil || !is:
		refused = &refusal{code: "invalid_payload", status: http.StatusBadRequest}
	case s.Now().After(h.expires):
		refused = &refusal{code: "expired_url", status: http.StatusNotFound, fair: true}
	case h.uses >= maxHookUses:
		refused = &refusal{code: "used_url", status: http.StatusNotFound, fair: true}
	default:
		c.Args, c.App = args, h.in.app.ID
		refused = s.useHook(h, args)
	}
	entry := Request{At: c.At, Method: c.Method, App: c.App, Team: c.Team, Args: c.Args, Status: http.StatusOK}
	if refused != nil {
		entry.Status, entry.Error = max(refused.status, http.StatusOK), refused.code
		if !refused.fair {
			s.violate("response_url "+refused.code, "%s", strings.Join(refused.messages, "; "))
		}
	}
	s.requests = append(s.requests, entry)
	s.changedLocked()
	if refused != nil {
		w.WriteHeader(entry.Status)
		_ = json.NewEncoder(w).Encode(refused.body())
		return
	}
	_, _ = io.WriteString(w, "ok")
}

// useHook does what a post to a response_url asks. s.mu is held.
func (s *Server) useHook(h *hook, args Args) *refusal {
	for name := range args {
		if !contains(hookFields, name) {
			return refuse("invalid_payload", "[ERROR] no field "+name)
		}
	}
	if args.Bool("delete_original") {
		if len(args) > 1 {
			return refuse("invalid_payload", "[ERROR] delete_original has to be the only field")
		}
		return s.hookReplaces(h, nil)
	}
	if meta, is := args["metadata"].(map[string]any); is && (meta["event_type"] == "" || meta["event_type"] == nil) {
		delete(args, "metadata")
	}
	m, refused := s.compose(&Call{Method: "hooks", Args: args}, maxText)
	if refused != nil {
		return refused
	}
	m.author(h.in, Args{})
	if args.Bool("replace_original") {
		return s.hookReplaces(h, m)
	}
	h.uses++
	kind := args.Text("response_type")
	switch kind {
	case "in_channel":
		m.ThreadTS = args.Text("thread_ts")
		if m.ThreadTS != "" {
			if refused := h.channel.threadRoot(m.ThreadTS); refused != nil {
				return refused
			}
		}
	case "", "ephemeral":
		m.For = h.user
		if args.Has("thread_ts") {
			// slack.md §1.2: an answer in a thread needs response_type in_channel.
			return refuse("invalid_payload", "[ERROR] thread_ts without response_type in_channel")
		}
	default:
		return refuse("invalid_payload", "[ERROR] response_type "+kind)
	}
	h.posted = append(h.posted, h.channel.store(m))
	return nil
}

// hookReplaces changes or deletes the message that was acted on, or the one the
// hook posted last. It cannot touch what somebody typed.
func (s *Server) hookReplaces(h *hook, with *Message) *refusal {
	h.uses++
	old := h.source
	if old == nil && len(h.posted) > 0 {
		old = h.posted[len(h.posted)-1]
	}
	switch {
	case old == nil && with != nil: // nothing to replace: it is said anew
		with.For = h.user
		h.posted = append(h.posted, h.channel.store(with))
	case old == nil:
		return refuse("invalid_payload", "[ERROR] there is nothing to delete")
	case with == nil:
		s.remove(h.channel, old)
	default:
		s.rewrite(h.channel, old, with)
	}
	return nil
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}
