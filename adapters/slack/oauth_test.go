package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

// kept are installations in memory.
type kept struct {
	mu  sync.Mutex
	all map[string]Install
	err error
}

func (k *kept) Find(_ context.Context, enterprise, team string) (Install, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, key := range [...]string{"/" + team, enterprise + "/"} {
		if in, ok := k.all[key]; ok && key != "/" {
			return in, true, k.err
		}
	}
	return Install{}, false, k.err
}

func (k *kept) Put(_ context.Context, in Install) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := "/" + in.Team
	if in.Team == "" {
		key = in.Enterprise + "/"
	}
	if k.all == nil {
		k.all = map[string]Install{}
	}
	if k.err == nil {
		k.all[key] = in
	}
	return k.err
}

func (k *kept) Remove(_ context.Context, enterprise, team string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if delete(k.all, "/"+team); team == "" {
		delete(k.all, enterprise+"/")
	}
	return k.err
}

func (k *kept) All(context.Context) (all []Install, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, in := range k.all {
		all = append(all, in)
	}
	return all, k.err
}

// flow is an installation flow, with a Slack to consent at.
type flow struct {
	t     *testing.T
	slack *slacktest.Server
	app   *slacktest.App
	oauth *OAuth
	mux   *http.ServeMux
	kept  *kept
	now   time.Time
	log   bytes.Buffer
}

const publicURL = "https://baton.example.com"

