package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/synthoperator/baton/chat"
)

// stub is a platform that ends when it is told to.
type stub struct {
	service
	end chan error
}

func (s *stub) open(*parts) (chat.Poster, error) { return nil, nil }

func (s *stub) run(ctx context.Context, _ *parts) error {
	select {
	case err := <-s.end:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func newStub(j *job, h *hosts, name string, listens bool) *stub {
	s := &stub{j.newService(h, name, strings.ToUpper(name), listens, ""), make(chan error, 1)}
	h.watch(name, s.health)
	s.health.set(true, "connected")
	return s
}

// One platform's end is not another's; where the last one has ended, so has the
// program, with all that ended them.
func TestAPlatformsEndLeavesTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		j := testJob(t, &bytes.Buffer{})
		j.log = newLogger(LogConfig{"text", "info"}, &log)
		a, b := newStub(j, &hosts{}, "a", false), newStub(j, &hosts{}, "b", false)
		done := make(chan error, 1)
		go func() { done <- runAll([]platform{a, b})(t.Context(), nil) }()
		first, second := errors.New("the token was reset"), errors.New("the intent is not allowed")
		a.end <- first
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("all has ended with one: %v", err)
		default:
		}
		if up, why := a.health.now(); up || why != "the token was reset" {
			t.Errorf("a is %v, %s", up, why)
		}
		if up, _ := b.health.now(); !up {
			t.Error("b is down with a")
		}
		if !strings.Contains(log.String(), "A is not served any more; the rest is") {
			t.Errorf("the operator is not told: %s", log.String())
		}
		b.end <- second
		if err := <-done; !errors.Is(err, first) || !errors.Is(err, second) {
			t.Error(err)
		}
	})
}

// Whoever stops the program hears of no failure.
func TestPlatformsStopWhenTheyAreTold(t *testing.T) {
	var log bytes.Buffer
	j := testJob(t, &bytes.Buffer{})
	j.log = newLogger(LogConfig{"text", "error"}, &log)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h := &hosts{}
	err := runAll([]platform{newStub(j, h, "a", false), newStub(j, h, "b", false)})(ctx, nil)
	if !errors.Is(err, context.Canceled) || log.Len() > 0 {
		t.Errorf("%v, and the log says %s", err, log.String())
	}
}

// Two platforms at one address share it. The proxy in front of it goes on sending
// as long as one that is reached there works; each one's own state is red.
func TestHealthOfSeveralPlatforms(t *testing.T) {
	j, h := testJob(t, &bytes.Buffer{}), &hosts{}
	a, b := newStub(j, h, "a", true), newStub(j, h, "b", true)
	c := newStub(j, h, "c", false) // it connects out
	if a.host != b.host || len(h.all) != 1 || c.host != nil {
		t.Fatalf("%d addresses are listened on", len(h.all))
	}
	ask := func(path string) (int, string) {
		w := httptest.NewRecorder()
		a.host.mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code, strings.TrimSpace(w.Body.String())
	}
	for _, step := range []struct {
		down  *stub
		path  string
		code  int
		shows string
	}{
		{nil, "/healthz", http.StatusOK, "A: connected\nB: connected\nC: connected"},
		{b, "/healthz", http.StatusOK, "A: connected\nB: not connected: gone\nC: connected"},
		{nil, "/healthz/b", http.StatusServiceUnavailable, "gone"},
		{nil, "/healthz/a", http.StatusOK, "connected"},
		{nil, "/healthz/c", http.StatusOK, "connected"},
		{a, "/healthz", http.StatusServiceUnavailable, "A: not connected: gone\nB: not connected: gone\nC: connected"},
	} {
		if step.down != nil {
			step.down.health.set(false, "gone")
		}
		if code, shows := ask(step.path); code != step.code || shows != step.shows {
			t.Errorf("%s: %d %s", step.path, code, shows)
		}
	}
}
