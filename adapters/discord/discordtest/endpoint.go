package discordtest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
)

// Interactions over HTTP (D:interactions/overview).

// signed posts a body to an application's address; a bad signature is one that
// belongs to another body.
func (a *Application) signed(at string, body []byte, bad bool) (*http.Response, error) {
	ctx, cancel := context.WithCancel(context.Background())
	stop := a.s.clock.AfterFunc(answerWithin, cancel)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, "POST", at, bytes.NewReader(body))
	if err != nil {
		cancel()
		return nil, err
	}
	at = strconv.FormatInt(a.s.clock.Now().Unix(), 10)
	message := append([]byte(at), body...)
	if bad {
		message = append(message, ' ')
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	req.Header.Set("X-Signature-Timestamp", at)
	req.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(a.private, message)))
	client := &http.Client{Transport: &http.Transport{DialContext: a.s.opts.Dial, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		cancel()
		return nil, err
	}
	defer cancel()
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	resp.Body = io.NopCloser(bytes.NewReader(data))
	return resp, err
}

// verified reports whether an address answers a PING with a PONG and refuses a
// bad signature. It is called with s.mu held and gives it up meanwhile.
func (s *Server) verified(a *Application, at string) bool {
	s.mu.Unlock()
	defer s.mu.Lock()
	return a.pings(at) && a.refusesBadSignature(at)
}

func (a *Application) ping() []byte {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	b, _ := json.Marshal(object{"id": a.s.newID(), "application_id": a.ID, "type": pingInteraction, "token": "ping", "version": 1})
	return b
}

func (a *Application) pings(at string) bool {
	resp, err := a.signed(at, a.ping(), false)
	if err != nil || resp.StatusCode != http.StatusOK || !isJSON(resp.Header) {
		return false
	}
	defer resp.Body.Close()
	var pong struct{ Type int }
	return json.NewDecoder(resp.Body).Decode(&pong) == nil && pong.Type == callbackPong
}

func (a *Application) refusesBadSignature(at string) bool {
	resp, err := a.signed(at, a.ping(), true)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusUnauthorized
}

func isJSON(h http.Header) bool {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return kind == "application/json"
}

// Probe sends a PING with a bad signature, as Discord does from time to time.
// An address that accepts it is removed.
func (a *Application) Probe() bool {
	a.s.mu.Lock()
	at := a.endpoint
	a.s.mu.Unlock()
	if at == "" {
		return false
	}
	ok := a.refusesBadSignature(at)
	if !ok {
		a.s.mu.Lock()
		defer a.s.mu.Unlock()
		a.s.violate(nil, Unsigned, "a bad signature was not answered 401; the address is removed")
		a.endpoint = ""
	}
	return ok
}

// post delivers an interaction over HTTP. The answer is inline, or a callback
// came and 202 tells to go by it.
func (i *Interaction) post(at string) {
	body, err := json.Marshal(i.body)
	if err != nil {
		panic("discordtest: " + err.Error())
	}
	forged := i.who.delivery.Forged
	resp, err := i.app.signed(at, body, forged)
	if err != nil {
		return // What the person sees is decided by the time that is left.
	}
	defer resp.Body.Close()
	if forged {
		i.refused(resp.StatusCode)
		return
	}
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode == http.StatusAccepted {
		return
	}
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	i.inline(resp, answer)
}

// refused is the end of an interaction that was forged.
func (i *Interaction) refused(status int) {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	if status != http.StatusUnauthorized {
		i.s.violate(nil, Unsigned, "an interaction with a bad signature was answered %d", status)
	}
	i.fail()
}

// inline takes the answer in an HTTP response. It is kept as a request of the
// method INLINE, so that what is wrong with it shows in the same place.
func (i *Interaction) inline(resp *http.Response, body []byte) {
	s := i.s
	c := &call{s: s, app: i.app, query: url.Values{}, req: &Request{
		Time: s.clock.Now(), Method: "INLINE", Path: "/interactions/" + i.ID + "/callback",
		Route: "/interactions/{interaction_id}/{interaction_token}/callback", Version: 10, Header: resp.Header,
		Body: body, AppID: i.app.ID, Status: resp.StatusCode,
	}}
	s.requests = append(s.requests, c.req)
	if resp.StatusCode != http.StatusOK || !isJSON(resp.Header) {
		s.violate(c.req, SpecRequest, "an interaction was answered %d with %q", resp.StatusCode, resp.Header.Get("Content-Type"))
		i.fail()
		return
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if err := dec.Decode(&c.body); err != nil {
		s.violate(c.req, SpecRequest, "an interaction was answered with what is no JSON")
		i.fail()
		return
	}
	if s.opts.Oracle != nil {
		if err := s.opts.Oracle.Request("POST", "/interactions/"+i.ID+"/token/callback", body); err != nil {
			s.violate(c.req, SpecRequest, "%v", err)
		}
	}
	if err := i.answer(c); err != nil {
		s.violate(c.req, SpecRequest, "the inline answer is refused: %v", err)
		i.fail()
	}
}

func (i *Interaction) fail() {
	if i.state == Waiting {
		i.become(Failed)
	}
}
