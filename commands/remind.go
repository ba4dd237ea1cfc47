package commands

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
)

type remindArgs struct {
	Text string `pos:"rest" need:"yes" help:"when, and what: in 2 days check the landing page; or cancel #4"`
}

func remind() Command {
	return declare(about{
		Name: "remind", Help: "Set a reminder in this session; it is said in its thread at the moment",
		Example: "remind in 2 days check the landing page",
	}, doRemind)
}

func doRemind(t *turn, a remindArgs) (chat.Message, error) {
	if rest, ok := cutWord(a.Text, "cancel"); ok {
		return t.cancelReminder(rest)
	}
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		at, text, err := readWhen(a.Text, in.Now, in.Hours())
		if err != nil {
			return orchestration.Decision{}, err
		}
		return s.Remind(t.by, in, at, text, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	e, ok := first[orchestration.ReminderSet](res.Entry)
	if !ok {
		return chat.Message{}, errOther
	}
	s := t.after(res)
	hours := s.roomNow().Hours()
	m := say(stopped(fmt.Sprintf("Reminder #%d for %s: %s%s", e.ID, moment(e.At, hours.Zone()), e.Text, becauseOf(res.Entry.Because()))))
	if hours.Quiet(e.At) {
		m.Blocks = append(m.Blocks, chat.Remark(fmt.Sprintf("Quiet hours until %s: it is said then.", moment(hours.Loud(e.At), hours.Zone()))))
	}
	return m, nil
}

func (t *turn) cancelReminder(text string) (chat.Message, error) {
	id, err := strconv.Atoi(strings.Trim(strings.TrimSpace(text), "#."))
	if err != nil {
		return chat.Message{}, orchestration.Refuse("which reminder? its number stands in `status`").Try("remind cancel #4")
	}
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		return s.CancelReminder(t.by, in, id, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	return say(fmt.Sprintf("Reminder #%d is cancelled%s.", id, becauseOf(res.Entry.Because()))), nil
}
