package discordtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// refusal is a request that is in order and refused for what the world is like.
type refusal struct {
	name   string
	method string
	path   string // with $launch, $thread, $msg and so on
	body   object
	status int
	code   int
}

// scene is a world with one of everything; the paths of refusals name its parts.
type scene struct {
	*town
	names map[string]string
}

func newScene(t *testing.T) *scene {
	w := newTown(t, discordtest.Options{Global: 1000})
	s := &scene{town: w, names: map[string]string{"$launch": w.launch.ID, "$app": w.app.ID, "$guild": w.guild.ID, "$none": "1"}}
	channel := func(name string, kind discordtest.ChannelType, deny discordtest.Permission) *discordtest.Channel {
		c := w.guild.NewChannel(name, kind)
		if deny != 0 {
			c.Overwrite(w.app, 0, deny)
		}
		s.names["$"+name] = c.ID
		return c
	}
	channel("readonly", discordtest.Text, discordtest.SendMessages)
	hidden := channel("hidden", discordtest.Text, discordtest.ViewChannel)
	channel("forum", discordtest.Forum, 0)
	channel("tagged", discordtest.Forum, 0).RequireTag()
	channel("plain", discordtest.Text, discordtest.EmbedLinks|discordtest.AttachFiles)
	channel("mute", discordtest.Text, discordtest.SendMessagesInThreads)
	channel("closed", discordtest.Text, discordtest.CreatePublicThreads)
	said, _ := w.ana.Say(w.launch, "hello")
	s.names["$hers"] = said.ID
	s.names["$mine"] = w.post(w.launch, "mine")
	s.threads()
	private, _ := w.mod.OpenThread(w.launch, "private", nil, discordtest.PrivateThread)
	s.names["$private"] = private.ID
	inHidden, _ := w.mod.OpenThread(hidden, "in hidden", nil, discordtest.PublicThread)
	s.names["$inhidden"] = inHidden.ID
	inMute, _ := w.mod.OpenThread(w.server.Channel(s.names["$mute"]), "in mute", nil, discordtest.PublicThread)
	s.names["$inmute"] = inMute.ID
	s.names["$own"] = w.must("POST", "/channels/"+w.launch.ID+"/threads", object{"name": "own", "type": 11}).body["id"].(string)
	other := w.server.NewGuild("Other")
	s.names["$other"], s.names["$elsewhere"] = other.ID, other.NewChannel("elsewhere", discordtest.Text).ID
	s.names["$stranger"] = w.server.NewApplication("Other").ID
	return s
}

// threads are one that is archived, one that is locked, one on a message; the
// bot has a message in each.
func (s *scene) threads() {
	open := func(name string) *discordtest.Channel {
		on, _ := s.ana.Say(s.launch, name)
		t, err := s.mod.OpenThread(s.launch, name, &on, discordtest.PublicThread)
		if err != nil {
			s.Fatal(err)
		}
		s.names["$"+name], s.names["$"+name+"-msg"] = t.ID, s.post(t, "in "+name)
		return t
	}
	open("thread")
	for name, close := range map[string]func(*discordtest.Channel) error{"archived": s.mod.Archive, "locked": s.mod.Lock} {
		if err := close(open(name)); err != nil {
			s.Fatal(err)
		}
	}
}

func (s *scene) path(template string) string {
	steps := strings.Split(template, "/")
	for i, step := range steps {
		if id, ok := s.names[step]; ok {
			steps[i] = id
		}
	}
	return strings.Join(steps, "/")
}

