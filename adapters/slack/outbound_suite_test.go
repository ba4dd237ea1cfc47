package slack

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/adapters/slack/slacktest"
	"github.com/synthoperator/baton/chat"
)

// TestLeastPermissions is the suite where Baton may do no more than it has to: no
// files, no names of its own. A call is handed to the handler at once; the rest is
// real.
func TestLeastPermissions(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T, h chat.Handler) *adaptertest.Harness { return newSaying(t, nil, h) })
}

// installed are installations in memory.
type installed struct {
	mu  sync.Mutex
	all map[string]Install
}

func (i *installed) Find(_ context.Context, _, team string) (Install, bool, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	in, ok := i.all[team]
	return in, ok, nil
}

func (i *installed) Put(_ context.Context, in Install) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.all[in.Team] = in
	return nil
}

func (i *installed) Remove(context.Context, string, string) error { return nil }

func (i *installed) All(context.Context) ([]Install, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	var all []Install
	for _, team := range slices.Sorted(maps.Keys(i.all)) {
		all = append(all, i.all[team])
	}
	return all, nil
}

// saying is Slack with an adapter that only speaks.
type saying struct {
	t        *testing.T
	slack    *slacktest.Server
	app      *slacktest.App
	a        *Adapter
	h        chat.Handler
	installs *installed
	teams    map[string]*slacktest.Workspace
	bots     map[string]*slacktest.Install
	channels map[chat.Thread]*slacktest.Channel
	threads  map[string]chat.Thread
	people   map[string]*slacktest.Person
	tasks    sync.WaitGroup
	calls    int
	refuse   int
	last     chan struct{} // closed when the last delivery was answered
	wire     http.RoundTripper
}

var leastScopes = []string{"chat:write", "commands", "channels:history", "groups:history", "im:history", "im:write"}

func newSaying(t *testing.T, scopes []string, h chat.Handler) *adaptertest.Harness {
	s := open(t, slacktest.Options{Pipe: true, Unlimited: true}, slacktest.AppConfig{ID: "A1", Scopes: append(slices.Clone(leastScopes), scopes...)})
	s.h = h
	return &adaptertest.Harness{
		Stage: s, People: s, View: s, Moderator: s, Faults: s, Poster: s.a,
		Deliver: func(d adaptertest.Delivery, _ bool) { s.deliver(d.(chat.Call)) },
		Restart: func() {}, Stop: s.stop,
		Lacks: map[adaptertest.Ability]string{
			adaptertest.Repeats: "nothing is delivered here", adaptertest.Parallel: "nothing is delivered here",
			adaptertest.Buttons: "nothing is delivered here", adaptertest.Selects: "nothing is delivered here",
			adaptertest.Forms: "nothing is delivered here", adaptertest.Restarts: "nothing is delivered here",
			adaptertest.Lagging: "see TestFindAfterALag", adaptertest.Locking: "the fake unlocks no thread",
			adaptertest.Archiving: "no page says that chat.update is refused there; see TestPlacesThatTakeNothing",
			adaptertest.Removing:  "no page says that chat.update is refused there; see TestPlacesThatTakeNothing",
		},
	}
}

