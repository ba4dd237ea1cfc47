package orchestration

import "time"

// Reminder is a sentence that somebody wants to hear at a moment.
type Reminder struct {
	ID        int
	At        time.Time
	Text      string
	By        Actor
	Phase     int // the phase it was set in
	Cancelled bool
}

func (r Reminder) marks() marks {
	if r.Cancelled {
		return 0
	}
	return standingReminder
}

const standingReminder marks = 1

// maxAhead bounds how far ahead a reminder can lie, in days.
const maxAhead = 3660

// Remind asks for a reminder.
func (s Session) Remind(by Human, in Room, at time.Time, text, because string) (Decision, error) {
	if err := s.may(by, in, ToRecord, object{}); err != nil {
		return Decision{}, err
	}
	text, err := parseLine("reminder", text, MaxItem)
	if err != nil {
		return Decision{}, err
	}
	if text == "" {
		return Decision{}, Refuse("the reminder has no words").Try("remind in 2 days check the landing page")
	}
	if !at.After(in.Now) {
		return Decision{}, Refuse("%s is over already", at.In(in.Zone()).Format("2 Jan 2006 15:04")).Try("remind in 2 days " + text)
	}
	if at.After(in.Now.AddDate(0, 0, maxAhead)) {
		return Decision{}, Refuse("%s is more than ten years away", at.In(in.Zone()).Format("2 Jan 2006")).Try("remind in 2 days " + text)
	}
	return decide(by, because, ReminderSet{s.next(), at, text})
}

// CancelReminder takes a reminder back.
func (s Session) CancelReminder(by Human, in Room, id int, because string) (Decision, error) {
	if err := s.may(by, in, ToRecord, object{}); err != nil {
		return Decision{}, err
	}
	i, ok := s.find(id, reminderRef)
	if !ok {
		return Decision{}, s.noSuch("reminder", id)
	}
	if s.sealedPhase(s.reminders.at(i).Phase) {
		return Decision{}, sealedNow(id)
	}
	if s.reminders.at(i).Cancelled {
		return Decision{}, Refuse("#%d was cancelled already", id).Try("status")
	}
	return decide(by, because, ReminderCancelled{id})
}

// Reminders are those that were not cancelled, in the order they were set,
// without those of sealed reviews.
func (s Session) Reminders() []Reminder {
	var out []Reminder
	for _, r := range s.reminders.having(standingReminder) {
		if !s.sealedPhase(r.Phase) {
			out = append(out, r)
		}
	}
	return out
}

// Announce asks for a message to the whole channel.
func (s Session) Announce(by Human, in Room, text, because string) (Decision, error) {
	if err := s.mayMove(by, in, "announce"); err != nil {
		return Decision{}, err
	}
	text, err := parseText("announcement", text, 2*MaxItem)
	if err != nil {
		return Decision{}, err
	}
	if text == "" {
		return Decision{}, Refuse("the announcement has no words").Try("announce We launch on Monday")
	}
	return decide(by, because, Announced{text})
}
