package announce

import (
	"time"

	"github.com/synthoperator/baton/state"
)

// digest is what a digest is about, beside the sessions that are open when it
// is said.
type digest struct {
	Day   day               `json:"day"`
	Owed  day               `json:"owed"` // the first of the days that it is for
	Made  time.Time         `json:"made"`
	Since time.Time         `json:"since,omitzero"` // of the last one
	Ended []state.SessionID `json:"ended,omitempty"`
}

// endedKey remembers until the next digest that a session has ended.
func endedKey(channel string, id state.SessionID) string {
	return "e" + channel + "\x00" + string(id)
}

// mostEnded is how many sessions a digest says of that they have ended.
const mostEnded = 50

// digest tells the channel how its sessions stand. Where none is open, and none
// has ended since the last digest, it says nothing.
func (r *round) digest(some bool) error {
	d := digest{Day: day(r.today.String()), Owed: r.rounds.Owed, Made: r.in.Now.UTC(), Since: r.rounds.Digest}
	rows, err := r.tx.List(endedKey(r.channel, ""), "", mostEnded)
	if err != nil {
		return err
	}
	for _, e := range rows {
		d.Ended = append(d.Ended, state.SessionID(e.Value))
		r.tx.Delete(e.Key)
	}
	r.rounds.Digest = d.Made
	if !some && len(d.Ended) == 0 {
		return nil
	}
	r.a.putTimed(r.tx, channelLane(r.channel), row{Kind: digestRow, Data: encode(d)}, timing{at: r.at, pos: r.pos})
	return nil
}