// open starts an adapter in the workspaces w1 and w2.
func open(t *testing.T, o slacktest.Options, cfg slacktest.AppConfig) *saying {
	t.Helper()
	server, err := slacktest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	s := &saying{
		t: t, slack: server, installs: &installed{all: map[string]Install{}},
		teams: map[string]*slacktest.Workspace{}, bots: map[string]*slacktest.Install{},
		channels: map[chat.Thread]*slacktest.Channel{}, threads: map[string]chat.Thread{}, people: map[string]*slacktest.Person{},
	}
	s.app = server.App(cfg)
	for _, id := range []string{"W1", "W2"} {
		s.teams[id] = server.Workspace(id, strings.ToLower(id))
		s.install(id)
	}
	s.wire = server.Client().Transport
	a, err := New(Options{
		Transport: HTTP, SigningSecret: "secret", APIURL: server.APIURL(), Installs: s.installs, Client: &http.Client{Transport: s},
		Key: []byte("0123456789abcdef0123456789abcdef"), Now: server.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.a = a
	t.Cleanup(s.stop)
	return s
}

func (s *saying) install(team string) {
	bot := s.app.InstallAs(s.teams[team], slacktest.Install{UserID: "UBOT"})
	s.bots[team] = bot
	_ = s.installs.Put(context.Background(), Install{
		Team: team, App: s.app.ID, BotUser: bot.UserID, Bot: bot.BotID, Token: Secret(bot.Token), Scopes: bot.Scopes,
	})
}

func (s *saying) stop() {
	s.tasks.Wait()
	s.wire.(*http.Transport).CloseIdleConnections()
	s.slack.Close()
	for _, v := range s.slack.TakeViolations() {
		if strings.HasSuffix(v.What, "assistant.threads.setStatus: [ERROR] missing required field: status") {
			continue // an empty status takes the status away, as the method's page says
		}
		s.t.Errorf("Slack would not have it: %s", v)
	}
}

func (s *saying) deliver(c chat.Call) {
	before, done := s.last, make(chan struct{})
	s.last = done
	s.tasks.Go(func() {
		defer close(done)
		if before != nil {
			<-before
		}
		ctx := context.Background()
		m := s.h.Handle(ctx, c)
		in := c.Thread
		if !m.Thread.IsZero() {
			in = m.Thread
		}
		if m.IsZero() {
			return
		}
		only := chat.Person{}
		if m.Only || m.Fault {
			only = c.Person
		}
		if err := s.a.say(ctx, in, s.a.render(m, in.Workspace()), only); err != nil {
			s.t.Error(err)
		}
	})
}

func (s *saying) Person(name string) chat.Person {
	id := "U" + strings.ToUpper(name)
	for team, w := range s.teams {
		if s.people[team+id] == nil {
			s.people[team+id] = w.Person(id, name)
			for in, ch := range s.channels {
				if in.Workspace() == team {
					ch.Join(id)
				}
			}
		}
	}
	return chat.Person{ID: id, Name: name}
}

func (s *saying) Mention(p chat.Person) string { return "<@" + p.ID + ">" }

func (s *saying) Channel(workspace, name string) chat.Thread {
	team := strings.ToUpper(workspace)
	in, err := chat.NewThread(Platform, team, "C"+strings.ToUpper(name), "")
	if err != nil {
		panic(err)
	}
	if s.channels[in] == nil {
		ch := s.teams[team].Channel(in.Channel(), name)
		ch.Join("UBOT")
		for key := range s.people {
			if who, ok := strings.CutPrefix(key, team); ok {
				ch.Join(who)
			}
		}
		s.channels[in] = ch
	}
	return in
}

func (s *saying) Thread(channel chat.Thread, n int) chat.Thread {
	key := fmt.Sprint(channel.Key(), " ", n)
	if in, ok := s.threads[key]; ok {
		return in
	}
	s.Person("talker")
	said := s.people[channel.Workspace()+"UTALKER"].Say(s.channels[channel], "", fmt.Sprint("talk ", n))
	in := channel.Under(said.Message.TS)
	s.threads[key] = in
	return in
}

func (s *saying) Say(p chat.Person, in chat.Thread, text string) adaptertest.Delivery {
	s.calls++
	s.people[in.Workspace()+p.ID].Say(s.channels[in.Parent()], in.Root(), text)
	c := chat.Call{ID: fmt.Sprint("call-", s.calls), Thread: in, Person: p, At: time.Now(), Text: text, Mentions: map[string]chat.Person{}}
	for name, who := range s.people {
		if id, ok := strings.CutPrefix(name, in.Workspace()); ok && strings.Contains(text, "<@"+id+">") {
			c.Mentions["<@"+id+">"] = chat.Person{ID: id, Name: who.Name}
		}
	}
	return c
}

func (s *saying) Press(chat.Person, adaptertest.Seen, string) adaptertest.Delivery { panic("not here") }

func (s *saying) Choose(chat.Person, adaptertest.Seen, string, string) adaptertest.Delivery {
	panic("not here")
}

func (s *saying) Submit(chat.Person, adaptertest.Form, map[string]string) adaptertest.Delivery {
	panic("not here")
}

func (s *saying) Tamper(chat.Person, adaptertest.Seen, string) adaptertest.Delivery {
	panic("not here")
}
func (s *saying) Forms(chat.Person, chat.Thread) []adaptertest.Form { return nil }

// Messages are those of a place; a message that only shares files belongs to the
// one before it.
func (s *saying) Messages(in chat.Thread) []adaptertest.Seen {
	var out []adaptertest.Seen
	index := map[string]int{}
	ch := s.channels[in.Parent()]
	all := ch.Messages()
	for id := range s.people {
		if who, ok := strings.CutPrefix(id, in.Workspace()); ok {
			all = append(all, ch.Ephemerals(who)...)
		}
	}
	slices.SortFunc(all, func(a, b slacktest.Message) int { return strings.Compare(a.TS, b.TS) })
	for _, m := range all {
		if len(m.Files) > 0 {
			i, ok := index[m.ThreadTS]
			if !ok && len(out) > 0 && m.ThreadTS == in.Root() {
				i, ok = len(out)-1, true
			}
			for _, id := range m.Files {
				if f := s.slack.Files()[id]; ok {
					out[i].Files = append(out[i].Files, chat.File{Name: f.Name, Data: f.Content, Alt: s.alt(f.Name)})
				}
			}
			continue
		}
		reply := m.ThreadTS != "" && m.ThreadTS != m.TS
		switch {
		case in.InChannel() && reply && !m.Broadcast:
			continue
		case !in.InChannel() && m.ThreadTS != in.Root():
			continue
		}
		seen := read(m)
		seen.Ref = chat.Ref{Thread: in, ID: m.TS}
		index[m.TS] = len(out)
		out = append(out, seen)
	}
	return out
}

func (s *saying) Delete(r chat.Ref) {
	client := s.slack.Client()
	defer client.CloseIdleConnections()
	api := slackgo.New(s.bots[r.Thread.Workspace()].Token, slackgo.OptionAPIURL(s.slack.APIURL()), slackgo.OptionHTTPClient(client))
	if _, _, err := api.DeleteMessage(r.Thread.Channel(), r.ID); err != nil {
		panic(err)
	}
}

func (s *saying) Close(t chat.Thread, how adaptertest.Closing) { s.shut(t, how, true) }

func (s *saying) Reopen(t chat.Thread, how adaptertest.Closing) { s.shut(t, how, false) }

func (s *saying) shut(t chat.Thread, how adaptertest.Closing, shut bool) {
	ch := s.channels[t.Parent()]
	switch {
	case how == adaptertest.Archived:
		ch.Archive(shut)
	case how == adaptertest.Removed && shut:
		ch.Leave("UBOT")
	case how == adaptertest.Removed:
		ch.Join("UBOT")
	case shut:
		s.bots[t.Workspace()].Uninstall()
	default:
		s.install(t.Workspace())
	}
}

var requestMethods = map[adaptertest.Request][]string{
	adaptertest.Post: {"chat.postMessage"}, adaptertest.Edit: {"chat.update"},
	adaptertest.Find: {"conversations.history", "conversations.replies"},
}

func (s *saying) Fail(kind adaptertest.Request, times int, trouble adaptertest.Trouble) {
	f := slacktest.Fault{When: slacktest.Calls(requestMethods[kind]...), Times: times, RetryAfter: int(trouble.Wait.Seconds())}
	switch trouble.What {
	case adaptertest.ReplyLost:
		f.Kept, f.Answer = true, slacktest.Cut
	case adaptertest.ReplyHangs:
		f.Kept, f.Answer = true, slacktest.Hang
	case adaptertest.NotCarried:
		f.Answer = slacktest.Cut
	case adaptertest.Limited:
		f.Answer = slacktest.TooMany
	case adaptertest.LimitedAll:
		f.Answer = slacktest.Ratelimited
	case adaptertest.Refused:
		s.refuse = times
		return
	}
	s.slack.Fault(f)
}

// RoundTrip refuses messages as Slack does where it finds something wrong in them.
func (s *saying) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.refuse > 0 && strings.HasSuffix(r.URL.Path, "chat.postMessage") {
		s.refuse--
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
			Body: io.NopCloser(strings.NewReader(`{"ok":false,"error":"invalid_blocks","errors":["no more than 50 items allowed"]}`)),
		}, nil
	}
	return s.wire.RoundTrip(r)
}

