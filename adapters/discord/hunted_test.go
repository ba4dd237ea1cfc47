package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// routeOriginal is what the fake calls the place of a first response.
const routeOriginal = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"

// Where it cannot be found out which channel a thread is in, nothing is done in
// a place that is not there: what begins there would be bound to it for good.
func TestMentionInAnUnknownPlace(t *testing.T) {
	story(t, discordtest.Options{}, Options{Mentions: true}, func(r *running) {
		thread, err := r.ana.OpenThread(r.launch, "topic", nil, discordtest.PublicThread)
		if err != nil {
			r.Fatal(err)
		}
		r.settle()
		r.a.heard.mu.Lock()
		clear(r.a.heard.places) // as after a restart over HTTP, or with many
		r.a.heard.mu.Unlock()
		r.server.AddFault(discordtest.Failing(http.StatusInternalServerError, false).On(discordtest.To("GET", routeChannel), 1))
		for range 2 {
			if _, err := r.ana.Say(thread, r.app.Mention()+" start product-launch An invoicing tool"); err != nil {
				r.Fatal(err)
			}
			r.settle()
		}
		if c := r.h.calls(); len(c) != 1 || c[0].Thread != r.where.Under(thread.ID) {
			r.Errorf("%+v", c)
		}
		if all := thread.Messages(); !slices.ContainsFunc(all, func(m discordtest.Message) bool { return strings.Contains(text(&m), "Not accepted") }) {
			r.Errorf("ana is not told: %+v", all)
		}
	})
}

// The address at which a session is resumed may be gone for good: the first one
// is tried as well.
func TestResumeAddressGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tried := map[string]int{}
		a := newAdapter(Options{Keep: &memoryKeep{}, Dial: func(_ context.Context, _, address string) (net.Conn, error) {
			tried[address]++
			return nil, errors.New("no such host")
		}})
		one := &shard{to: &shift{a: a}, supervisor: newSupervisor(&shift{a: a})}
		one.id, one.address = "session", "ws://resume.invalid"
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		one.keep(ctx, "ws://first.invalid")
		if tried["first.invalid:80"] == 0 || tried["resume.invalid:80"] < 3 {
			t.Errorf("%v", tried)
		}
	})
}

// What was said is found also where this machine's clock is wrong.
func TestFindWithAWrongClock(t *testing.T) {
	for _, wrong := range []time.Duration{time.Hour, -time.Hour} {
		bubble(t, discordtest.Options{}, Options{Now: func() time.Time { return time.Now().Add(wrong) }}, func(w *town) {
			p := chat.Post{Key: testKey(1), To: w.where, Body: paragraph("said")}
			said, err := w.a.Post(w.Context(), p)
			if err != nil {
				w.Fatal(err)
			}
			p.Since = w.a.o.Now()
			time.Sleep(time.Minute)
			if there, err := w.a.Find(w.Context(), p); err != nil || len(there) != 1 || there[0].ID != said.ID {
				w.Errorf("with a clock that is wrong by %v: %+v, %v", wrong, there, err)
			}
		})
	}
}

