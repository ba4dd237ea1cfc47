package announce

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/state"
)

// kind says what a row says. The texts are stored: they never change meaning.
type kind string

const (
	cardRow    kind = "card"    // the status card, said for the first time, or once more
	cardEdit   kind = "edit"    // the status card, as it stands
	moreRow    kind = "more"    // parts that the status card has now and had not when it was said
	eventRow   kind = "event"   // what a decision did, for a channel
	wordsRow   kind = "words"   // what somebody had announced
	reportRow  kind = "report"  // an agent's report, which waits for people
	askRow     kind = "ask"     // an agent's proposal, which waits for people
	correctRow kind = "correct" // a decision that was announced has been undone
	remindRow  kind = "remind"  // what somebody wanted to hear, or that a phase is due
	nudgeRow   kind = "nudge"   // what a session waits for, once a day
	digestRow  kind = "digest"  // how a channel's sessions stand
	noticeRow  kind = "notice"  // a sentence about Baton itself
	checkRow   kind = "check"   // look whether something was said twice
)

// class is the order of turns within a workspace.
type class byte

const (
	urgent class = '0' // questions to people, and the cards that threads hang under
	usual  class = '1' // announcements
	edits  class = '2' // cards as they stand
	checks class = '3'
)

// status is how far a row is. Rows that are done are not kept: see [said].
type status string

const (
	pending    status = ""
	attempting status = "attempting" // a request may be under way
	unknown    status = "unknown"    // a request may have been carried out
)

// row is one message to be said.
type row struct {
	Kind    kind            `json:"k"`
	Session state.SessionID `json:"s,omitempty"`
	Pos     uint64          `json:"p,omitempty"` // of the record it tells of, in the log
	Seq     uint64          `json:"q,omitempty"` // and in its session
	Number  int             `json:"n,omitempty"` // of the task, proposal or reminder it is about
	Data    json.RawMessage `json:"d,omitempty"` // what cannot be told from the log
	Name    string          `json:"name"`        // what its keys are made of, different for each message
	Made    time.Time       `json:"made"`        // when the row was made
	Loud    bool            `json:"loud,omitempty"`
	Plain   string          `json:"plain,omitempty"` // why a card is said in a line

	Status status    `json:"st,omitempty"`
	Tries  int       `json:"t,omitempty"`
	Since  time.Time `json:"since,omitzero"` // when the part at hand was tried first
	Not    time.Time `json:"not,omitzero"`   // not before
	Back   bool      `json:"back,omitempty"` // that was later, by a clock that was put back since
	Part   int       `json:"part,omitempty"`
	Refs   []ref     `json:"refs,omitempty"`  // of the parts that were said
	Shown  []string  `json:"shown,omitempty"` // and, of a card, hashes of what they show
	Repeat bool      `json:"repeat,omitempty"`
	Why    string    `json:"why,omitempty"` // what went wrong last
}

// lookBack is how far back something is looked for of which nobody knows when it
// was tried, as the clock was wrong then.
const lookBack = 7 * 24 * time.Hour

// lookFrom is from when on the part at hand may have been said.
func (r row) lookFrom() time.Time {
	if r.Back {
		return r.Since.Add(-lookBack)
	}
	return r.Since
}

// ref is a [chat.Ref] as it is kept.
type ref struct {
	Thread string `json:"t"`
	ID     string `json:"i"`
	Link   string `json:"l,omitempty"`
}

func toRef(r chat.Ref) ref { return ref{r.Thread.Key(), r.ID, r.Link} }

func (r ref) chat() (chat.Ref, error) {
	if r.ID == "" {
		return chat.Ref{}, nil
	}
	thread, err := chat.ParseThread(r.Thread)
	return chat.Ref{Thread: thread, ID: r.ID, Link: r.Link}, err
}

// name is what a row's keys are made of. The parts tell it from every other
// message of this database and of any it was restored from.
func name(parts ...any) string {
	return fmt.Sprintln(parts...)
}

var key32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// key names one part of a row on the platform: who this database is, and a hash
// (100 bits) of the message and the part.
func (r row) key(self string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", self, r.Name, r.Part))
	return self + strings.ToLower(key32.EncodeToString(sum[:]))[:keyLen-selfLen]
}

const (
	keyLen  = 26 // of a chat.Post's key
	selfLen = 6  // of what it begins with
)

// lane is where something is said: in a session's thread, whatever that will
// be, or in a channel.
type lane string

func threadLane(id state.SessionID, channel string) lane {
	return lane("s/" + string(id) + "/" + channel)
}

func channelLane(channel string) lane { return lane("c/" + channel) }

// session is the session whose thread it is, or "".
func (l lane) session() state.SessionID {
	rest, ok := strings.CutPrefix(string(l), "s/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return state.SessionID(id)
}

// channel is the key of the channel.
func (l lane) channel() string {
	rest := string(l[2:])
	if l[0] == 's' {
		_, rest, _ = strings.Cut(rest, "/")
	}
	return rest
}

// workspace is the key of the workspace.
func (l lane) workspace() string {
	key := l.channel()
	return key[:strings.LastIndexByte(key, '/')]
}

// platform is the platform's name.
func (l lane) platform() string {
	thread, err := chat.ParseThread(l.channel())
	if err != nil {
		return ""
	}
	return thread.Platform()
}

// queueKey is a queue: what is said at one place with one urgency, in order.
type queueKey string

func (l lane) queue(c class) queueKey { return queueKey("q" + string(c) + string(l)) }

func (q queueKey) class() class { return class(q[1]) }
func (q queueKey) lane() lane   { return lane(q[2:]) }

// rows is what the keys of its rows begin with.
func (q queueKey) rows() string { return string(q) + "\x00" }

// order puts rows of the log in the log's order.
func order(pos uint64, n int) string { return fmt.Sprintf("%016x.%d", pos, n) }

// timed puts rows of timers among those of the log: after all that the follower
// had done by then, in the order of their moments.
func timed(pos uint64, at time.Time, what kind) string {
	return fmt.Sprintf("%016x.%s %s", pos, moment(at), what)
}

// newest is the order of what a queue holds one of: the newest.
const newest = "newest"

func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic("announce: a row cannot be kept: " + err.Error()) // its types can always be
	}
	return data
}

// errUnreadable says that a row is not what was written.
var errUnreadable = errors.New("cannot be read")

// decode reads a row back. One that cannot be read is damage.
func decode[T any](key string, data []byte) (T, error) {
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		return v, fmt.Errorf("the row %q of what is to be said %w: %w", key, errUnreadable, err)
	}
	return v, nil
}
