package slacktest_test

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

const formView = `{"type":"modal","callback_id":"f","title":{"type":"plain_text","text":"Form"},"submit":{"type":"plain_text","text":"OK"},"notify_on_close":true,
 "blocks":[{"type":"input","block_id":"why","label":{"type":"plain_text","text":"Why"},"element":{"type":"plain_text_input","action_id":"text","min_length":3,"max_length":5}},
 {"type":"actions","block_id":"more","elements":[{"type":"button","action_id":"add","text":{"type":"plain_text","text":"Add"}},
  {"type":"static_select","action_id":"who","options":[{"text":{"type":"plain_text","text":"Ana"},"value":"ana"}]}]}]}`

// modals is a bot that answers submissions as the test wants, and remembers what
// it got last.
type modals struct {
	*world
	*bot
	mu     sync.Mutex
	last   map[string]any
	answer any
}

func openForm(t *testing.T, w *world) (*modals, *slacktest.View) {
	t.Helper()
	m := &modals{world: w}
	m.bot = connect(t, w, func(e envelope) any {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.last = e.Payload
		if e.Payload["type"] == "view_submission" {
			return m.answer
		}
		return nil
	})
	w.ana.Slash(w.launch, "/baton", "form")
	if got := w.call(t, "xoxb-1", "views.open", "trigger_id", m.trigger(), "view", formView); got["ok"] != true {
		t.Fatal(got)
	}
	return m, w.ana.Modal()
}

func (m *modals) trigger() string { return m.payload()["trigger_id"].(string) }

func (m *modals) payload() map[string]any {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last
}

func (m *modals) answers(v any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answer = v
}

func TestSubmitting(t *testing.T) {
	var view map[string]any
	if err := json.Unmarshal([]byte(formView), &view); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, typed string
		answer      any
		open        bool
		complaint   string
		rule        string
	}{
		{"nothing typed", "", nil, true, "Please complete this required field.", ""},
		{"too short", "ab", nil, true, "Please enter at least 3 characters.", ""},
		{"too long", "abcdef", nil, true, "Please enter fewer than 5 characters.", ""},
		{"taken", "abc", nil, false, "", ""},
		{"errors", "abc", map[string]any{"response_action": "errors", "errors": map[string]any{"why": "no"}}, true, "no", ""},
		{"error at no input", "abc", map[string]any{"response_action": "errors", "errors": map[string]any{"more": "no"}}, true, "", "answer to a submission"},
		{"ok true", "abc", map[string]any{"ok": true}, true, "", "answer to a submission"},
		{"update", "abc", map[string]any{"response_action": "update", "view": view}, true, "", ""},
		{"update with a wrong view", "abc", map[string]any{"response_action": "update", "view": map[string]any{"type": "modal"}}, true, "", "answer to a submission"},
		{"clear", "abc", map[string]any{"response_action": "clear"}, false, "", ""},
		{"no answer", "abc", silence{}, true, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
				m, v := openForm(t, w)
				m.answers(row.answer)
				seen := w.ana.Submit(v, map[string]string{"Why": row.typed})
				if v.Open() != row.open || seen.Errors["why"] != row.complaint {
					t.Errorf("open %v, %+v", v.Open(), seen)
				}
				if _, quiet := row.answer.(silence); quiet != seen.TimedOut {
					t.Errorf("timed out %v", seen.TimedOut)
				}
				if got := rules(w.TakeViolations()); got != row.rule {
					t.Errorf("violations %q", got)
				}
				m.close()
			})
		})
	}
}

func TestModalsStackAndKeepWhatWasTyped(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		m, v := openForm(t, w)
		w.ana.Press(v, "who", "Ana")
		state := m.payload()["view"].(map[string]any)["state"].(map[string]any)["values"].(map[string]any)
		chosen := state["more"].(map[string]any)["who"].(map[string]any)["selected_option"].(map[string]any)
		if chosen["value"] != "ana" {
			t.Errorf("state %v", state)
		}
		old := v.Hash()
		if got := w.call(t, "xoxb-1", "views.update", "view_id", v.ID, "hash", old, "view", formView); got["ok"] != true {
			t.Error(got)
		}
		if got := w.call(t, "xoxb-1", "views.update", "view_id", v.ID, "hash", old, "view", formView); got["error"] != "hash_conflict" {
			t.Error(got)
		}
		for i, want := range []any{true, true, false} { // three views are the most
			w.ana.Press(w.ana.Modal(), "Add")
			if got := w.call(t, "xoxb-1", "views.push", "trigger_id", m.trigger(), "view", formView); got["ok"] != want {
				t.Error(i, got)
			}
		}
		if got := rules(w.TakeViolations()); got != "push_limit_reached" {
			t.Errorf("violations %q", got)
		}
		top := w.ana.Modal()
		if top.JSON()["root_view_id"] != v.ID || top == v {
			t.Errorf("the topmost is %v", top.JSON())
		}
		w.ana.Close(top)
		if p := m.payload(); p["type"] != "view_closed" || p["is_cleared"] != false || w.ana.Modal() == top {
			t.Errorf("closed: %v", p)
		}
		w.ana.CloseAll(w.ana.Modal())
		if p := m.payload(); p["is_cleared"] != true || w.ana.Modal() != nil || v.Open() {
			t.Errorf("all closed: %v", p)
		}
		if got := w.call(t, "xoxb-1", "views.update", "view_id", v.ID, "view", formView); got["error"] != "not_found" {
			t.Error(got)
		}
		if seen := w.ana.Submit(v, nil); seen.Refused == "" {
			t.Error("a closed modal was submitted")
		}
		m.close()
	})
}

func TestActionsFromAThread(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		m, _ := openForm(t, w)
		root := ts(w.call(t, "xoxb-1", "chat.postMessage", post(w, "root")...))
		at := ts(w.call(t, "xoxb-1", "chat.postMessage", post(w, "card", "thread_ts", root,
			"blocks", `[{"type":"actions","elements":[{"type":"button","action_id":"approve","value":"run-7","text":{"type":"plain_text","text":"Approve"}}]}]`)...))
		card, _ := w.launch.Message(at)
		if seen := w.ben.Click(card, "Deny"); seen.Refused == "" {
			t.Error("a button that is not there was pressed")
		}
		w.ben.Click(card, "Approve")
		p := m.payload()
		container, message := p["container"].(map[string]any), p["message"].(map[string]any)
		action := p["actions"].([]any)[0].(map[string]any)
		if container["thread_ts"] != root || container["message_ts"] != at || container["channel_id"] != "C1" || message["thread_ts"] != root {
			t.Errorf("container %v, message %v", container, message)
		}
		if action["value"] != "run-7" || action["action_id"] != "approve" || action["block_id"] == "" || action["action_ts"] == "" {
			t.Errorf("action %v", action)
		}
		w.ben.Shortcut(card, "hand_off")
		if p := m.payload(); p["type"] != "message_action" || p["message"].(map[string]any)["thread_ts"] != root || p["response_url"] == nil {
			t.Errorf("shortcut %v", p)
		}
		w.ben.GlobalShortcut("everywhere")
		if p := m.payload(); p["channel"] != nil || p["response_url"] != nil || p["trigger_id"] == nil {
			t.Errorf("global shortcut %v", p)
		}
		m.close()
	})
}
