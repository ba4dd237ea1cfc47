package slack

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// OAuthOptions is what an installation flow runs with.
type OAuthOptions struct {
	ClientID     string
	ClientSecret Secret
	PublicURL    string // where Slack and people find the routes
	APIURL       string // "" is Slack's own
	Features     []Feature
	Installs     Installs
	Client       *http.Client     // nil is one with sensible limits
	Log          *slog.Logger     // nil discards
	Now          func() time.Time // nil is time.Now
}

// OAuth installs the app where somebody asks for it
// (https://docs.slack.dev/authentication/installing-with-oauth).
type OAuth struct {
	OAuthOptions
	ask Inspector
	key [32]byte // signs states; a restart ends the flows that are under way

	mu   sync.Mutex
	used map[string]time.Time // states that came back, until they would run out
}

// NewOAuth makes an installation flow.
func NewOAuth(o OAuthOptions) *OAuth {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	flow := &OAuth{OAuthOptions: o, ask: Inspector{o.APIURL, o.Client}, used: map[string]time.Time{}}
	_, _ = rand.Read(flow.key[:]) // it never fails
	return flow
}

// Routes adds the two addresses of the flow.
func (o *OAuth) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+InstallPath, o.begin)
	mux.HandleFunc("GET "+RedirectPath, o.finish)
}

const (
	// consentTime is how long somebody may take: Slack's code lives as long.
	consentTime = 10 * time.Minute
	// cookieName makes a browser keep the cookie to this host and to https
	// (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes).
	cookieName = "__Host-baton-install"
)

// begin sends somebody to Slack to consent.
func (o *OAuth) begin(w http.ResponseWriter, r *http.Request) {
	visitor := rand.Text()
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: visitor, Path: "/", MaxAge: int(consentTime / time.Second),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	to, err := url.Parse(cmp.Or(o.APIURL, slackAPI))
	if err != nil {
		o.fail(w, http.StatusInternalServerError, "The address of Slack in the configuration is none.", err)
		return
	}
	to = to.ResolveReference(&url.URL{Path: "/oauth/v2/authorize", RawQuery: url.Values{
		"client_id": {o.ClientID}, "scope": {strings.Join(Scopes(o.Features...), ",")},
		"state": {o.state(visitor)}, "redirect_uri": {o.redirect()},
	}.Encode()})
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to.String(), http.StatusFound)
}

func (o *OAuth) redirect() string { return strings.TrimSuffix(o.PublicURL, "/") + RedirectPath }

// state is a text that only this flow can have made, for this visitor, now.
func (o *OAuth) state(visitor string) string {
	b := make([]byte, 24, 56)
	_, _ = rand.Read(b[:16])
	binary.BigEndian.PutUint64(b[16:], uint64(o.Now().Add(consentTime).UnixMilli())) //nolint:gosec // times are after 1970
	return base64.RawURLEncoding.EncodeToString(o.sign(b, visitor))
}

// sign appends the signature of b for a visitor.
func (o *OAuth) sign(b []byte, visitor string) []byte {
	mac := hmac.New(sha256.New, o.key[:])
	mac.Write(b)
	mac.Write([]byte(visitor))
	return mac.Sum(b)
}

