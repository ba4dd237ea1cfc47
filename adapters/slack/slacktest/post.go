package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"
)

// Sign is the signature of a body: v0, HMAC-SHA256 over "v0:ts:body"
// (D:authentication/verifying-requests-from-slack).
func Sign(secret, ts string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%s:", ts)
	_, _ = mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// body is a delivery as it goes over HTTP.
func (d *Delivery) body() (kind string, body []byte) {
	raw, _ := json.Marshal(d.Payload)
	const form = "application/x-www-form-urlencoded"
	switch d.Kind {
	case Command:
		return form, []byte(d.form.Encode())
	case Interactive:
		return form, []byte(url.Values{"payload": {string(raw)}}.Encode())
	default:
		return "application/json", raw
	}
}

// post is one attempt by HTTP.
func (s *Server) post(d *Delivery, n int) (reason string, again bool) {
	s.mu.Lock()
	if d.omen.Delay > 0 {
		s.mu.Unlock()
		s.sleep(d.omen.Delay)
		s.mu.Lock()
	}
	last := ""
	if n > 0 {
		last = d.Attempts[n-1].Failure
	}
	d.Attempts = append(d.Attempts, Attempt{At: s.Now(), Retry: n, Reason: last, copies: 1})
	omen := d.omen
	d.omen = Omen{}
	s.mu.Unlock()
	if omen.Drop {
		return s.failed(d, n, "http_timeout", 0), s.sleep(ackTime)
	}
	kind, body := d.body()
	headers := http.Header{"Content-Type": {kind}}
	if n > 0 {
		headers.Set("X-Slack-Retry-Num", strconv.Itoa(n))
		headers.Set("X-Slack-Retry-Reason", last)
	}
	if omen.Repeat {
		_, _ = d.app.Post(headers, body)
	}
	answer, err := d.app.Post(headers, body)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) || os.IsTimeout(err) {
			return s.failed(d, n, "http_timeout", 0), true
		}
		return s.failed(d, n, "connection_failed", 0), true
	}
	if answer.Status < 200 || answer.Status > 299 {
		return s.failed(d, n, "http_error", answer.Status), answer.Header.Get("X-Slack-No-Retry") != "1"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &d.Attempts[n]
	a.Status = answer.Status
	a.Acks = append(a.Acks, Ack{At: s.Now(), Payload: answer.Body})
	s.settle(d, bytes.TrimSpace(answer.Body))
	return "", false
}

func (s *Server) failed(d *Delivery, n int, why string, status int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.Attempts[n].Failure, d.Attempts[n].Status = why, status
	s.changedLocked()
	return why
}

// Answered is what an app answered to a delivery by HTTP.
type Answered struct {
	Status int
	Header http.Header
	Body   []byte
}

// Post sends a body to the app's request URL, signed now with its secret unless
// the headers already say otherwise, and waits three seconds at most.
func (a *App) Post(headers http.Header, body []byte) (Answered, error) {
	return a.PostTo(a.RequestURL, headers, body)
}

// PostTo is Post to another address.
func (a *App) PostTo(address string, headers http.Header, body []byte) (Answered, error) {
	ctx, cancel := context.WithTimeout(context.Background(), ackTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return Answered{}, err
	}
	r.Header = headers.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if r.Header.Get("X-Slack-Request-Timestamp") == "" {
		r.Header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(a.s.Now().Unix(), 10))
	}
	if r.Header.Get("X-Slack-Signature") == "" {
		r.Header.Set("X-Slack-Signature", Sign(a.SigningSecret, r.Header.Get("X-Slack-Request-Timestamp"), body))
	}
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	client := &http.Client{Transport: a.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		return Answered{}, err
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(io.LimitReader(answer.Body, maxBody))
	return Answered{answer.StatusCode, answer.Header, got}, err
}

// PostStale is Post with a signature that was made age ago.
func (a *App) PostStale(age time.Duration, headers http.Header, body []byte) (Answered, error) {
	h := headers.Clone()
	h.Set("X-Slack-Request-Timestamp", strconv.FormatInt(a.s.Now().Add(-age).Unix(), 10))
	return a.Post(h, body)
}

// Verify asks the app to confirm its request URL (url_verification) and says
// what is wrong with the answer.
func (a *App) Verify() error {
	challenge := fmt.Sprintf("challenge%d", a.s.clock.next())
	body, _ := json.Marshal(map[string]any{"type": "url_verification", "token": "t", "challenge": challenge})
	got, err := a.Post(http.Header{"Content-Type": {"application/json"}}, body)
	if err != nil {
		return err
	}
	var reply struct{ Challenge string }
	if json.Unmarshal(got.Body, &reply) != nil {
		reply.Challenge = string(bytes.TrimSpace(got.Body))
	}
	if got.Status != http.StatusOK || reply.Challenge != challenge {
		return fmt.Errorf("url_verification got status %d and %.80q", got.Status, got.Body)
	}
	return nil
}

// CheckSSL sends the ssl_check that commands get now and then; it has to be
// answered with 200 (D:interactivity/implementing-slash-commands).
func (a *App) CheckSSL() error {
	got, err := a.Post(http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, []byte("ssl_check=1&token=t"))
	if err == nil && got.Status != http.StatusOK {
		err = fmt.Errorf("ssl_check got status %d", got.Status)
	}
	return err
}
