package slack

import (
	"sync"
	"time"
)

// window holds what was told of the deliveries of the last hour by their keys, so that one that
// comes again is not handled again. What is older than that, or than this
// program, is told apart by whoever keeps the calls' ids for good.
type window struct {
	now func() time.Time

	mu    sync.Mutex
	byKey map[string]*attempts
	twins map[string]ended // commands that may have come under another key, by what was typed
	ended []ended          // in the order in which they ended
}

type ended struct {
	w  *attempts
	at time.Time
}

// How long a delivery is remembered, and how many at most, with what it was told.
// Slack tries an event again for six minutes, or for a day where an app asks for
// that (https://docs.slack.dev/apis/events-api#retries); where more come in that
// time, the log tells apart what changed something.
const (
	remembered     = time.Hour
	mostRemembered = 5_000
)

func newWindow(now func() time.Time) *window {
	return &window{now: now, byKey: map[string]*attempts{}, twins: map[string]ended{}}
}

// claim is the earlier delivery that one of w's keys stands for; nil where there
// is none, and w is the one from now on.
func (d *window) claim(w *work) *attempts {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.expire()
	for _, key := range w.keys {
		if earlier := d.byKey[key]; earlier != nil {
			d.also(earlier, w.keys)
			return earlier
		}
	}
	if earlier := d.twin(w); earlier != nil {
		d.also(earlier, w.keys)
		return earlier
	}
	for _, key := range w.keys {
		d.byKey[key] = w.attempts
	}
	w.known = append(w.known, w.keys...)
	return nil
}

// also has a delivery known by further keys: both were told of one thing.
func (d *window) also(earlier *attempts, keys []string) {
	for _, key := range keys {
		if d.byKey[key] == nil {
			d.byKey[key] = earlier
			earlier.known = append(earlier.known, key)
		}
	}
}

// twinsWithin is how soon the same words of one person in one place are one
// delivery. Whether a command that Slack tells twice keeps its trigger id is not
// documented, and a second session is worse than a command that has to be typed
// again.
const twinsWithin = 5 * time.Second

func (d *window) twin(w *work) *attempts {
	if w.typed == "" || w.door != doorCommand {
		return nil
	}
	now := d.now()
	for typed, t := range d.twins {
		if now.Sub(t.at) > twinsWithin {
			delete(d.twins, typed)
		}
	}
	if t, ok := d.twins[w.typed]; ok {
		return t.w
	}
	d.twins[w.typed] = ended{w.attempts, now}
	w.twin = w.typed
	return nil
}

// over says that a delivery has ended and may be forgotten in time.
func (d *window) over(w *attempts) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = append(d.ended, ended{w, d.now()})
}

// forget makes a delivery one that was never seen: it is to come again.
func (d *window) forget(w *attempts) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drop(w)
}

func (d *window) drop(w *attempts) {
	for _, key := range w.known {
		if d.byKey[key] == w {
			delete(d.byKey, key)
		}
	}
	if d.twins[w.twin].w == w { // whoever says it again means it
		delete(d.twins, w.twin)
	}
}

func (d *window) expire() {
	for len(d.ended) > 0 && (len(d.ended) > mostRemembered || d.now().Sub(d.ended[0].at) > remembered) {
		d.drop(d.ended[0].w)
		d.ended[0] = ended{}
		d.ended = d.ended[1:]
	}
}