func TestRefusals(t *testing.T) {
	x, named := object{"content": "x"}, object{"name": "n"}
	s := newScene(t)
	for _, r := range []refusal{
		{"a channel that is not there", "POST", "/channels/$none/messages", x, 404, 10003},
		{"a channel that is not shown", "POST", "/channels/$hidden/messages", x, 403, 50001},
		{"a thread in one", "POST", "/channels/$inhidden/messages", x, 403, 50001},
		{"a private thread", "POST", "/channels/$private/messages", x, 403, 50001},
		{"another guild's channel", "POST", "/channels/$elsewhere/messages", x, 403, 50001},
		{"a channel without the right", "POST", "/channels/$readonly/messages", x, 403, 50013},
		{"a thread without the right", "POST", "/channels/$inmute/messages", x, 403, 50013},
		{"an embed without the right", "POST", "/channels/$plain/messages", embed(object{"title": "t"}), 403, 50013},
		{"a forum takes no messages", "POST", "/channels/$forum/messages", x, 400, 50008},
		{"a locked thread", "POST", "/channels/$locked/messages", x, 400, 160005},
		{"an answer to what is not there", "POST", "/channels/$launch/messages", object{"content": "x", "message_reference": object{"message_id": "1"}}, 400, 50035},
		{"typing without the right", "POST", "/channels/$readonly/typing", nil, 403, 50013},

		{"a message that is not there", "GET", "/channels/$launch/messages/$none", nil, 404, 10008},
		{"somebody else's message", "PATCH", "/channels/$launch/messages/$hers", x, 403, 50005},
		{"an edit in an archived thread", "PATCH", "/channels/$archived/messages/$archived-msg", x, 400, 50083},
		{"deleting somebody else's", "DELETE", "/channels/$launch/messages/$hers", nil, 403, 50013},
		{"pinning without the right", "PUT", "/channels/$launch/messages/pins/$mine", nil, 403, 50013},
		{"crossposting elsewhere", "POST", "/channels/$launch/messages/$mine/crosspost", nil, 400, 50024},
		{"a reaction in an archived thread", "PUT", "/channels/$archived/messages/$archived-msg/reactions/x/@me", nil, 400, 50083},
		{"101 messages", "GET", "/channels/$launch/messages?limit=101", nil, 400, 50035},
		{"after and before", "GET", "/channels/$launch/messages?after=1&before=2", nil, 400, 50035},

		{"a second thread on a message", "POST", "/channels/$launch/messages/$thread/threads", named, 400, 160004},
		{"a thread of 1441 minutes", "POST", "/channels/$launch/messages/$mine/threads", object{"name": "n", "auto_archive_duration": 1441}, 400, 50035},
		{"a thread's name of 101", "POST", "/channels/$launch/messages/$mine/threads", object{"name": chars(101)}, 400, 50035},
		{"a thread without a name", "POST", "/channels/$launch/messages/$mine/threads", object{}, 400, 50035},
		{"a thread without the right", "POST", "/channels/$closed/threads", object{"name": "n", "type": 11}, 403, 50013},
		{"a thread without a type is private", "POST", "/channels/$launch/threads", named, 403, 50013},
		{"a thread in a thread", "POST", "/channels/$thread/threads", object{"name": "n", "type": 11}, 400, 50024},
		{"a forum post without a message", "POST", "/channels/$forum/threads", named, 400, 50035},
		{"a forum post without a tag", "POST", "/channels/$tagged/threads", object{"name": "n", "message": x}, 400, 40067},
		{"a tag of another forum", "POST", "/channels/$forum/threads", object{"name": "n", "message": x, "applied_tags": []string{"1"}}, 400, 50035},
		{"locking", "PATCH", "/channels/$thread", object{"locked": true}, 403, 50013},
		{"locking an own one", "PATCH", "/channels/$own", object{"locked": true}, 403, 50013},
		{"archiving somebody else's", "PATCH", "/channels/$thread", object{"archived": true}, 403, 50013},
		{"renaming what is archived", "PATCH", "/channels/$archived", object{"name": "n"}, 403, 50013},
		{"opening what is locked", "PATCH", "/channels/$locked", object{"archived": false}, 403, 50013},
		{"joining what is archived", "PUT", "/channels/$archived/thread-members/$none", nil, 404, 10013},
		{"deleting a thread", "DELETE", "/channels/$thread", nil, 403, 50013},
		{"renaming a channel", "PATCH", "/channels/$launch", named, 403, 50013},

		{"a webhook without the right", "POST", "/channels/$launch/webhooks", named, 403, 50013},
		{"a webhook that is not there", "POST", "/webhooks/$none/token", x, 404, 10015},
		{"an interaction that is not there", "POST", "/interactions/$none/token/callback", object{"type": 5}, 404, 10062},
		{"a follow-up to nothing", "POST", "/webhooks/$app/token", x, 401, 50027},
		{"commands of another application", "PUT", "/applications/$stranger/commands", nil, 403, 20012},
		{"commands of no application", "GET", "/applications/$none/commands", nil, 404, 10002},
		{"commands in a guild the bot is not in", "GET", "/applications/$app/guilds/$other/commands", nil, 403, 50001},
		{"a command that is not there", "GET", "/applications/$app/commands/$none", nil, 404, 10063},
		{"a guild that is not there", "GET", "/guilds/$none", nil, 404, 10004},
		{"a member that is not there", "GET", "/guilds/$guild/members/$none", nil, 404, 10007},
		{"a route that is not there", "GET", "/nowhere", nil, 404, 0},
	} {
		t.Run(r.name, func(t *testing.T) {
			var body any
			if r.body != nil {
				body = r.body
			}
			got := s.do(r.method, s.path(r.path), body)
			if got.status != r.status || got.code != r.code {
				t.Errorf("%s %s: %d %.300s, not %d %d", r.method, r.path, got.status, got.raw, r.status, r.code)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	for _, bad := range []string{"", "Bot wrong", "Bearer " + w.app.Token, w.app.Token} {
		if got := w.as(bad, "GET", "/users/@me", nil); got.status != 401 {
			t.Errorf("with %.12q: %d %s", bad, got.status, got.raw)
		}
	}
	if n := w.server.InvalidRequests(); n != 4 {
		t.Errorf("%d invalid requests count", n)
	}
	w.app.Revoke()
	if got := w.do("GET", "/users/@me", nil); got.status != 401 {
		t.Errorf("a revoked token: %d", got.status)
	}
}

// A thread that is archived wakes up when somebody writes in it.
func TestAThreadWakesUp(t *testing.T) {
	s := newScene(t)
	archived := s.server.Channel(s.names["$archived"])
	s.must("POST", s.path("/channels/$archived/messages"), quiet(object{"content": "x"}))
	if archived.Archived() {
		t.Error("the thread sleeps on")
	}
	s.must("PATCH", s.path("/channels/$archived/messages/$archived-msg"), quiet(object{"content": "y"}))
	if _, err := s.ana.Slash(archived, "baton note", nil); err == nil {
		t.Error("a command that is not registered was sent")
	}
	if err := s.ana.Lock(archived); err == nil {
		t.Error("ana locked a thread")
	}
}

func TestWebhooks(t *testing.T) {
	w := newTown(t, discordtest.Options{Limits: map[string]discordtest.Limit{}})
	w.app.Join(w.guild, discordtest.Core|discordtest.ManageWebhooks)
	thread, err := w.mod.OpenThread(w.launch, "t", nil, discordtest.PublicThread)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := w.mod.OpenThread(w.guild.NewChannel("other", discordtest.Text), "t", nil, discordtest.PublicThread)
	if err != nil {
		t.Fatal(err)
	}
	hook := w.must("POST", "/channels/"+w.launch.ID+"/webhooks", object{"name": "personas"}).body
	at := "/webhooks/" + hook["id"].(string) + "/" + hook["token"].(string)
	x := quiet(object{"content": "x"})
	for name, c := range map[string]struct {
		method, path string
		body         object
		status, code int
	}{
		"without wait":        {"POST", at, x, 204, 0},
		"a thread elsewhere":  {"POST", at + "?thread_id=1", x, 404, 10003},
		"another's thread":    {"POST", at + "?thread_id=" + elsewhere.ID, x, 404, 10003},
		"another token":       {"POST", at + "x", x, 401, 50027},
		"a name with Discord": {"POST", at, with(x, object{"username": "Discord-bot"}), 400, 50035},
		"a name with Clyde":   {"POST", at, with(x, object{"username": "clyde"}), 400, 50035},
		"a name of 81":        {"POST", at, with(x, object{"username": chars(81)}), 400, 50035},
		"ephemeral":           {"POST", at, with(x, object{"flags": 64}), 400, 50035},
		"empty":               {"POST", at, object{}, 400, 50006},
	} {
		if got := w.do(c.method, c.path, c.body); got.status != c.status || got.code != c.code {
			t.Errorf("%s: %d %.300s", name, got.status, got.raw)
		}
	}
	said := w.must("POST", at+"?wait=true&thread_id="+thread.ID, with(x, object{"username": "startup-cto"})).body
	message := at + "/messages/" + said["id"].(string)
	if got := w.do("PATCH", message, x); got.code != 10008 {
		t.Errorf("an edit without thread_id: %d %.300s", got.status, got.raw)
	}
	w.must("PATCH", message+"?thread_id="+thread.ID, quiet(object{"content": "y"}))
	if all := thread.Messages(); len(all) != 1 || all[0].Author != "startup-cto" || all[0].Content != "y" {
		t.Errorf("in the thread stands %+v", all)
	}
	for range 14 {
		w.must("POST", "/channels/"+w.launch.ID+"/webhooks", object{"name": "more"})
	}
	if got := w.do("POST", "/channels/"+w.launch.ID+"/webhooks", object{"name": "sixteenth"}); got.code != 30007 {
		t.Errorf("the sixteenth webhook: %d %.300s", got.status, got.raw)
	}
	w.launch.DeleteWebhooks()
	if got := w.do("POST", at, x); got.code != 10015 {
		t.Errorf("a deleted webhook: %d %.300s", got.status, got.raw)
	}
}

// Threads, edits and renames have limits of their own.
func TestHiddenLimits(t *testing.T) {
	clock := discordtest.NewManualClock(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC))
	w := newTown(t, discordtest.Options{Clock: clock, MaxThreads: 2, OldEdits: 2})
	w.app.Join(w.guild, discordtest.Core|discordtest.ManageChannels)
	for range 2 {
		w.must("POST", "/channels/"+w.launch.ID+"/threads", object{"name": "n", "type": 11})
	}
	if got := w.do("POST", "/channels/"+w.launch.ID+"/threads", object{"name": "n", "type": 11}); got.code != 160006 {
		t.Errorf("a third active thread: %.300s", got.raw)
	}
	for _, name := range []string{"a", "b"} {
		w.must("PATCH", "/channels/"+w.launch.ID, object{"name": name})
	}
	if got := w.do("PATCH", "/channels/"+w.launch.ID, object{"name": "c"}); got.status != 429 || got.body["retry_after"].(float64) < 500 {
		t.Errorf("a third name: %d %.300s", got.status, got.raw)
	}
	id := w.post(w.launch, "old")
	clock.Advance(61 * time.Minute)
	at := "/channels/" + w.launch.ID + "/messages/" + id
	for range 2 {
		w.must("PATCH", at, quiet(object{"content": "new"}))
	}
	if got := w.do("PATCH", at, quiet(object{"content": "newer"})); got.code != 30046 {
		t.Errorf("a third edit of an old message: %.300s", got.raw)
	}
	w.launch.LimitWrites(time.Minute)
	if got := w.do("POST", "/channels/"+w.launch.ID+"/messages", quiet(object{"content": "x"})); got.code != 20028 || got.status != 429 {
		t.Errorf("a channel that is written too much: %d %.300s", got.status, got.raw)
	}
}
