package orchestration

import "fmt"

// Refusal is an error that is an answer: a sentence that says what is wrong and
// what to type instead. Everything else that goes wrong is a fault.
type Refusal struct {
	Why     string   // lower case, without a full stop
	Instead []string // what may be typed instead, without the leading /baton
}

// Refuse makes a Refusal with a formatted reason.
func Refuse(format string, args ...any) Refusal {
	return Refusal{Why: fmt.Sprintf(format, args...)}
}

// Try adds what to type instead.
func (r Refusal) Try(commands ...string) Refusal {
	r.Instead = append(r.Instead[:len(r.Instead):len(r.Instead)], commands...)
	return r
}

// Error is the reason alone; the router dresses it.
func (r Refusal) Error() string { return r.Why }
