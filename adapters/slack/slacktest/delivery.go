package slacktest

import (
	"encoding/json"
	"net/url"
	"slices"
	"time"
)

// The kinds of deliveries, by their name on the socket.
const (
	Command     = "slash_commands"
	Interactive = "interactive"
	Event       = "events_api"
)

// deadline of an acknowledgement, on the socket and by HTTP: 3 s
// (D:interactivity/handling-user-interaction; GH: python-slack-sdk#1280).
const ackTime = 3 * time.Second

// retries are the waits before an event comes again: at once, after one minute,
// after five (D:apis/events-api; for the socket the schedule is unverified).
var retries = []time.Duration{0, time.Minute, 5 * time.Minute}

// Delivery is one thing an app is told, however often it is sent.
type Delivery struct {
	App, Team string
	Kind      string
	Payload   map[string]any
	Attempts  []Attempt
	// Acked says that one attempt was acknowledged in time; Response is what came
	// with it. GaveUp says that there will be no further attempt.
	Acked    bool
	GaveUp   bool
	Response json.RawMessage

	accepts bool
	form    url.Values // of a command by HTTP
	app     *App
	answers chan struct{} // closed when acknowledged
	omen    Omen
}

// Attempt is one sending of a delivery.
type Attempt struct {
	EnvelopeID string // of the socket
	At         time.Time
	Conn       int64 // 0 by HTTP, and where there was none
	Retry      int
	Reason     string // of a retry
	Failure    string // http_timeout, http_error, connection_failed
	Status     int    // by HTTP
	Acks       []Ack
	copies     int
}

// Ack is one acknowledgement.
type Ack struct {
	At      time.Time
	Conn    int64
	Payload json.RawMessage
	Late    bool
}

// Deliveries are copies of all deliveries to the app, oldest first; with kinds,
// only of those.
func (a *App) Deliveries(kinds ...string) []Delivery {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	var all []Delivery
	for _, d := range a.deliveries {
		if len(kinds) == 0 || slices.Contains(kinds, d.Kind) {
			all = append(all, d.copy())
		}
	}
	return all
}

func (d *Delivery) copy() Delivery {
	c := *d
	c.Attempts = slices.Clone(d.Attempts)
	for i := range c.Attempts {
		c.Attempts[i].Acks = slices.Clone(c.Attempts[i].Acks)
	}
	return c
}

// deliver starts to tell an app something and does not wait. s.mu is held.
func (s *Server) deliver(app *App, team, kind string, payload map[string]any, form url.Values) *Delivery {
	d := &Delivery{
		App: app.ID, Team: team, Kind: kind, Payload: payload, accepts: kind != Event, form: form, app: app, answers: make(chan struct{}),
	}
	app.deliveries = append(app.deliveries, d)
	s.foretell(d)
	if app.RequestURL == "" {
		s.sendEnvelope(d, "")
	}
	s.wg.Go(func() { s.follow(d) })
	return d
}

// follow waits for the acknowledgement and sends again what is sent again.
func (s *Server) follow(d *Delivery) {
	waits := retries
	if s.opts.Retries != nil {
		waits = s.opts.Retries
	}
	if d.Kind != Event {
		if waits = waits[:1]; !s.opts.RetryCommands {
			waits = nil
		}
	}
	for n := 0; ; n++ {
		reason, again := s.attempt(d, n)
		if reason == "" {
			return
		}
		if !again || n == len(waits) || !s.sleep(waits[n]) {
			break
		}
		if d.app.RequestURL == "" {
			s.mu.Lock()
			s.sendEnvelope(d, reason)
			s.mu.Unlock()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d.GaveUp = true
	s.changedLocked()
}

// attempt ends with an acknowledgement in time, or with why there was none and
// whether trying again makes sense.
func (s *Server) attempt(d *Delivery, n int) (reason string, again bool) {
	if d.app.RequestURL != "" {
		return s.post(d, n)
	}
	s.mu.Lock()
	missing := d.Attempts[n].Conn == 0 && d.omen.Delay == 0 && !d.omen.Drop
	s.mu.Unlock()
	if missing {
		return "connection_failed", true
	}
	wait := ackTime
	if s.opts.AckTime > 0 {
		wait = s.opts.AckTime
	}
	t := time.NewTimer(wait + d.omen.Delay)
	defer t.Stop()
	select {
	case <-d.answers:
		return "", false
	case <-t.C:
		return "timeout", true
	case <-s.done:
		return "timeout", false
	}
}

func (s *Server) sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.done:
		return false
	}
}

// settle takes an acknowledgement in time. s.mu is held.
func (s *Server) settle(d *Delivery, response json.RawMessage) {
	if !d.Acked {
		d.Acked, d.Response = true, response
		close(d.answers)
	}
	s.changedLocked()
}
