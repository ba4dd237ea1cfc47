package discord

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
)

func place(t *testing.T) chat.Thread {
	t.Helper()
	in, err := chat.NewThread(Platform, "1", "2", "3")
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// TestOutcomes: what each answer says about the message, in the words of whoever
// posts.
func TestOutcomes(t *testing.T) {
	in := place(t)
	here, channel, guild := in.Key(), in.Parent().Key(), in.WorkspaceKey()
	for _, test := range []struct {
		status, code int
		want         string
	}{
		{400, 50035, "rejected"},
		{400, 50006, "rejected"},
		{413, 40005, "rejected"},
		{400, 50109, "rejected"},
		{403, 50005, "rejected"},
		{400, 30007, "rejected"},
		{403, 200000, "rejected"},
		{400, 999999, "rejected"},
		{404, 0, "rejected"},
		{404, 10003, "blocked " + here},
		{400, 50083, "blocked " + here},
		{400, 160005, "blocked " + here},
		{403, 50007, "blocked " + here},
		{403, 50013, "blocked " + channel},
		{403, 50001, "blocked " + channel},
		{400, 50008, "blocked " + channel},
		{400, 40067, "blocked " + channel},
		{403, 0, "blocked " + channel},
		{401, 0, "blocked " + guild},
		{404, 10004, "blocked " + guild},
		{400, 160006, "blocked " + guild},
		{403, 40007, "blocked " + guild},
		{404, 10008, "gone"},
		{404, 10015, "gone"},
		{401, 50027, "gone"},
		{429, 30046, "later"},
		{429, 20028, "later"},
		{429, 20016, "later"},
		{503, 130000, "later"},
		{429, 0, "later"},
		{500, 0, "unknown"},
		{502, 0, "unknown"},
		{504, 0, "unknown"},
		{408, 0, "unknown"},
		{404, 10062, "unknown"},
		{400, 160004, "unknown"},
		{400, 40060, "unknown"}, // done before: whoever sends these looks at the code
	} {
		err := outcome(&apiError{Route: "POST /x", Status: test.status, Code: test.code, Text: "words"}, in)
		if got := kindOf(err); got != test.want {
			t.Errorf("%d %d is %s, want %s", test.status, test.code, got, test.want)
		}
	}
	if err := errors.New("the connection broke"); kindOf(outcome(err, in)) != "unknown" {
		t.Error("nobody knows of a broken connection")
	}
}

func kindOf(err error) string {
	var blocked chat.Blocked
	switch {
	case errors.As(err, &blocked):
		return "blocked " + blocked.Where
	case errors.As(err, new(chat.Rejected)):
		return "rejected"
	case errors.As(err, new(chat.Gone)):
		return "gone"
	case errors.As(err, new(chat.Later)):
		return "later"
	}
	return "unknown"
}

// TestEveryCodeSays: a place that takes nothing says what to do about it, and
// no other code has such a sentence.
func TestEveryCodeSays(t *testing.T) {
	for code, known := range codes {
		blocks := known.effect == blockedHere || known.effect == blockedChannel || known.effect == blockedWorkspace
		if blocks != (known.why != "") {
			t.Errorf("%d: %q", code, known.why)
		}
		if strings.HasSuffix(known.why, ".") {
			t.Errorf("%d: it ends a sentence that goes on: %q", code, known.why)
		}
	}
}

func TestLaterWhere(t *testing.T) {
	in := place(t)
	for _, test := range []struct {
		scope scope
		in    chat.Thread
		want  string
	}{
		{scopeRoute, in, ""},
		{scopeRoute, in.Parent(), in.Parent().Key()},
		{scopeResource, in.Parent(), in.Parent().Key()},
		{scopeGlobal, in, in.WorkspaceKey()},
	} {
		var wait chat.Later
		if !errors.As(outcome(&limited{After: time.Second, Scope: test.scope}, test.in), &wait) || wait.Where != test.want {
			t.Errorf("%s in %s: %q", test.scope, test.in.Key(), wait.Where)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for _, test := range []struct {
		header, reset string
		body          float64
		want          time.Duration
	}{
		{"2", "", 1.5, 1500 * time.Millisecond},
		{"3", "", 0, 3 * time.Second},
		{"", "0.25", 0, 250 * time.Millisecond},
		{"", "", 0, time.Second},
		{"x", "", -1, time.Second},
		{"", "", 1e9, time.Second},
	} {
		h := http.Header{"Retry-After": {test.header}}
		h.Set("X-RateLimit-Reset-After", test.reset)
		if got := retryAfter(h, test.body); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

func TestFirstFault(t *testing.T) {
	raw := `{"components":{"0":{"components":{"1":{"content":{"_errors":[{"code":"X","message":"Must be 4000 or fewer in length."}]}}}}}}`
	if diff := cmp.Diff("components.0.components.1.content: Must be 4000 or fewer in length.", firstFault([]byte(raw))); diff != "" {
		t.Error(diff)
	}
	for _, raw := range []string{"", "null", "{}", "[]", `{"a":{}}`, fmt.Sprint(`{"a":`, strings.Repeat(`{"b":`, 50), "1", strings.Repeat("}", 51))} {
		firstFault([]byte(raw)) // it ends
	}
}
