package orchestration

import "time"

// Pause stops the clock: nothing moves until somebody resumes.
func (s Session) Pause(by Human, in Room, because string) (Decision, error) {
	if err := s.mayMove(by, in, "pause"); err != nil {
		return Decision{}, err
	}
	return decide(by, because, Paused{})
}

// Resume starts the clock again, or opens an ended session again: its last
// phase can be handed off once more. What is due moves by the time that the
// clock stood still.
func (s Session) Resume(by Human, in Room, because string) (Decision, error) {
	if err := s.may(by, in, ToSteer, object{}); err != nil {
		return Decision{}, err
	}
	due := later(s.due, s.halted, in.Now, in.Zone())
	switch {
	case s.state == PausedState:
		return decide(by, because, Resumed{due})
	case s.state == EndedState && due.IsZero():
		return decide(by, because, Reopened{})
	case s.state == EndedState:
		return decide(by, because, Reopened{}, Resumed{due})
	}
	return Decision{}, Refuse("this session is running").Try("status", "pause")
}

// later moves a due time by what has passed from one moment to another: whole
// days by the calendar of the zone, as the due time was reckoned, so that nine
// o'clock stays nine o'clock whatever the clocks do between.
func later(due, from, to time.Time, zone *time.Location) time.Time {
	if due.IsZero() || from.IsZero() || !to.After(from) {
		return due
	}
	from, to = from.In(zone), to.In(zone)
	days := int(to.Sub(from).Hours() / 24)
	for from.AddDate(0, 0, days+1).Compare(to) <= 0 {
		days++
	}
	for days > 0 && from.AddDate(0, 0, days).After(to) {
		days--
	}
	rest := to.Sub(from.AddDate(0, 0, days))
	return due.In(zone).AddDate(0, 0, days).Add(rest)
}

// End closes the session. Before the last phase is handed off that takes a
// reason, which stands where the missing handoff would.
func (s Session) End(by Human, in Room, because string) (Decision, error) {
	if err := s.may(by, in, ToSteer, object{}); err != nil {
		return Decision{}, err
	}
	if s.state == EndedState {
		return Decision{}, Refuse("this session has ended already").Try("export", "resume because …")
	}
	if noReason(because) {
		return Decision{}, Refuse("%s has not been handed off; to end without, say why", s.called()).
			Try("handoff", "end because …")
	}
	return decide(by, because, Ended{})
}
