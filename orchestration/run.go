package orchestration

// Pause stops the clock: nothing moves until somebody resumes.
func (s Session) Pause(by Human, in Room, because string) (Decision, error) {
	if err := s.mayMove(by, in, "pause"); err != nil {
		return Decision{}, err
	}
	return decide(by, because, Paused{})
}

// Resume starts the clock again, or opens an ended session again. What is due
// moves by the time that was paused.
func (s Session) Resume(by Human, in Room, because string) (Decision, error) {
	if err := s.may(by, in, ToSteer, onSession); err != nil {
		return Decision{}, err
	}
	switch s.state {
	case PausedState:
		due := s.due
		if !due.IsZero() {
			due = due.Add(in.Now.Sub(s.halted))
		}
		return decide(by, because, Resumed{due})
	case EndedState:
		return decide(by, because, Reopened{})
	}
	return Decision{}, Refuse("this session is running").Try("status", "pause")
}

// End closes the session. Before the last phase is handed off that takes a
// reason, which stands where the missing handoff would.
func (s Session) End(by Human, in Room, because string) (Decision, error) {
	if err := s.may(by, in, ToSteer, onSession); err != nil {
		return Decision{}, err
	}
	if s.state == EndedState {
		return Decision{}, Refuse("this session has ended already").Try("export", "resume because …")
	}
	if because == "" {
		return Decision{}, Refuse("%s has not been handed off; to end without, say why", s.phase().Name).
			Try("handoff", "end because …")
	}
	return decide(by, because, Ended{})
}
