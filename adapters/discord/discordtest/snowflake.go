package discordtest

import (
	"strconv"
	"time"
)

// idAt is a new id that tells the time it was made at, to the millisecond, and
// is different from all others (D:reference, Snowflakes). s.mu is held.
func (s *Server) idAt(at time.Time) string {
	s.idCount++
	// 22 bits are left for worker, process and increment: enough to keep the ids
	// of one millisecond apart and in the order they were made.
	n := at.Sub(epoch).Milliseconds()<<22 | s.idCount&(1<<22-1)
	return strconv.FormatInt(n, 10)
}

func (s *Server) newID() string { return s.idAt(s.clock.Now()) }

// IDTime is when an id was made; the zero time if it is no id.
func IDTime(id string) time.Time {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 0 {
		return time.Time{}
	}
	return epoch.Add(time.Duration(n>>22) * time.Millisecond)
}

// isID reports whether the text can be an id. The format is the Spec's
// SnowflakeType.
func isID(text string) bool {
	n, err := strconv.ParseUint(text, 10, 64)
	return err == nil && strconv.FormatUint(n, 10) == text
}

// idLess orders ids as numbers.
func idLess(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}