// alt is what was said of a file.
func (s *saying) alt(name string) string {
	for _, r := range s.slack.Requests("files.getUploadURLExternal") {
		if r.Args.Text("filename") == name {
			return r.Args.Text("alt_txt")
		}
	}
	return ""
}

func (s *saying) Lag(time.Duration) { panic("not here") }

// Imitate has another app say the same, with the same key and a signature that it
// saw elsewhere.
func (s *saying) Imitate(p chat.Person, in chat.Thread, key, text string) {
	other := s.slack.App(slacktest.AppConfig{ID: "A2", Scopes: leastScopes}).Install(s.teams[in.Workspace()])
	s.channels[in.Parent()].Join(other.UserID)
	client := s.slack.Client()
	defer client.CloseIdleConnections()
	api := slackgo.New(other.Token, slackgo.OptionAPIURL(s.slack.APIURL()), slackgo.OptionHTTPClient(client))
	_, _, err := api.PostMessage(in.Channel(), slackgo.MsgOptionText(text, true),
		slackgo.MsgOptionMetadata(s.a.metadata(chat.Post{Key: key, To: in})))
	if err != nil {
		panic(err)
	}
}

func (s *saying) Requests() int {
	n := 0
	for _, r := range s.slack.Requests() {
		for _, methods := range requestMethods {
			if slices.Contains(methods, r.Method) {
				n++
			}
		}
	}
	return n
}
