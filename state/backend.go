package state

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// Backend keeps the log. It knows streams, positions and rows, not what is in
// them. Records, once written, never change.
//
// One Write is one bbolt transaction, one JetStream batch or one PostgreSQL
// statement. Implementations are safe for concurrent use, keep what Commit
// accepted through a crash of process and machine, and copy what they return.
type Backend interface {
	// Commit does all of w or nothing. It returns nil only once w is durable.
	// A *[Conflict] or *[Seen] says that w was not done and the store is
	// sound. A *[Damaged] says so of one stream. Any other error leaves open
	// whether w was done: the store stops.
	Commit(ctx context.Context, w Write) error
	// Read returns at most limit records of a stream, from the one numbered
	// after+1. A damaged record is a *[Damaged].
	Read(ctx context.Context, s Stream, after uint64, limit int) ([][]byte, error)
	// Log returns at most limit records of all streams in the order in which
	// they were committed, from the first whose position is above after.
	Log(ctx context.Context, after uint64, limit int) ([]Located, error)
	// End is the position of the newest record, 0 where there is none.
	End(ctx context.Context) (uint64, error)
	// Rows returns rows of one space in the order of their keys.
	Rows(ctx context.Context, q Query) ([]Row, error)
	// Close waits for commits under way and releases everything.
	Close() error
}

// Write is one atomic change.
type Write struct {
	At  time.Time // for the age of Key
	Key string    // inbound key, or ""; a *[Seen] if it was written in the last 48 h

	Appends []Append
	Expect  []Head // streams that must still end here: what was read, and not written
	Checks  []Row  // rows that must be as given; without a value: not there
	Rows    []Row  // rows to put; without a value: to remove
}

// maxKey bounds streams and keys, in bytes: far above what platforms use, far
// below what bbolt can keep (32768).
const maxKey = 4096

// valid refuses what not every backend can keep.
func (w Write) valid() error {
	if len(w.Key) > maxKey {
		return fmt.Errorf("an inbound key of %d bytes, at most %d are possible", len(w.Key), maxKey)
	}
	for _, a := range w.Appends {
		if len(a.Stream) > maxKey || len(a.Stream) <= len(sessionPrefix) || strings.Contains(string(a.Stream), "\x00") {
			return fmt.Errorf("%.100q cannot name a stream", a.Stream)
		}
	}
	for _, r := range w.Rows {
		if len(r.Key) > maxKey || r.Key == "" || r.Value != nil && len(r.Value) == 0 {
			return fmt.Errorf("row %.100q in %s has no key, one above %d bytes, or no value", r.Key, r.Space, maxKey)
		}
	}
	return nil
}

// Append adds one record to a stream.
type Append struct {
	Stream Stream
	After  uint64 // the number of the stream's last record, 0 where it has none
	Record []byte
}

// Head is the number of a stream's last record.
type Head struct {
	Stream Stream
	Seq    uint64
}

// Located is a record with its place in the log. Positions rise; only some
// backends number without gaps.
type Located struct {
	Pos    uint64
	Stream Stream
	Seq    uint64
	Record []byte
	Damage error // set instead of Record where the record cannot be read
}

// Space is a named set of rows.
type Space string

// The spaces. All but SpaceContent and SpaceKey can be told from the log.
const (
	SpaceThread  Space = "thread"  // thread key → session id
	SpaceChannel Space = "channel" // channel key, 0, number → session id
	SpaceOpen    Space = "open"    // the same, of sessions that have not ended
	SpaceContent Space = "content" // SHA-256 in hexadecimal → text
	SpaceCursor  Space = "cursor"  // follower → position
	SpaceOwn     Space = "own"     // follower, 0, key → what the follower wants
	// SpaceKey holds inbound keys → where they were recorded, see
	// [Head.Where]. It is only written by Write.Key and asked by Query.Key.
	SpaceKey Space = "key"
)

// Row is a key with its value in a space. Values are never empty: a Row with
// none stands for a row that is not there.
type Row struct {
	Space Space
	Key   string
	Value []byte
}

// Query asks for rows of one space, at most Limit.
type Query struct {
	Space   Space
	Key     string // only the row with this key; all below is not looked at
	Prefix  string // only keys that begin so
	After   string // only keys beyond this one, in the direction of travel; "" is no bound
	Reverse bool
	Limit   int
}

// Backuper is a backend that can copy itself while it is in use.
type Backuper interface {
	// Backup writes a consistent copy.
	Backup(ctx context.Context, w io.Writer) error
}

// Checker is a backend that can check how its rows are kept.
type Checker interface {
	// Check tells of everything that is not as it was written.
	Check(ctx context.Context, tell func(Finding)) error
}
