package memory

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/synthoperator/baton/chat"
)

// Fault is something that goes wrong with requests.
type Fault struct {
	On    Kind          // which requests; "" for all
	In    chat.Thread   // where: a thread, or a channel with its threads; zero for everywhere
	Rate  float64       // how often, from 0 to 1; 0 for always
	Times int           // how many times it happens; 0 for ever
	Then  Outcome       // what happens
	Wait  time.Duration // with TryLater: how long
	Scope Scope         // with TryLater: who has to wait
	Why   string        // with Refuse

	// Before and After delay the request before and after it takes effect; with
	// Drawn by something between nothing and that.
	Before, After time.Duration
	Drawn         bool
}

// Outcome is what becomes of a request.
type Outcome string

// The outcomes.
const (
	Pass      Outcome = ""          // it is carried out, maybe slowly
	LoseReply Outcome = "lose"      // it is carried out and the reply is lost
	Hang      Outcome = "hang"      // it is carried out and no reply comes until the sender gives up
	Drop      Outcome = "drop"      // it is not carried out, and no reply comes either
	TryLater  Outcome = "try later" // it is refused with a time to wait
	Refuse    Outcome = "refuse"    // it is refused for good
)

// Scope is who has to wait.
type Scope string

// The scopes.
const (
	Here           Scope = "" // the thread it was for
	WholeChannel   Scope = "channel"
	WholeWorkspace Scope = "workspace"
)

// Fail makes requests go wrong from now on. Where several faults fit a request,
// the latest that happens counts. The returned function ends it.
func (w *World) Fail(f Fault) (end func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fault := &f
	w.faults = append(w.faults, fault)
	if f.Times == 0 {
		fault.Times = -1
	}
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		fault.Times = 0
	}
}

// Lag makes what is said visible to a look-up only later: each message after
// something between nothing and most.
func (w *World) Lag(most time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lag = most
}

// Blind says whether look-ups fail, without a word of why.
func (w *World) Blind(blind bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.blind = blind
}

// fault is what goes wrong with a request; an error where it is refused.
func (w *World) fault(r Request) (Fault, error) {
	try := string(r.Kind) + " " + r.In.Key() + " " + r.Key
	w.tries[try]++
	for i := len(w.faults) - 1; i >= 0; i-- {
		f := w.faults[i]
		if f.Times == 0 || f.On != "" && f.On != r.Kind || !within(r.In, f.In) {
			continue
		}
		draw := w.draw(try, w.tries[try], i)
		if f.Rate > 0 && draw.Float64() >= f.Rate {
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		drawn := *f
		if f.Drawn {
			drawn.Before = time.Duration(draw.Float64() * float64(f.Before))
			drawn.After = time.Duration(draw.Float64() * float64(f.After))
		}
		return drawn, w.refuses(r, drawn)
	}
	return Fault{}, nil
}

func within(t, place chat.Thread) bool {
	return place.IsZero() || t == place || place.InChannel() && t.Parent() == place
}

func (w *World) refuses(r Request, f Fault) error {
	switch f.Then {
	case Refuse:
		return chat.Rejected{Why: f.Why}
	case TryLater:
		key, later := r.In.Key(), chat.Later{After: f.Wait, Why: "too many requests"}
		switch f.Scope {
		case WholeChannel:
			key = r.In.Parent().Key()
			later.Where = key
		case WholeWorkspace:
			key = r.In.WorkspaceKey()
			later.Where = key
		}
		w.place(key).later[r.Kind] = r.Began.Add(f.Wait)
		return later
	}
	return nil
}

// draw is chance that depends on the seed and on what is asked for alone.
func (w *World) draw(what string, numbers ...int) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(what))
	for _, n := range numbers {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
	}
	return rand.New(rand.NewPCG(w.o.Seed, h.Sum64()))
}
