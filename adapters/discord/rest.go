package discord

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
)

// rest is Discord's HTTP API. It speaks v10 with net/http: discordgo v0.29.0
// speaks v9, holds one lock for all edits of webhooks and interactions, sleeps
// through contexts, goes on after a global limit, repeats a POST after a 502
// without a nonce, fails on a page of Cloudflare's, and keeps a bucket for each
// interaction for ever. What could be bypassed of that would leave nothing of it
// in use, and it knows neither nonces nor the fields of today's forms.
//
// A request is sent once. It is not repeated here, and waits no longer than a
// second: who has to wait longer is told how long, by a [limited].
type rest struct {
	base    string // with the version, without a slash
	token   string
	client  *http.Client
	log     *slog.Logger
	now     func() time.Time
	limiter *limiter
}

const (
	defaultAPI = "https://discord.com"
	apiVersion = "/api/v10"
	// userAgent is as D:reference, User Agent, wants it.
	userAgent = "DiscordBot (https://github.com/synthoperator/baton, 1)"
	// maxAnswer is how much of an answer is read. A hundred messages of the
	// largest size are smaller.
	maxAnswer = 16 << 20
)

// anyVersion is how an address may end that somebody wrote as they found it.
var anyVersion = regexp.MustCompile(`(/api(/v\d+)?)?/*$`)

// baseOf is where the API is, in the version that is spoken here.
func baseOf(address string) string {
	return address[:anyVersion.FindStringIndex(address)[0]] + apiVersion
}

func newRest(o Options) *rest {
	r := &rest{
		token: o.Token, client: o.Client, log: o.Log, now: o.Now,
		base: baseOf(cmp.Or(o.APIURL, defaultAPI)),
	}
	if r.client == nil {
		r.client = &http.Client{Timeout: time.Minute}
	}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if r.now == nil {
		r.now = time.Now
	}
	r.limiter = newLimiter(r.now)
	return r
}

// do sends one request. The route is the path as D: documents it, with names in
// braces: by it and the first id of the path Discord counts. The body is sent as
// JSON, with files as a form; the answer is read into into, unless that is nil.
//
// An error is a [limited], or an [apiError], or nobody knows what came of it.
func (r *rest) do(ctx context.Context, method, route, path string, body any, files []chat.File, into any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	call := newCounted(method, route, path)
	if err := r.limiter.enter(ctx, call); err != nil {
		return err
	}
	status, header, answer, err := r.send(ctx, call, path, body, files)
	if err != nil {
		return err
	}
	r.limiter.learn(call, status, header)
	if status < 200 || status > 299 {
		return r.refused(call, status, header, answer)
	}
	if into == nil || len(answer) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("discord: %s: an answer that is no JSON: %w", call.name(), err)
	}
	return nil
}

func (r *rest) send(ctx context.Context, call counted, path string, body any, files []chat.File) (int, http.Header, []byte, error) {
	content, kind, err := encode(body, files)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("discord: %s: %w", call.name(), err)
	}
	var reader io.Reader
	if content != nil {
		reader = bytes.NewReader(content)
	}
	req, err := http.NewRequestWithContext(ctx, call.method, r.base+path, reader)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("discord: %s: %w", call.name(), withoutURL(err))
	}
	req.Header.Set("User-Agent", userAgent)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if !call.token {
		req.Header.Set("Authorization", "Bot "+r.token)
	}
	began := r.now()
	resp, err := r.client.Do(req)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("discord: %s: %w", call.name(), withoutURL(err))
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("discord: %s: the answer broke off: %w", call.name(), withoutURL(err))
	}
	r.log.Debug("discord was asked", "route", call.name(), "status", resp.StatusCode, "took", r.now().Sub(began))
	return resp.StatusCode, resp.Header, answer, nil
}

