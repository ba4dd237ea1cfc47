package orchestration

import "time"

// ThreadKey names one thread on one platform; package chat makes and reads it.
// The rules only compare it.
type ThreadKey string

// ChannelKey names one channel on one platform, as [ThreadKey] does a thread.
type ChannelKey string

// Decision is what somebody decided in one moment: recorded whole or not at
// all. The zero Decision changes nothing.
type Decision struct {
	by      Actor
	because string
	events  []Event
}

// By is who decided.
func (d Decision) By() Actor { return d.by }

// Because is the reason that was given, or "".
func (d Decision) Because() string { return d.because }

// Events are what happened, in order. The slice is shared: read it only.
func (d Decision) Events() []Event { return d.events }

// IsZero reports whether the decision changes nothing.
func (d Decision) IsZero() bool { return len(d.events) == 0 }

// Entry is a decision as the log keeps it: numbered within its stream from 1,
// with the moment it was accepted.
type Entry struct {
	Seq uint64
	At  time.Time
	Decision
}

// Recall is a decision read back from the log. Only the log calls it; a test
// holds that.
func Recall(by Actor, because string, events []Event) Decision {
	return Decision{by, because, events}
}

// maxReason bounds a reason, in bytes.
const maxReason = 1000

func decide(by Human, because string, events ...Event) (Decision, error) {
	if by.IsZero() {
		return Decision{}, Refuse("nobody decided this: a person has to")
	}
	because, err := parseLine("reason", because, maxReason)
	if err != nil {
		return Decision{}, err
	}
	return Decision{by, because, events}, nil
}

// noReason reports whether a reason says nothing, where one is demanded. A
// reason that is too long is told by decide.
func noReason(because string) bool {
	clean, err := parseLine("reason", because, maxReason)
	return err == nil && clean == ""
}

func decideAgent(by Agent, events ...agentEvent) (Decision, error) {
	if by.name == "" {
		return Decision{}, Refuse("an agent has a name, and this one none")
	}
	d := Decision{by: by}
	for _, e := range events {
		d.events = append(d.events, e)
	}
	return d, nil
}
