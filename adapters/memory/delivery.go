package memory

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/synthoperator/baton/chat"
)

// Delivery is one thing that somebody did, on its way to Baton.
type Delivery struct {
	ID     string
	In     chat.Thread
	Person chat.Person
	At     time.Time
	Text   string            // what was typed
	Value  string            // of the button or select
	Choice string            // what was chosen in the select
	Form   string            // the id of the form that was submitted
	Values map[string]string // what was entered in it
	Retry  bool              // it may have been delivered before

	turn int // in which order things were done
}

// Hold keeps what people do from being delivered until [World.Deliver] does it,
// in any order, late, several times or never; or lets it through again.
func (w *World) Hold(hold bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = hold
}

// Deliver delivers something that was held, or once more with the mark of a
// retry.
func (w *World) Deliver(d Delivery, retry bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d.Retry = retry
	w.enqueue(d)
}

// Acked reports whether Baton has said that it has a delivery.
func (w *World) Acked(d Delivery) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.acked[d.ID]
}

// act is a new delivery; it is on its way unless deliveries are held.
func (w *World) act(d Delivery) Delivery {
	w.acts++
	d.ID = "memory-" + strconv.Itoa(w.acts)
	d.At, d.turn = w.o.Now(), w.acts
	if d.Person.Name != "" {
		w.names[d.In.WorkspaceKey()+" "+d.Person.ID] = d.Person.Name
	}
	d.Values = maps.Clone(d.Values)
	if !w.held {
		w.enqueue(d)
	}
	return d
}

func (w *World) enqueue(d Delivery) {
	w.queue = append(w.queue, d)
	w.ring()
}

func (w *World) ring() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// take waits for the next delivery; false once ctx has ended.
func (w *World) take(ctx context.Context) (Delivery, bool) {
	for {
		if ctx.Err() != nil {
			w.ring() // for whoever listens next
			return Delivery{}, false
		}
		if d, ok := w.first(); ok {
			return d, true
		}
		select {
		case <-w.wake:
		case <-ctx.Done():
		}
	}
}

func (w *World) first() (Delivery, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		return Delivery{}, false
	}
	d := w.queue[0]
	w.queue = w.queue[1:]
	if len(w.queue) > 0 {
		w.ring()
	}
	return d, true
}

// giveBack puts deliveries that were taken and not acknowledged in front of the
// others, as ones that are tried again.
func (w *World) giveBack(all []Delivery) {
	w.mu.Lock()
	defer w.mu.Unlock()
	slices.SortFunc(all, func(a, b Delivery) int { return a.turn - b.turn })
	for i := range all {
		all[i].Retry = true
	}
	w.queue = slices.Concat(all, w.queue)
	w.ring()
}

func (w *World) ack(d Delivery) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acked[d.ID] = true
}
