package state

import (
	"errors"
	"fmt"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrDamaged is any *[Damaged].
	ErrDamaged = errors.New("damaged")
	// ErrClosed says that the store was closed, or stopped after a commit failed.
	ErrClosed = errors.New("the store is closed")
	// ErrNotAccepted says that a commit failed: whether it is on disk cannot be
	// told, and the process has to start again.
	ErrNotAccepted = errors.New("not accepted")
	// ErrBound says that the thread belongs to another session already.
	ErrBound = errors.New("this thread belongs to another session")
	// ErrConflict is any *[Conflict]. A [Store] decides again, so that its
	// callers see one only if a stream never came to rest.
	ErrConflict = errors.New("somebody else was first")
	// ErrExists says that a session to be created is there already.
	ErrExists = errors.New("this session exists already")
)

// Damaged says that a record or row is not what was written. Its stream is
// fenced: it is neither read nor written, and all others are.
type Damaged struct {
	Stream Stream
	Seq    uint64 // 0 where it cannot be told
	Why    string
	Err    error // for example an *[UnknownEvent]
}

func (d *Damaged) Error() string {
	switch {
	case d.Stream == "":
		return "damaged: " + d.Why
	case d.Seq == 0:
		return fmt.Sprintf("damaged: stream %s: %s", d.Stream, d.Why)
	}
	return fmt.Sprintf("damaged: stream %s, decision %d: %s", d.Stream, d.Seq, d.Why)
}

// Is makes every Damaged an [ErrDamaged].
func (d *Damaged) Is(target error) bool { return target == ErrDamaged }

func (d *Damaged) Unwrap() error { return d.Err }

// UnknownEvent says that a record holds what this release cannot read: it was
// written by a newer one.
type UnknownEvent struct {
	Type    string
	Version int
}

func (e *UnknownEvent) Error() string {
	return fmt.Sprintf("event %q, version %d, is unknown to this release: a newer one wrote it", e.Type, e.Version)
}

// NewerSchema says that a newer release wrote the database. It was not touched.
type NewerSchema struct{ Found, Known int }

func (e *NewerSchema) Error() string {
	return fmt.Sprintf("the database has schema %d, this release knows %d: run the newer release, or restore a backup", e.Found, e.Known)
}

// Conflict says which expectation of a [Write] did not hold.
type Conflict struct {
	Stream Stream // or
	Row    Row    // without its value
}

func (c *Conflict) Error() string {
	if c.Stream != "" {
		return fmt.Sprintf("stream %s has moved", c.Stream)
	}
	return fmt.Sprintf("row %q in %s is not as expected", c.Row.Key, c.Row.Space)
}

// Is makes every Conflict an [ErrConflict].
func (c *Conflict) Is(target error) bool { return target == ErrConflict }

// Seen says that an inbound key was recorded before, and where.
type Seen struct {
	Stream Stream
	Seq    uint64
}

func (s *Seen) Error() string {
	return fmt.Sprintf("recorded before, in stream %s as decision %d", s.Stream, s.Seq)
}
