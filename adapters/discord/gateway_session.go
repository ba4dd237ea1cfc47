package discord

import (
	"context"
	"encoding/json"
	"runtime"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
)

// session is what outlives connections. Its sequence is of what was taken in.
type session struct {
	mu      sync.Mutex
	id      string
	address string // where it is resumed
	seq     int64
}

func (s *session) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id, s.address, s.seq = "", "", 0
}

func (s *session) advance(seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq = seq
}

func (s *session) sequence() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seq
}

func (s *session) resumable() (id, address string, seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.id, s.address, s.seq
}

// begun keeps what resuming a session takes (D:events/gateway-events, Ready).
func (s *session) begun(data json.RawMessage) {
	var ready struct {
		ID      string `json:"session_id"`
		Address string `json:"resume_gateway_url"`
	}
	if json.Unmarshal(data, &ready) != nil {
		return // it cannot be resumed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id, s.address = ready.ID, ready.Address
}

// begin resumes the session, or begins one where there is none and it is this
// shard's turn. From then on it is waited for; until then, heartbeats tell whether
// anybody is there.
func (c *connection) begin(ctx context.Context) error {
	if id, _, seq := c.resumable(); id != "" {
		_ = c.ws.SetReadDeadline(time.Now().Add(readyWait))
		return c.send(opResume, map[string]any{"token": c.to.a.o.Token, "session_id": id, "seq": seq})
	}
	if err := c.supervisor.turn(ctx); err != nil {
		return err
	}
	_ = c.ws.SetReadDeadline(time.Now().Add(readyWait))
	return c.send(opIdentify, map[string]any{
		"token": c.to.a.o.Token, "intents": c.to.a.intents(), "shard": [2]int{c.number, c.supervisor.count},
		"properties": map[string]string{"os": runtime.GOOS, "browser": "baton", "device": "baton"},
	})
}

// intents are what the gateway is to tell. None of them is privileged;
// interactions need none (D:events/gateway, List of Intents).
func (a *Adapter) intents() discordgo.Intent {
	if a.o.Mentions {
		return discordgo.IntentGuilds | discordgo.IntentGuildMessages
	}
	return discordgo.IntentGuilds
}
