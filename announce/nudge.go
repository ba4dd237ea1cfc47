package announce

import (
	"fmt"
	"time"

	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// told is what a session's thread was told of, and when.
type told struct {
	Due    time.Time       `json:"due,omitzero"` // the due date that was told when it came
	Nudges map[string]tell `json:"n,omitempty"`  // by what they are about
}

// tell is how often and when people were told of one concern.
type tell struct {
	Times int `json:"n"`
	Day   day `json:"d"` // the last
}

func toldKey(id state.SessionID) string { return "n" + string(id) }

func (a *Announcer) toldOf(tx *state.FollowTx, id state.SessionID) (t told, err error) {
	data, ok, err := tx.Get(toldKey(id))
	if err != nil || !ok {
		return t, err
	}
	return decode[told](toldKey(id), data)
}

// apart is how many days lie between one nudge and the next: people who do not
// act on the first are told ever less.
var apart = [...]int{1, 2, 4, 7}

// again reports whether a concern is to be told of today.
func (t tell) again(today orchestration.Date) bool {
	last := t.Day.believable(today)
	if t.Times == 0 || last == "" {
		return true
	}
	days := apart[min(t.Times, len(apart))-1]
	return last <= day(today.Add(-days).String())
}

// name tells a concern from others of the session.
func (c concern) name() string { return fmt.Sprintf("%s %d %d", c.Kind, c.Number, c.Since.Unix()) }

// nudges are the concerns to be told of today, and what was told with them.
func (t told) nudges(all []orchestration.Concern, today orchestration.Date) ([]concern, told) {
	var out []concern
	next := told{Due: t.Due, Nudges: map[string]tell{}}
	for _, c := range all {
		one := concern{c.Kind, c.Number, c.Since.UTC()}
		was := t.Nudges[one.name()]
		if was.again(today) {
			out = append(out, one)
			was = tell{was.Times + 1, day(today.String())}
		}
		next.Nudges[one.name()] = was
	}
	return out, next
}