// withoutURL is the error without the address it is about, which may hold the
// token of an interaction or of a webhook.
func withoutURL(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// refused is the error that an answer is.
func (r *rest) refused(call counted, status int, header http.Header, answer []byte) error {
	var said struct {
		Code    int             `json:"code"`
		Message string          `json:"message"`
		Errors  json.RawMessage `json:"errors"`
		Retry   float64         `json:"retry_after"`
		Global  bool            `json:"global"`
	}
	known := json.Unmarshal(answer, &said) == nil
	if status == http.StatusTooManyRequests {
		wait := &limited{Scope: scopeRoute, Why: "too many requests", After: retryAfter(header, said.Retry)}
		if s := scope(header.Get("X-RateLimit-Scope")); s == scopeGlobal || s == scopeResource {
			wait.Scope = s
		}
		switch {
		case !known: // a page of Cloudflare's: the whole address is meant
			wait.Scope, wait.Why = scopeGlobal, "Discord has shut this address out for a while"
			r.limiter.shutOut(wait.After)
		case said.Global || header.Get("X-RateLimit-Global") == "true":
			wait.Scope = scopeGlobal
			r.limiter.pauseAll(wait.After)
		default:
			r.limiter.pause(call, wait.After)
		}
		if said.Code != 0 {
			wait.Why = said.Message
		}
		r.log.Info("discord wants a pause", "route", call.name(), "scope", wait.Scope, "for", wait.After)
		return wait
	}
	e := &apiError{Route: call.name(), Status: status, Code: said.Code, Text: said.Message, Field: firstFault(said.Errors)}
	r.limiter.refusedBy(call, e)
	return e
}

// retryAfter is the longest of the times an answer gives; a second where it
// gives none.
func retryAfter(header http.Header, retry float64) time.Duration {
	for _, name := range [...]string{"Retry-After", "X-RateLimit-Reset-After"} {
		// The exact time stands in the body; a header may be rounded up.
		if v, err := strconv.ParseFloat(header.Get(name), 64); err == nil && retry == 0 {
			retry = v
		}
	}
	if retry <= 0 || math.IsNaN(retry) || retry > 86400 {
		return time.Second
	}
	return time.Duration(math.Ceil(retry*1000)) * time.Millisecond
}

// firstFault is the first field that a form was refused for, and why.
func firstFault(raw json.RawMessage) string {
	var at any
	if json.Unmarshal(raw, &at) != nil {
		return ""
	}
	path := ""
	for {
		o, ok := at.(map[string]any)
		if !ok {
			return path
		}
		if all, ok := o["_errors"].([]any); ok && len(all) > 0 {
			first, _ := all[0].(map[string]any)
			text, _ := first["message"].(string)
			return strings.TrimPrefix(path, ".") + ": " + text
		}
		key := ""
		for name := range o {
			if key == "" || name < key {
				key = name
			}
		}
		path, at = path+"."+key, o[key]
	}
}

// encode is a body as it is sent, and of what kind.
func encode(body any, files []chat.File) ([]byte, string, error) {
	if body == nil {
		return nil, "", nil
	}
	text, err := json.Marshal(body)
	if err != nil || len(files) == 0 {
		return text, "application/json", err
	}
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	err = form.WriteField("payload_json", string(text))
	for i, f := range files {
		kind := cmp.Or(f.MediaType, "application/octet-stream")
		if strings.ContainsFunc(kind, func(r rune) bool { return r < ' ' || r > '~' }) {
			kind = "application/octet-stream"
		}
		w, e := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name="files[%d]"; filename="%s"`, i, plainName(f.Name))},
			"Content-Type":        {kind},
		})
		if e == nil {
			_, e = w.Write(f.Data)
		}
		err = errors.Join(err, e)
	}
	err = errors.Join(err, form.Close())
	return out.Bytes(), form.FormDataContentType(), err
}

// patiently sends a request as do does, and again as often as it is told to
// come later, as long as ctx lets it.
func (r *rest) patiently(ctx context.Context, method, route, path string, body any, files []chat.File, into any) error {
	for {
		err := r.do(ctx, method, route, path, body, files, into)
		var wait *limited
		if !errors.As(err, &wait) {
			return err
		}
		if end, ok := ctx.Deadline(); ok && end.Before(time.Now().Add(wait.After)) {
			return err
		}
		if sleep(ctx, wait.After) != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// firstID is the first id of a path with what else belongs to it: a webhook's
// limits are its own, and so are those of each interaction.
func firstID(route, path string) string {
	path, _, _ = strings.Cut(path, "?")
	names, values := strings.Split(route, "/"), strings.Split(path, "/")
	i := slices.IndexFunc(names, func(s string) bool { return strings.HasPrefix(s, "{") })
	if i < 0 || i >= len(values) {
		return ""
	}
	id := values[i]
	if i+1 < len(names) && i+1 < len(values) && strings.HasSuffix(names[i+1], "_token}") {
		id += "/" + values[i+1]
	}
	return id
}
