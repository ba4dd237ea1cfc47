package slacktest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// Pick says which of n connections, oldest first, gets the turn-th envelope.
// chance gives a number below its argument.
type Pick func(n, turn int, chance func(int) int) int

// Ways to pick a connection. Slack promises none.
var (
	ByChance   Pick = func(n, _ int, chance func(int) int) int { return chance(n) }
	Newest     Pick = func(n, _ int, _ func(int) int) int { return n - 1 }
	Oldest     Pick = func(int, int, func(int) int) int { return 0 }
	RoundRobin Pick = func(n, turn int, _ func(int) int) int { return turn % n }
)

// Omen is what becomes of one delivery on the socket.
type Omen struct {
	Drop   bool          // the first sending gets lost
	Delay  time.Duration // the first sending comes later
	Repeat bool          // it comes twice under the same envelope id
	Twin   bool          // an event comes once more under another event id
}

// Weather is how often, from 0 to 1, envelopes meet an omen by chance.
type Weather struct {
	Drop, Delay, Repeat, Twin float64
	MaxDelay                  time.Duration
}

// Next makes an omen come true for the app's next delivery; several are used up
// in order.
func (a *App) Next(o Omen) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.omens = append(a.omens, o)
}

// Weather changes how often envelopes are lost, late or doubled.
func (s *Server) Weather(w Weather) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.weather = w
}

// foretell gives a delivery its omen. s.mu is held.
func (s *Server) foretell(d *Delivery) {
	if len(d.app.omens) > 0 {
		d.omen, d.app.omens = d.app.omens[0], d.app.omens[1:]
		return
	}
	w := s.weather
	if w == (Weather{}) {
		return
	}
	d.omen = Omen{Drop: s.rng.Float64() < w.Drop, Repeat: s.rng.Float64() < w.Repeat, Twin: s.rng.Float64() < w.Twin}
	if s.rng.Float64() < w.Delay && w.MaxDelay > 0 {
		d.omen.Delay = time.Duration(s.rng.Int64N(int64(w.MaxDelay)))
	}
}

// sendEnvelope is one attempt on the socket. s.mu is held.
func (s *Server) sendEnvelope(d *Delivery, reason string) {
	n := len(d.Attempts)
	d.Attempts = append(d.Attempts, Attempt{EnvelopeID: s.envelopeID(), At: s.Now(), Retry: n, Reason: reason, copies: 1})
	omen := d.omen
	if n > 0 {
		omen, d.omen = Omen{}, Omen{}
	}
	if omen.Twin && d.Kind == Event {
		twin := clone(d.Payload).(map[string]any)
		twin["event_id"] = s.id("Ev")
		d.app.omens = append([]Omen{{}}, d.app.omens...)
		defer s.deliver(d.app, d.Team, d.Kind, twin, nil)
	}
	switch {
	case omen.Drop:
	case omen.Delay > 0:
		s.wg.Go(func() {
			if s.sleep(omen.Delay) {
				s.mu.Lock()
				defer s.mu.Unlock()
				d.Attempts[n].At = s.Now()
				s.push(d, n, omen.Repeat)
			}
		})
	default:
		s.push(d, n, omen.Repeat)
	}
}

func (s *Server) envelopeID() string {
	h := s.secret()
	return fmt.Sprintf("%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:])
}

// push puts an attempt on a connection.
func (s *Server) push(d *Delivery, n int, twice bool) {
	a := &d.Attempts[n]
	conns := d.app.conns
	if len(conns) == 0 {
		a.Failure = "connection_failed"
		return
	}
	pick := s.opts.Pick
	if pick == nil {
		pick = ByChance
	}
	c := conns[pick(len(conns), d.app.turn, s.rng.IntN)]
	d.app.turn++
	envelope := map[string]any{
		"envelope_id": a.EnvelopeID, "type": d.Kind, "accepts_response_payload": d.accepts, "payload": d.Payload,
	}
	if d.Kind == Event || n > 0 {
		envelope["retry_attempt"], envelope["retry_reason"] = n, a.Reason
	}
	frame, _ := json.Marshal(envelope)
	a.Conn = c.ID
	if twice {
		a.copies = 2
	}
	for range a.copies {
		select {
		case c.out <- frame:
			c.state.Sent++
		default: // nobody reads there any more
		}
	}
}

// take reads an acknowledgement.
func (c *Conn) take(kind int, frame []byte) {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	var ack struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(frame, &ack); err != nil || kind != websocket.TextMessage || ack.EnvelopeID == "" {
		s.violate("frame", "no acknowledgement: %.200s", frame)
		return
	}
	d, n := c.app.envelope(ack.EnvelopeID)
	if d == nil {
		s.violate("ack", "of an envelope that was never sent: %s", ack.EnvelopeID)
		return
	}
	empty := len(ack.Payload) == 0 || string(ack.Payload) == "{}" || string(ack.Payload) == "null"
	if len(frame) >= maxAck {
		s.violate("ack", "of %d bytes is dropped, it has to stay below %d", len(frame), maxAck)
		return
	}
	if !empty && !d.accepts {
		s.violate("ack", "with a payload that was not asked for: %.200s", ack.Payload)
	}
	if empty {
		ack.Payload = nil
	}
	a := &d.Attempts[n]
	late := s.Now().Sub(a.At) > ackTime
	if len(a.Acks) >= a.copies {
		s.violate("ack", "%s came %d times", ack.EnvelopeID, len(a.Acks)+1)
	}
	a.Acks = append(a.Acks, Ack{At: s.Now(), Conn: c.ID, Payload: ack.Payload, Late: late})
	if late {
		s.violate("ack", "%s came after %s", ack.EnvelopeID, s.Now().Sub(a.At))
		return
	}
	s.settle(d, ack.Payload)
}

func (a *App) envelope(id string) (*Delivery, int) {
	for _, d := range a.deliveries {
		for n := range d.Attempts {
			if d.Attempts[n].EnvelopeID == id {
				return d, n
			}
		}
	}
	return nil, 0
}
