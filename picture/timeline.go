package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

// Timeline is what the picture shows.
type Timeline struct {
	Session orchestration.Session
	Entries []orchestration.Entry // the session's whole log, in order
	Zone    *time.Location        // in which days begin; nil is UTC
	Now     time.Time
}

// errNothing says that there is no session to draw.
var errNothing = errors.New("picture: nothing has started in this thread")

// PNG draws the timeline. It fails where nothing has started, and where the log
// is not the whole log of that session: half a history would be a wrong one.
func (t Timeline) PNG() ([]byte, error) {
	h, err := t.read()
	if err != nil {
		return nil, err
	}
	ts, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, paint(lay(h, ts))); err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	return out.Bytes(), nil
}

// read checks the log and reads the history from it.
func (t Timeline) read() (history, error) {
	if t.Session.State() == orchestration.None {
		return history{}, errNothing
	}
	whole := uint64(len(t.Entries)) == t.Session.Seq()
	for i, e := range t.Entries {
		whole = whole && e.Seq == uint64(i)+1
	}
	if !whole {
		return history{}, fmt.Errorf("picture: the session stands at entry %d, and the log given is not entries 1 to %[1]d", t.Session.Seq())
	}
	zone := t.Zone
	if zone == nil {
		zone = time.UTC
	}
	return readHistory(t.Session, t.Entries, zone, t.Now), nil
}
