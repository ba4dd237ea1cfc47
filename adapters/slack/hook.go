package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// hook is a response_url: an address that says something for half an hour, five
// times (https://docs.slack.dev/interactivity/handling-user-interaction). Whoever
// knows it may use it, so it is kept out of logs.
type hook struct {
	address string
	until   time.Time
	now     func() time.Time

	mu   sync.Mutex
	used int
}

const (
	hookLife = 30*time.Minute - 10*time.Second
	hookUses = 5
)

var errHook = errors.New("the response_url is used up")

func newHook(address string, now func() time.Time) *hook {
	if address == "" {
		return nil
	}
	return &hook{address: address, until: now().Add(hookLife), now: now}
}

// uses reports whether the hook works n times more.
func (h *hook) uses(n int) bool {
	if h == nil {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.used+n <= hookUses && h.now().Before(h.until)
}

func (h *hook) take() bool {
	if !h.uses(1) {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.used++
	return h.used <= hookUses
}

// post says something through a hook.
func (a *Adapter) post(ctx context.Context, h *hook, body []byte) error {
	if !h.take() {
		return errHook
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.address, bytes.NewReader(body))
	if err != nil {
		return errors.New("the response_url is no address")
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	answer, err := a.o.Client.Do(r)
	if err != nil {
		var in *url.Error // which would print the address
		if errors.As(err, &in) {
			err = in.Err
		}
		return fmt.Errorf("post to the response_url: %w", err)
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 200))
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the response_url answers %d %q", answer.StatusCode, said)
	}
	return nil
}
