package slacktest_test

import (
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

type envelope struct {
	ID      string `json:"envelope_id"`
	Type    string
	Reason  string // of a disconnect
	Attempt int    `json:"retry_attempt"`
	Why     string `json:"retry_reason"`
	Accepts bool   `json:"accepts_response_payload"`
	Payload map[string]any
}

// silence is an answer of a handler that does not acknowledge.
type silence struct{}

// bot is a client of Socket Mode as simple as can be.
type bot struct {
	ws   *websocket.Conn
	mu   sync.Mutex
	got  []envelope
	on   func(envelope) any // the payload of the acknowledgement
	done chan struct{}
}

// connect opens a connection; on gives the payload of each acknowledgement.
func connect(t *testing.T, w *world, on ...func(envelope) any) *bot {
	t.Helper()
	opened := w.call(t, w.app.Token, "apps.connections.open")
	if opened["ok"] != true {
		t.Fatal(opened)
	}
	ws, err := dial(w, opened["url"].(string))
	if err != nil {
		t.Fatal(err)
	}
	b := &bot{ws: ws, on: func(envelope) any { return nil }, done: make(chan struct{})}
	if len(on) > 0 {
		b.on = on[0]
	}
	var hello envelope
	if err := ws.ReadJSON(&hello); err != nil || hello.Type != "hello" {
		t.Fatal(hello, err)
	}
	go b.read()
	return b
}

func dial(w *world, address string) (*websocket.Conn, error) {
	ws, answer, err := w.Dialer().Dial(address, nil)
	if answer != nil {
		answer.Body.Close()
	}
	return ws, err
}

func (b *bot) read() {
	defer close(b.done)
	for {
		var e envelope
		if b.ws.ReadJSON(&e) != nil {
			return
		}
		b.mu.Lock()
		b.got = append(b.got, e)
		on := b.on
		b.mu.Unlock()
		if e.ID == "" {
			continue
		}
		answer := on(e)
		if _, quiet := answer.(silence); quiet {
			continue
		}
		ack := map[string]any{"envelope_id": e.ID}
		if answer != nil {
			ack["payload"] = answer
		}
		_ = b.ws.WriteJSON(ack)
	}
}

func (b *bot) envelopes() []envelope {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]envelope(nil), b.got...)
}

func (b *bot) close() {
	_ = b.ws.Close()
	<-b.done
}
