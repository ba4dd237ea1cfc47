package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"

	slackgo "github.com/slack-go/slack"
)

// maxBody is the most that is read of a request, in bytes. Slack's largest
// payloads hold a view of 250 KB and the message it was opened from.
const maxBody = 4 << 20

// Routes answers Slack's requests: events, interactivity and commands, on one
// path or on three. It serves while [Adapter.Run] runs.
func (a *Adapter) Routes() http.Handler { return http.HandlerFunc(a.serve) }

func (a *Adapter) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "Slack posts here", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		status := http.StatusBadRequest
		if errors.As(err, new(*http.MaxBytesError)) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, "the request cannot be read", status)
		return
	}
	if !a.verified(r.Header, body) {
		a.o.Log.Warn("a request without Slack's signature was turned away", "from", r.RemoteAddr)
		http.Error(w, "this is not signed by Slack", http.StatusUnauthorized)
		return
	}
	d, answer, err := parseRequest(r.Header, body)
	switch {
	case err != nil:
		a.o.Log.Warn("a request of Slack's cannot be read", "error", err)
		http.Error(w, "this is none of the requests that Slack makes", http.StatusBadRequest)
	case d.kind == "":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, answer)
	default:
		a.deliver(w, r, d)
	}
}

// verified checks a signature over the body as it came. The error of the check is
// not shown: it may hold what the signature should have been.
func (a *Adapter) verified(h http.Header, body []byte) bool {
	v, err := slackgo.NewSecretsVerifier(h, string(a.o.SigningSecret))
	if err != nil {
		return false
	}
	_, _ = v.Write(body) // of a hash; it takes everything
	return v.Ensure() == nil
}

// parseRequest tells the three kinds of requests apart, and answers those that
// only ask whether somebody is there. Nothing is read of the address: it is not
// signed.
func parseRequest(h http.Header, body []byte) (d delivery, answer string, err error) {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return d, "", fmt.Errorf("its kind: %w", err)
	}
	if kind == "application/json" {
		var probe struct{ Type, Challenge string }
		if err := json.Unmarshal(body, &probe); err != nil {
			return d, "", err
		}
		if probe.Type == "url_verification" {
			return d, probe.Challenge, nil
		}
		retry, _ := strconv.Atoi(h.Get("X-Slack-Retry-Num")) // absent the first time
		return delivery{kind: kindEvent, payload: body, retry: retry}, "", nil
	}
	form, err := url.ParseQuery(string(body))
	switch {
	case err != nil:
		return d, "", err
	case form.Get("ssl_check") == "1":
		return d, "", nil
	case form.Get("payload") != "":
		return delivery{kind: kindInteractive, payload: []byte(form.Get("payload"))}, "", nil
	case form.Get("command") != "":
		flat := map[string]any{}
		for name := range form {
			flat[name] = form.Get(name)
		}
		if form.Get("is_enterprise_install") == "" {
			delete(flat, "is_enterprise_install")
		}
		return delivery{kind: kindCommand, payload: mustJSON(flat)}, "", nil
	}
	return d, "", errors.New("it holds neither a payload nor a command")
}

// deliver takes a delivery in and answers when it is durable, or says that it is
// to come again.
func (a *Adapter) deliver(w http.ResponseWriter, r *http.Request, d delivery) {
	s := a.current.Load()
	if s == nil {
		http.Error(w, "Baton is not running yet", http.StatusServiceUnavailable)
		return
	}
	type result struct {
		payload []byte
		again   bool
	}
	said := make(chan result, 1) // one receipt, one answer
	d.receipt = receipt{
		came:   a.o.Now(),
		give:   func(payload []byte) { said <- result{payload: payload} },
		refuse: func() { said <- result{again: true} },
	}
	s.take(d)
	late := time.NewTimer(ackWithin)
	defer late.Stop()
	select {
	case is := <-said:
		if is.again {
			http.Error(w, "not accepted", http.StatusServiceUnavailable)
			return
		}
		if len(is.payload) > 0 {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
		}
		_, _ = w.Write(is.payload)
	case <-late.C:
		http.Error(w, "not accepted in time", http.StatusServiceUnavailable)
	case <-r.Context().Done():
	}
}