// redeem takes a state that came back. It is taken once, within its time, from
// whom it was given to; else the error is a sentence.
func (o *OAuth) redeem(state string, visitor *http.Cookie) error {
	data, err := base64.RawURLEncoding.Strict().DecodeString(state)
	switch {
	case state == "":
		return errors.New("Slack sent no state along, so nobody knows who began this installation")
	case visitor == nil || visitor.Value == "":
		return errors.New("this browser did not begin the installation, or keeps no cookies")
	case err != nil || len(data) != 56 || subtle.ConstantTimeCompare(o.sign(data[:24:24], visitor.Value), data) != 1:
		return errors.New("this installation was begun elsewhere, or before Baton was restarted")
	}
	now, until := o.Now(), time.UnixMilli(int64(binary.BigEndian.Uint64(data[16:24]))) //nolint:gosec // as it was written
	if !now.Before(until) {
		return errors.New("this took longer than ten minutes")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for old, end := range o.used {
		if !now.Before(end) {
			delete(o.used, old)
		}
	}
	if _, again := o.used[state]; again {
		return errors.New("this installation came back once already")
	}
	o.used[state] = until
	return nil
}

// finish takes whoever consented, or did not, and keeps the installation.
func (o *OAuth) finish(w http.ResponseWriter, r *http.Request) {
	visitor, _ := r.Cookie(cookieName)
	if err := o.redeem(r.URL.Query().Get("state"), visitor); err != nil {
		o.fail(w, http.StatusForbidden, "Nothing was installed: "+err.Error()+".", err)
		return
	}
	if code := r.URL.Query().Get("error"); code != "" {
		sentence := "Nothing was installed: Slack says " + short(code) + "."
		if code == "access_denied" {
			sentence = "Nothing was installed, since it was not allowed."
		}
		o.fail(w, http.StatusForbidden, sentence, errors.New(short(code)))
		return
	}
	id, err := o.exchange(r.Context(), r.URL.Query().Get("code"))
	var refused refusedInstall
	switch {
	case errors.As(err, &refused):
		o.fail(w, http.StatusForbidden, string(refused), err)
		return
	case err != nil:
		o.fail(w, http.StatusBadGateway, "Nothing was installed: Slack did not hand over the installation.", err)
		return
	}
	if err := o.Installs.Put(r.Context(), id.Install); err != nil {
		o.fail(w, http.StatusInternalServerError, "Slack installed the app, but Baton could not keep that.", err)
		return
	}
	o.Log.Info("installed", "enterprise", id.Enterprise, "team", id.Team, "name", id.TeamName, "by", id.By, "scopes", id.Scopes)
	o.welcome(w, id)
}

// refusedInstall is why an installation is not kept, for whoever asked for it.
type refusedInstall string

func (r refusedInstall) Error() string { return string(r) }

// exchange turns the code into an installation, and asks who that is.
func (o *OAuth) exchange(ctx context.Context, code string) (Identity, error) {
	type named struct{ ID, Name string }
	var told struct {
		Token      Secret `json:"access_token"`
		Kind       string `json:"token_type"`
		Refresh    Secret `json:"refresh_token"`
		App        string `json:"app_id"`
		BotUser    string `json:"bot_user_id"`
		Team       *named
		Enterprise *named
		Org        bool `json:"is_enterprise_install"`
		By         struct {
			ID string
		} `json:"authed_user"`
	}
	_, err := o.ask.ask(ctx, "oauth.v2.access", url.Values{"code": {code}, "redirect_uri": {o.redirect()}}, func(r *http.Request) {
		r.SetBasicAuth(url.QueryEscape(o.ClientID), url.QueryEscape(string(o.ClientSecret)))
	}, &told)
	switch {
	case err != nil:
		return Identity{}, err
	case told.Token == "" || told.Kind != "bot":
		return Identity{}, refusedInstall("Nothing was installed: Slack gave no bot token.")
	case told.Refresh != "":
		return Identity{}, refusedInstall("Nothing was kept: the app rotates its tokens, which Baton does not do. Make the app anew from the manifest that `bot manifest slack` prints.")
	case told.Org && told.Enterprise == nil || !told.Org && told.Team == nil:
		return Identity{}, errors.New("Slack does not say which workspace or organisation this is")
	}
	id, err := o.ask.Identify(ctx, told.Token)
	if err != nil {
		return Identity{}, err
	}
	id.App, id.By, id.Org = told.App, told.By.ID, told.Org
	id.Team, id.Enterprise = "", ""
	if told.Enterprise != nil {
		id.Enterprise, id.TeamName = told.Enterprise.ID, told.Enterprise.Name
	}
	if told.Team != nil && !told.Org {
		id.Team, id.TeamName = told.Team.ID, told.Team.Name
	}
	if told.BotUser != id.BotUser {
		return Identity{}, fmt.Errorf("Slack names the bot %s and its token %s", short(told.BotUser), short(id.BotUser))
	}
	if lack := Missing(id.Scopes); len(lack) > 0 {
		return Identity{}, refusedInstall("Nothing was kept: " + lack[0] + ".")
	}
	return id, nil
}

// short cuts what somebody else wrote to the length of a code.
func short(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}
