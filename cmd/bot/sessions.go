package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// withStore opens the log for a command that only reads it. While it is open,
// others of its kind are served.
func (j *job) withStore(path string, patience time.Duration, fn func(*state.Store) error) error {
	db, err := bolt.Open(path, bolt.Options{Timeout: patience})
	if err != nil {
		return err
	}
	store, err := state.Open(db, state.Options{Log: j.log.Logger})
	if err != nil {
		return errors.Join(err, db.Close())
	}
	ctx, leave := context.WithCancel(j)
	var served sync.WaitGroup
	served.Go(func() {
		newDoor(j, path, store).open(ctx, func(err error) { j.log.Debug("others cannot ask this process", "err", err) })
	})
	err = fn(store)
	leave()
	served.Wait()
	return errors.Join(err, store.Close())
}

// print does what reads the log, or has the process do it that holds it, and
// returns what is to be printed.
func (j *job) print(q request) ([]byte, error) {
	path, err := j.existing()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	begin := func() (io.Writer, error) {
		out.Reset()
		return &out, nil
	}
	err = j.reach(path, q, begin, func(patience time.Duration) error {
		return j.withStore(path, patience, func(st *state.Store) error {
			mine := *j
			mine.out, _ = begin()
			return mine.read(st, q)
		})
	})
	return out.Bytes(), err
}

// read prints what a request asks for.
func (j *job) read(st *state.Store, q request) error {
	switch q.Do {
	case "history":
		return j.history(st, q.Session)
	case "export":
		return j.export(st, q.Session)
	case "installs":
		return j.printInstalls(st)
	}
	return j.list(st, q.For)
}

// mostSessions is what a list of sessions holds.
const mostSessions = 500

// listedSession is a session in a list.
type listedSession struct {
	ID        string    `json:"id"`
	Session   string    `json:"session"` // channel and number, as commands take it
	Channel   string    `json:"channel"` // the channel's whole key
	Number    int       `json:"number"`
	Pattern   string    `json:"pattern"`
	Objective string    `json:"objective"`
	State     string    `json:"state"`
	Phase     string    `json:"phase"`
	Owner     string    `json:"owner"`
	Started   time.Time `json:"started"`
	Damaged   string    `json:"damaged,omitempty"` // why it cannot be read
}

// list prints the sessions there are.
func (j *job) list(st *state.Store, verb string) error {
	found, err := st.All(j, "", mostSessions+1)
	if err != nil {
		return err
	}
	more := len(found) > mostSessions
	all := []listedSession{}
	for _, l := range found[:min(len(found), mostSessions)] {
		one, err := j.describe(st, l)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	if j.JSON {
		return printJSON(j.out, map[string]any{"sessions": all, "more": more})
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(j.out, "no session was started yet")
		return err
	}
	w := tabwriter.NewWriter(j.out, 0, 0, 2, ' ', 0)
	for _, s := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.Session, s.State+s.Damaged, s.Pattern, s.Started.UTC().Format(time.DateOnly), printable(s.Objective))
	}
	if more {
		fmt.Fprintf(w, "… more than %d sessions; name one of them\n", mostSessions)
	}
	fmt.Fprintf(w, "`bot %s %s` prints one\n", verb, all[0].Session)
	return w.Flush()
}

func (j *job) describe(st *state.Store, l state.Listed) (listedSession, error) {
	one := listedSession{ID: string(l.ID), Channel: string(l.Channel), Number: l.Number, Session: channelName(string(l.Channel)) + "/" + strconv.Itoa(l.Number)}
	s, err := st.Session(j, l.ID)
	if errors.Is(err, state.ErrDamaged) {
		one.Damaged = err.Error()
		return one, nil
	}
	if err != nil {
		return one, err
	}
	phase, _ := s.Phase()
	_, one.Started = s.Starter()
	one.Pattern, one.Objective, one.State = s.Plan().Name(), s.Brief().Objective, string(s.State())
	one.Phase, one.Owner = phase.Name, s.Owner().Name()
	return one, nil
}

// channelName is the last part of a channel's key.
func channelName(key string) string {
	thread, err := chat.ParseThread(key)
	if err != nil {
		return key
	}
	return thread.Channel()
}

var (
	sessionIDRE = regexp.MustCompile(`^[a-z2-7]{26}$`) // what state.NewSessionID makes
	numberedRE  = regexp.MustCompile(`^(.+)/(\d{1,9})$`)
)

// find is the session that was named: by its id, by channel and number, or by
// the channel's whole key and number where two platforms have such a channel.
func (j *job) find(st *state.Store, name string) (state.Listed, error) {
	if sessionIDRE.MatchString(name) {
		s, err := st.Session(j, state.SessionID(name))
		if err != nil || s.State() != orchestration.None {
			return state.Listed{ID: state.SessionID(name), Channel: s.Channel()}, err
		}
	}
	m := numberedRE.FindStringSubmatch(strings.TrimPrefix(name, "#"))
	if m == nil {
		return state.Listed{}, usageError{fmt.Errorf("%q names no session: write channel and number, as in launch/1, or its id", short(name))}
	}
	n, err := strconv.Atoi(m[2])
	if err != nil {
		return state.Listed{}, err
	}
	match, err := j.numbered(st, m[1], n)
	switch {
	case err != nil:
		return state.Listed{}, err
	case len(match) == 0:
		return state.Listed{}, fmt.Errorf("there is no session %s; without a name the sessions are listed", short(name))
	case len(match) == 1:
		return match[0], nil
	}
	keys := make([]string, len(match))
	for i, l := range match {
		keys[i] = fmt.Sprintf("%s/%d", l.Channel, l.Number)
	}
	return state.Listed{}, usageError{fmt.Errorf("several sessions are called %s: write one of %s", short(name), strings.Join(keys, ", "))}
}

// numbered are the sessions with that number in the channel of that key, or in
// channels of that name.
func (j *job) numbered(st *state.Store, channel string, n int) ([]state.Listed, error) {
	id, ok, err := st.ByNumber(j, orchestration.ChannelKey(channel), n)
	if err != nil || ok {
		return []state.Listed{{ID: id, Channel: orchestration.ChannelKey(channel), Number: n}}, err
	}
	found, err := st.All(j, "", math.MaxInt)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(l state.Listed) bool {
		return l.Number != n || !strings.EqualFold(channelName(string(l.Channel)), channel)
	}), nil
}

// printable is a text on one line that a terminal does not act on.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}