// A signature's time is one of Discord's clock: with a wrong one here, nothing
// would be taken in, and Discord would take the address out of use.
func TestSignatureWithAWrongClock(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Options{
		Transport: HTTP, Token: "t", PublicKey: hex.EncodeToString(public), Keep: &memoryKeep{},
		Now: func() time.Time { return time.Now().Add(time.Hour) },
	})
	if err != nil {
		t.Fatal(err)
	}
	a.clock.ahead.Store(int64(-time.Hour))
	for at, want := range map[time.Time]int{time.Now(): 200, time.Now().Add(time.Hour): 401} {
		when := strconv.FormatInt(at.Unix(), 10)
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"type":1}`))
		r.Header.Set("X-Signature-Timestamp", when)
		r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(private, []byte(when+`{"type":1}`))))
		w := httptest.NewRecorder()
		a.Routes().ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("signed at %v: %d, want %d", at, w.Code, want)
		}
	}
}

// A form counts for the channel that it is sent in, whatever its custom_id says:
// that comes from whoever sends it, who may not see other channels.
func TestFormAboutAnotherChannel(t *testing.T) {
	a := newAdapter(Options{Keep: &memoryKeep{}})
	s := &shift{a: a, h: &answering{}, ctx: t.Context()}
	for about, want := range map[string]bool{
		"discord/2/3": true, "discord/2/3/4": true, "": true,
		"discord/2/9": false, "discord/2/9/4": false, "discord/7/3": false, "slack/2/3": false,
	} {
		if about != "" {
			in, err := chat.NewThread(strings.Split(about, "/")[0], strings.Split(about, "/")[1], strings.Split(about, "/")[2], strings.Join(strings.Split(about, "/")[3:], ""))
			if err != nil {
				t.Fatal(err)
			}
			about = in.Key()
		}
		id, err := json.Marshal(formMeta{Verb: "note", Thread: about})
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(map[string]any{"custom_id": "f1:" + string(id), "components": []any{}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.decode(interaction{ID: "1", Token: "t", GuildID: "2", ChannelID: "3", Member: &member{}, Type: typeForm, Data: data})
		if (err == nil) != want {
			t.Errorf("a form about %q: %v", about, err)
		}
	}
}

// A token is not used once it is about to end, also where Discord has asked to
// wait until then.
func TestTokenAfterAWait(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		r.h.answers(slowly(tokenLife-10*time.Second, paragraph("all of it")))
		r.server.AddFault(discordtest.RateLimited("user", 20*time.Second).On(discordtest.To("PATCH", routeOriginal), 1))
		r.slash(r.ana, r.launch, "baton status", nil)
		time.Sleep(tokenLife + 30*time.Second)
		synctest.Wait()
		if n := len(r.server.Requests(discordtest.To("PATCH", routeOriginal))); n > 1 {
			r.Errorf("the token was used %d times", n)
		}
		all := r.launch.Messages()
		if last := all[len(all)-1]; !strings.Contains(text(&last), "all of it") {
			r.Errorf("%+v", all)
		}
	})
}

// An answer whose fate is unknown is put in its place again, not said beside it.
func TestAnswerStandsOnce(t *testing.T) {
	story(t, discordtest.Options{}, Options{}, func(r *running) {
		r.h.answers(slowly(4*time.Second, paragraph("all of it")))
		r.server.AddFault(discordtest.Failing(http.StatusBadGateway, true).On(discordtest.To("PATCH", routeOriginal), 1))
		r.slash(r.ana, r.launch, "baton status", nil)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if all := r.launch.Messages(); len(all) != 1 || !strings.Contains(text(&all[0]), "all of it") {
			r.Errorf("%+v", all)
		}
	})
}

// No token is shown by whoever prints what an adapter is made of.
func TestTokensAreNotPrinted(t *testing.T) {
	const secret = "canary-token"
	o := Options{Token: secret, Keep: &memoryKeep{}}
	for _, v := range []any{o, &o, newAdapter(o), Inspector{Token: secret}, hook{ID: "1", Token: secret}, newRest(o), interaction{ID: "1", Token: secret}, request{raw: interaction{Token: secret}}, &responder{token: secret}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, secret) {
				t.Errorf("%s of a %T shows it", verb, v)
			}
		}
	}
}

// A name begins with a character, not with a byte.
func TestNamesBeginWithACharacter(t *testing.T) {
	for text, want := range map[string]string{"été": "Été", "открытые вопросы": "Открытые вопросы", "": "", "👩🏽‍💻 team": "👩🏽‍💻 team", "note": "Note"} {
		if got := upperFirst(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
		if got := labelOf(text); text != "" && !utf8.ValidString(got) || strings.Contains(got, "\uFFFD") {
			t.Errorf("%q is labelled %q", text, got)
		}
	}
}

// An answer that Discord wants to wait holds up no answer elsewhere: turns are
// those of a whole server.
func TestAWaitHoldsNoTurn(t *testing.T) {
	turns := make(chan struct{}, 1)
	mine := Options{Mentions: true, Turn: func(ctx context.Context, _ chat.Thread) (func(), error) {
		select {
		case turns <- struct{}{}:
			return func() { <-turns }, nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}}
	story(t, discordtest.Options{}, mine, func(r *running) {
		turns = make(chan struct{}, 1) // of the story's bubble
		other := r.guild.NewChannel("other", discordtest.Text)
		r.settle()
		r.server.AddFault(discordtest.RateLimited("user", 20*time.Second).On(discordtest.To("POST", routeMessages), 1))
		for _, ch := range []*discordtest.Channel{r.launch, other} {
			if _, err := r.ana.Say(ch, r.app.Mention()+" status"); err != nil {
				r.Fatal(err)
			}
			r.settle()
		}
		if n := len(other.Messages()); n != 2 {
			r.Errorf("%d messages in the other channel", n)
		}
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if n := len(r.launch.Messages()); n != 2 {
			r.Errorf("%d messages in the channel that had to wait", n)
		}
	})
}
