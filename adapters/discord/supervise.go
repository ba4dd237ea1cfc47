package discord

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// supervisor keeps the connections to the gateway: one for each shard that
// Discord wants, which all feed one shift.
type supervisor struct {
	to    *shift
	count int
	end   context.CancelCauseFunc

	mu       sync.Mutex
	budget   int         // sessions of a day
	begun    []time.Time // those of the last day
	identify time.Time   // when the next session may begin
	down     map[int]bool
	up       bool
	told     bool
}

// shard is the servers that one session serves: (guild_id >> 22) % count
// (D:events/gateway, Sharding).
type shard struct {
	session
	supervisor *supervisor
	to         *shift
	number     int
	wasReady   bool // the last connection had a session
	failed     int  // connections in a row that had none
}

func newSupervisor(s *shift) *supervisor { return &supervisor{to: s, down: map[int]bool{}} }

const (
	routeGateway = "/gateway/bot"
	// identifyEvery is how far apart sessions begin: the concurrency is 1 for whoever
	// is not told otherwise (D:events/gateway, Rate Limiting).
	identifyEvery = 5500 * time.Millisecond
	// sessionsOf is the time that the budget of sessions is for, and dayBudget the
	// budget of whoever is not told another (D:events/gateway, Rate Limiting).
	sessionsOf = 24 * time.Hour
	dayBudget  = 1000
	// keepSessions is how many of the sessions of a day are left for others: using up
	// all of them resets the token (D:events/gateway, Session Start Limit).
	keepSessions = 50

	waitFirst = 500 * time.Millisecond
	waitMost  = 30 * time.Second
)

// after is how long to wait before the next attempt. It is not the same for all,
// so that not everybody comes back at once.
func after(failed int) time.Duration {
	if failed == 0 {
		return 0
	}
	wait := min(waitFirst<<min(failed-1, 10), waitMost)
	return wait/2 + rand.N(wait/2+1) //nolint:gosec // a jitter
}

// errStopped says that the adapter ends by itself.
var errStopped = errors.New("Baton is stopping")

// fatal are the codes after which connecting again would not help
// (D:topics/opcodes-and-status-codes, Gateway Close Event Codes).
var fatal = map[int]string{
	4004: "Discord does not accept Baton's token any more; set DISCORD_BOT_TOKEN to a new one and start Baton again",
	4010: "Discord does not accept the shard that Baton asks for; start Baton again",
	4011: "this bot is in so many servers that Discord wants it sharded; start Baton again",
	4012: "Discord does not speak the version of the gateway any more that this Baton speaks; install a newer one",
	4013: "Discord does not know an intent that this Baton asks for; install a newer one",
	4014: "Discord does not allow this bot an intent that it asks for; allow it in the developer portal, or set mentions = false",
}

// fatalError ends a run.
type fatalError struct {
	Code int // of the gateway or of an answer, 0 for none
	Why  string
}

func (e *fatalError) Error() string {
	if e.Code == 0 {
		return "discord: " + e.Why
	}
	return fmt.Sprintf("discord: %s (%d)", e.Why, e.Code)
}

// Misconfigured reports whether what ended a run is for the operator to put
// right: a token, a key, the application in the developer portal.
func Misconfigured(err error) bool {
	var bad *fatalError
	return errors.As(err, &bad) && slices.Contains([]int{0, http.StatusUnauthorized, 4004, 4014}, bad.Code)
}

// run keeps the connections until ctx ends or one of them ends for good.
func (v *supervisor) run(ctx context.Context) error {
	dialling, end := context.WithCancelCause(ctx)
	defer end(errStopped)
	v.end = end
	address, err := v.address(dialling)
	if err != nil {
		return v.result(dialling, err)
	}
	var all sync.WaitGroup
	for n := range v.count {
		v.down[n] = true
	}
	for n := range v.count {
		all.Go(func() { (&shard{supervisor: v, to: v.to, number: n}).keep(dialling, address) })
	}
	all.Wait()
	return v.result(dialling, nil)
}

func (v *supervisor) result(ctx context.Context, err error) error {
	var bad *fatalError
	if errors.As(err, &bad) || errors.As(context.Cause(ctx), &bad) {
		v.to.a.o.Log.Error("the gateway has ended", "why", bad.Why, "code", bad.Code)
		v.to.a.health(false, bad.Why)
		return bad
	}
	return nil // ctx has ended, which whoever asked knows
}