// The app's secrets are canaries: a test that ends looks for them.
func newFlow(t *testing.T) *flow {
	f := &flow{t: t, kept: &kept{}, mux: http.NewServeMux(), now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	f.slack = slacktest.New(t, slacktest.Options{})
	f.app = f.slack.App(slacktest.AppConfig{
		ID: "A1", ClientID: "1.2", ClientSecret: "canary-client-secret", SigningSecret: "canary-signing", RedirectURLs: []string{publicURL + RedirectPath},
	})
	f.oauth = NewOAuth(OAuthOptions{
		ClientID: "1.2", ClientSecret: "canary-client-secret", PublicURL: publicURL + "/", APIURL: f.slack.APIURL(), Installs: f.kept,
		Features: []Feature{Personas}, Now: func() time.Time { return f.now },
		Log: slog.New(slog.NewJSONHandler(&f.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	f.oauth.Routes(f.mux)
	t.Cleanup(func() {
		secrets := []string{"canary"}
		for _, in := range f.kept.all {
			secrets = append(secrets, string(in.Token))
		}
		for _, secret := range secrets {
			if strings.Contains(f.log.String(), secret) {
				t.Errorf("a secret is in the log: %s", f.log.String())
			}
		}
	})
	return f
}

// visit is a browser that gets an address of Baton's.
func (f *flow) visit(address string, cookie *http.Cookie) *http.Response {
	f.t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	if cookie != nil {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	f.mux.ServeHTTP(w, r)
	return w.Result()
}

// begin is a browser on its way to Slack: where it is sent, and the cookie it got.
func (f *flow) begin() (to string, cookie *http.Cookie) {
	f.t.Helper()
	answer := f.visit(publicURL+InstallPath, nil)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusFound || len(answer.Cookies()) != 1 {
		f.t.Fatalf("%s with %d cookies", answer.Status, len(answer.Cookies()))
	}
	return answer.Header.Get("Location"), answer.Cookies()[0]
}

// consent is what Slack sends a browser back with.
func (f *flow) consent(to string) string {
	f.t.Helper()
	client := f.slack.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := client.Get(to)
	if err != nil {
		f.t.Fatal(err)
	}
	answer.Body.Close()
	return answer.Header.Get("Location")
}

// finished is the page at the end.
func (f *flow) finished(address string, cookie *http.Cookie) (status int, page string) {
	f.t.Helper()
	answer := f.visit(address, cookie)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
		if got := answer.Header.Get(name); got != want {
			f.t.Errorf("%s is %q", name, got)
		}
	}
	if !strings.Contains(answer.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		f.t.Error("the page may run something")
	}
	for _, secret := range []string{"canary", "xoxb-"} {
		if strings.Contains(string(body), secret) {
			f.t.Errorf("a secret is on the page: %s", body)
		}
	}
	return answer.StatusCode, string(body)
}

func TestAWorkspaceInstallsTheApp(t *testing.T) {
	f := newFlow(t)
	f.app.Consent(slacktest.Consent{Team: f.slack.Workspace("T1", "acme")})
	to, cookie := f.begin()
	u, err := url.Parse(to)
	if err != nil || u.Query().Get("scope") != "app_mentions:read,chat:write,chat:write.customize,commands" ||
		u.Query().Get("redirect_uri") != publicURL+RedirectPath || u.Query().Get("client_id") != "1.2" {
		t.Fatal(to)
	}
	if !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || !strings.HasPrefix(cookie.Name, "__Host-") || cookie.Path != "/" || cookie.Domain != "" {
		t.Errorf("the cookie can be had elsewhere: %v", cookie)
	}
	status, page := f.finished(f.consent(to), cookie)
	for _, want := range []string{"Baton is in acme", "/invite @a1", "/baton start", "https://slack.com/app_redirect?app=A1&amp;team=T1"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page: %s", want, page)
		}
	}
	in, ok, _ := f.kept.Find(t.Context(), "", "T1")
	if status != http.StatusOK || !ok {
		t.Fatalf("%d, kept %v: %s", status, ok, page)
	}
	if !strings.HasPrefix(string(in.Token), "xoxb-") || in.Bot == "" || in.BotUser == "" {
		t.Errorf("%+v", in)
	}
	want := Install{Team: "T1", App: "A1", By: "U0", Scopes: Scopes(Personas), Token: in.Token, Bot: in.Bot, BotUser: in.BotUser}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Error(diff)
	}
}

// A whole organisation installs it: there is no workspace then.
func TestAnOrganisationInstallsTheApp(t *testing.T) {
	f := newFlow(t)
	org := f.slack.Org("E1", "acme everywhere")
	f.slack.Workspace("T1", "acme").JoinOrg(org)
	f.app.Consent(slacktest.Consent{Org: org})
	to, cookie := f.begin()
	status, page := f.finished(f.consent(to), cookie)
	in, ok, _ := f.kept.Find(t.Context(), "E1", "T1")
	if status != http.StatusOK || !ok || in.Team != "" || in.Enterprise != "E1" || !strings.Contains(page, "Baton is in acme everywhere") || !strings.Contains(page, "each workspace of the organisation") {
		t.Errorf("%d, %v %+v: %s", status, ok, in, page)
	}
}

// A workspace of an organisation that installs it for itself keeps both names.
func TestAWorkspaceOfAnOrganisationInstallsTheApp(t *testing.T) {
	f := newFlow(t)
	team := f.slack.Workspace("T1", "acme")
	team.JoinOrg(f.slack.Org("E1", "acme everywhere"))
	f.app.Consent(slacktest.Consent{Team: team})
	to, cookie := f.begin()
	if status, page := f.finished(f.consent(to), cookie); status != http.StatusOK || !strings.Contains(page, "Baton is in acme<") {
		t.Fatalf("%d: %s", status, page)
	}
	if in, _, _ := f.kept.Find(t.Context(), "", "T1"); in.Team != "T1" || in.Enterprise != "E1" {
		t.Errorf("%+v", in)
	}
}

// Whatever may be declined is named with what is not done without it.
func TestWhatWasDeclinedIsSaid(t *testing.T) {
	f := newFlow(t)
	f.app.Consent(slacktest.Consent{Team: f.slack.Workspace("T1", "acme"), Drop: []string{"chat:write.customize"}})
	to, cookie := f.begin()
	status, page := f.finished(f.consent(to), cookie)
	if status != http.StatusOK || !strings.Contains(page, "Baton cannot let a persona speak under its own name without chat:write.customize") {
		t.Errorf("%d: %s", status, page)
	}
	f.app.Consent(slacktest.Consent{Team: f.slack.Workspace("T2", "other"), Drop: []string{"commands"}})
	to, cookie = f.begin()
	status, page = f.finished(f.consent(to), cookie)
	if _, ok, _ := f.kept.Find(t.Context(), "", "T2"); ok || status != http.StatusForbidden || !strings.Contains(page, "Baton cannot work in Slack without commands") {
		t.Errorf("%d, kept %v: %s", status, ok, page)
	}
}

// Only who began an installation finishes it, once, and within its time. Slack
// is not asked otherwise.
func TestAnInstallationCannotBeForged(t *testing.T) {
	back := func(query url.Values) string { return publicURL + RedirectPath + "?" + query.Encode() }
	for name, forge := range map[string]func(f *flow, address string, cookie *http.Cookie) (string, *http.Cookie, string){
		"without a state": func(_ *flow, address string, c *http.Cookie) (string, *http.Cookie, string) {
			u, _ := url.Parse(address)
			return back(url.Values{"code": {u.Query().Get("code")}}), c, "no state"
		},
		"with a made-up state": func(_ *flow, address string, c *http.Cookie) (string, *http.Cookie, string) {
			u, _ := url.Parse(address)
			return back(url.Values{"code": {u.Query().Get("code")}, "state": {strings.Repeat("A", 75)}}), c, "begun elsewhere"
		},
		"without a cookie": func(_ *flow, address string, _ *http.Cookie) (string, *http.Cookie, string) {
			return address, nil, "did not begin"
		},
		"with somebody else's cookie": func(f *flow, address string, _ *http.Cookie) (string, *http.Cookie, string) {
			_, other := f.begin()
			return address, other, "begun elsewhere"
		},
		"too late": func(f *flow, address string, c *http.Cookie) (string, *http.Cookie, string) {
			f.now = f.now.Add(10 * time.Minute)
			return address, c, "longer than ten minutes"
		},
		"with a later end": func(f *flow, address string, c *http.Cookie) (string, *http.Cookie, string) {
			u, _ := url.Parse(address)
			state := u.Query().Get("state")
			f.now = f.now.Add(10 * time.Minute)
			return back(url.Values{"code": {u.Query().Get("code")}, "state": {state[:25] + "Z" + state[26:]}}), c, "begun elsewhere"
		},
		"after a restart": func(f *flow, address string, c *http.Cookie) (string, *http.Cookie, string) {
			f.oauth = NewOAuth(f.oauth.OAuthOptions)
			f.mux = http.NewServeMux()
			f.oauth.Routes(f.mux)
			return address, c, "before Baton was restarted"
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFlow(t)
			f.app.Consent(slacktest.Consent{Team: f.slack.Workspace("T1", "acme")})
			to, cookie := f.begin()
			address, with, why := forge(f, f.consent(to), cookie)
			status, page := f.finished(address, with)
			if status != http.StatusForbidden || !strings.Contains(page, why) || len(f.kept.all) != 0 || len(f.slack.Requests("oauth.v2.access")) != 0 {
				t.Errorf("%d, kept %d, asked %d times: %s", status, len(f.kept.all), len(f.slack.Requests("oauth.v2.access")), page)
			}
			if !strings.Contains(page, `href="/slack/install"`) {
				t.Error("it is not said how to begin again")
			}
		})
	}
}

func TestAnInstallationComesBackOnce(t *testing.T) {
	f := newFlow(t)
	f.app.Consent(slacktest.Consent{Team: f.slack.Workspace("T1", "acme")})
	to, cookie := f.begin()
	address := f.consent(to)
	if status, page := f.finished(address, cookie); status != http.StatusOK {
		t.Fatal(page)
	}
	status, page := f.finished(address, cookie)
	if status != http.StatusForbidden || !strings.Contains(page, "came back once already") || len(f.slack.Requests("oauth.v2.access")) != 1 {
		t.Errorf("%d: %s", status, page)
	}
	f.now = f.now.Add(11 * time.Minute)
	f.app.Consent(slacktest.Consent{Team: f.slack.Workspace("T2", "other")})
	to, cookie = f.begin()
	if status, _ := f.finished(f.consent(to), cookie); status != http.StatusOK || len(f.oauth.used) != 1 {
		t.Errorf("%d, and %d states are remembered", status, len(f.oauth.used))
	}
}

func TestWhatGoesWrongAtSlackIsSaid(t *testing.T) {
	t.Run("not allowed", func(t *testing.T) {
		f := newFlow(t)
		f.app.Consent(slacktest.Consent{Deny: true})
		to, cookie := f.begin()
		if status, page := f.finished(f.consent(to), cookie); status != http.StatusForbidden || !strings.Contains(page, "was not allowed") {
			t.Errorf("%d: %s", status, page)
		}
	})
	t.Run("the wrong secret", func(t *testing.T) {
		f := newFlow(t)
		f.oauth.ClientSecret = "canary-wrong"
		f.app.Consent(slacktest.Consent{Team: f.slack.Workspace("T1", "acme")})
		to, cookie := f.begin()
		if status, page := f.finished(f.consent(to), cookie); status != http.StatusBadGateway || !strings.Contains(page, "did not hand over") {
			t.Errorf("%d: %s", status, page)
		}
		if !strings.Contains(f.log.String(), "bad_client_secret") {
			t.Errorf("the operator is not told why: %s", f.log.String())
		}
		f.slack.TakeViolations() // it is one to try a wrong secret
	})
	t.Run("the log does not take it", func(t *testing.T) {
		f := newFlow(t)
		f.kept.err = errors.New("disk full")
		f.app.Consent(slacktest.Consent{Team: f.slack.Workspace("T1", "acme")})
		to, cookie := f.begin()
		if status, page := f.finished(f.consent(to), cookie); status != http.StatusInternalServerError || !strings.Contains(page, "could not keep that") || strings.Contains(page, "disk full") {
			t.Errorf("%d: %s", status, page)
		}
	})
	t.Run("markup in an error", func(t *testing.T) {
		f := newFlow(t)
		to, cookie := f.begin()
		u, _ := url.Parse(to)
		_, page := f.finished(publicURL+RedirectPath+"?"+url.Values{"state": {u.Query().Get("state")}, "error": {"<script>alert(1)</script>"}}.Encode(), cookie)
		if strings.Contains(page, "<script") {
			t.Error(page)
		}
	})
}

// An app whose tokens rotate would stop working after twelve hours.
func TestAnAppThatRotatesItsTokensIsRefused(t *testing.T) {
	f := newFlow(t)
	rotating := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"ok":true,"access_token":"xoxe.xoxb-canary","token_type":"bot","refresh_token":"xoxe-canary","expires_in":43200,"app_id":"A1","team":{"id":"T1"}}`)
	}))
	defer rotating.Close()
	f.oauth.APIURL, f.oauth.ask.APIURL = rotating.URL+"/api/", rotating.URL+"/api/"
	to, cookie := f.begin()
	u, _ := url.Parse(to)
	status, page := f.finished(publicURL+RedirectPath+"?"+url.Values{"state": {u.Query().Get("state")}, "code": {"c"}}.Encode(), cookie)
	if status != http.StatusForbidden || !strings.Contains(page, "rotates its tokens") || len(f.kept.all) != 0 {
		t.Errorf("%d: %s", status, page)
	}
}

// What Slack tells of an uninstalled app is believed once its token is dead. A
// word that comes late, or concerns another workspace, takes nothing away.
func TestAnInstallationIsGoneOnceItsTokenIsDead(t *testing.T) {
	f := newFlow(t)
	org := f.slack.Org("E1", "acme everywhere")
	team := f.slack.Workspace("T1", "acme")
	team.JoinOrg(org)
	log := slog.New(slog.DiscardHandler)
	tell := func(enterprise, team string) error {
		return gone(t.Context(), f.oauth.ask, f.kept, log, enterprise, team)
	}
	one := f.app.InstallOrg(org)
	other := f.app.Install(f.slack.Workspace("T2", "other"))
	_ = f.kept.Put(t.Context(), Install{Enterprise: "E1", Token: Secret(one.Token)})
	_ = f.kept.Put(t.Context(), Install{Team: "T2", Token: Secret(other.Token)})

	if err := errors.Join(tell("E1", "T1"), tell("", "T2"), tell("", "T9")); err != nil || len(f.kept.all) != 2 {
		t.Errorf("%v, %d kept: a word about a token that works took it away", err, len(f.kept.all))
	}
	f.slack.Fault(slacktest.Fault{When: slacktest.Calls("auth.test"), Times: 1, Answer: slacktest.Status500})
	one.Uninstall()
	if err := tell("E1", "T1"); err == nil || len(f.kept.all) != 2 {
		t.Errorf("%v, %d kept: nobody knew", err, len(f.kept.all))
	}
	if err := errors.Join(tell("E1", "T1"), tell("E1", "T1")); err != nil || len(f.kept.all) != 1 {
		t.Errorf("%v, %d kept", err, len(f.kept.all))
	}
	if _, ok, _ := f.kept.Find(t.Context(), "", "T2"); !ok {
		t.Error("the other workspace was forgotten")
	}
}