// address asks where the gateway is and how many shards there have to be, until
// it is told.
func (v *supervisor) address(ctx context.Context) (string, error) {
	for failed := 1; ; failed++ {
		var gateway struct {
			URL    string `json:"url"`
			Shards int    `json:"shards"`
			Limit  struct {
				Total     int   `json:"total"`
				Remaining int   `json:"remaining"`
				Reset     int64 `json:"reset_after"` // milliseconds
			} `json:"session_start_limit"`
		}
		err := v.to.a.rest.patiently(ctx, http.MethodGet, routeGateway, routeGateway, nil, nil, &gateway)
		wait := after(failed)
		var refused *apiError
		switch {
		case ctx.Err() != nil:
			return "", context.Cause(ctx)
		case errors.As(err, &refused) && refused.Status == http.StatusUnauthorized:
			return "", &fatalError{Code: refused.Status, Why: refused.because()}
		case err == nil && gateway.URL == "":
			err = errors.New("Discord does not say where the gateway is")
		case err == nil && gateway.Limit.Remaining <= keepSessions && gateway.Limit.Reset > 0:
			wait = time.Duration(gateway.Limit.Reset) * time.Millisecond
			err = fmt.Errorf("only %d sessions may begin until %v have passed; the rest is left for whoever comes after that", gateway.Limit.Remaining, wait)
		case err == nil:
			v.count, v.budget = max(1, gateway.Shards), gateway.Limit.Total
			if v.budget == 0 {
				v.budget = dayBudget
			}
			v.used(v.budget - gateway.Limit.Remaining)
			return gateway.URL, nil
		}
		v.to.a.o.Log.Warn("no connection to Discord yet", "error", err)
		v.to.a.health(false, "Baton is not connected to Discord: "+err.Error())
		if sleep(ctx, wait) != nil {
			return "", context.Cause(ctx)
		}
	}
}

// used counts sessions that were begun before. When is not told: it counts as now.
func (v *supervisor) used(n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.begun = nil
	for range max(n, 0) {
		v.begun = append(v.begun, time.Now())
	}
}

// turn waits until a session may begin: not at once with another one, and not
// beyond the day's budget, as using that up resets the token.
func (v *supervisor) turn(ctx context.Context) error {
	v.mu.Lock()
	now := time.Now()
	at := latest(now, v.identify)
	v.begun = since(v.begun, now, sessionsOf)
	if n := len(v.begun) - (v.budget - keepSessions); v.budget > keepSessions && n >= 0 {
		at = latest(at, v.begun[n].Add(sessionsOf))
	}
	v.identify = at.Add(identifyEvery)
	v.begun = append(v.begun, at)
	v.mu.Unlock()
	if wait := at.Sub(now); wait > time.Minute {
		const why = "Discord lets a bot begin only so many sessions a day, and they are used up: something ends them again and again"
		v.to.a.o.Log.Error(why, "next", at)
		v.to.a.health(false, fmt.Sprintf("%s; Baton waits %v", why, wait.Round(time.Second)))
	}
	if err := sleep(ctx, at.Sub(now)); err != nil {
		v.giveBack(at)
		return err
	}
	return nil
}

// giveBack takes back a turn of which nothing came.
func (v *supervisor) giveBack(at time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if i := slices.IndexFunc(v.begun, at.Equal); i >= 0 {
		v.begun = slices.Delete(v.begun, i, i+1)
	}
	if v.identify.Equal(at.Add(identifyEvery)) {
		v.identify = at
	}
}

// tell says how the connections are, if that is new.
func (v *supervisor) tell(s *shard, up bool, why string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.down[s.number] = !up
	all := true
	for _, down := range v.down {
		all = all && !down
	}
	if v.told && v.up == all {
		return
	}
	v.told, v.up = true, all
	if all {
		why = "connected to Discord"
	}
	v.to.a.health(all, why)
}

// keep keeps one shard connected.
func (s *shard) keep(ctx context.Context, first string) {
	for ctx.Err() == nil {
		s.wasReady = false
		err := s.once(ctx, first)
		if ctx.Err() != nil {
			return
		}
		if bad := s.judge(err); bad != nil {
			s.supervisor.end(bad)
			return
		}
		s.supervisor.tell(s, false, "the connection to Discord has ended; Baton connects again")
		if s.failed++; s.wasReady {
			s.failed = 0
		}
		wait := after(s.failed)
		if errors.Is(err, errInvalid) {
			// D:events/gateway, Resuming: between one and five seconds.
			wait = time.Second + rand.N(4*time.Second) //nolint:gosec // a jitter
		}
		s.to.a.o.Log.Info("Baton connects to Discord again", "shard", s.number, "why", err, "in", wait)
		if sleep(ctx, wait) != nil {
			return
		}
	}
}

// resumeTries is how often a session is resumed where Discord wants that. Beyond
// that the first address is tried by turns: the other one may be gone for good,
// and the session with it.
const resumeTries = 6

func (s *shard) once(ctx context.Context, first string) error {
	id, address, _ := s.resumable()
	if id == "" || address == "" || s.failed > resumeTries && s.failed%2 == 1 {
		address = first
	}
	l, err := dial(ctx, s.to.a.o.Dial, address)
	if err != nil {
		return err
	}
	return s.serve(ctx, l)
}

// judge says what the end of a connection means for the session: a fatal one ends
// everything.
func (s *shard) judge(err error) *fatalError {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return nil
	}
	if why, ok := fatal[closed.Code]; ok {
		return &fatalError{closed.Code, why}
	}
	if closed.Code == 4007 || closed.Code == 4009 { // an invalid sequence, a session that timed out
		s.forget()
	}
	return nil
}
