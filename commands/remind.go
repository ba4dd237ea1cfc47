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
		Name: "remind", Help: "Set a reminder in this session; status and catchup show it",
		Example: "remind in 2 days check the landing page",
	}, doRemind)
}

func doRemind(t *turn, a remindArgs) (chat.Message, error) {
	if rest, ok := cutWord(a.Text, "cancel"); ok {
		return t.cancelReminder(rest)
	}
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		at, text, err := readWhen(a.Text, in.Now, in.Zone())
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
	return say(stopped(fmt.Sprintf("Reminder #%d for %s: %s%s", e.ID, moment(e.At, s.roomNow().Zone()), e.Text, becauseOf(res.Entry.Because())))), nil
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

type announceArgs struct {
	Mode string `pos:"keyword" choices:"all,phases,off" help:"what this channel hears by itself: everything, phase changes, or nothing"`
	Text string `pos:"rest" help:"a message from this session for the whole channel"`
}

func announce() Command {
	return declare(about{
		Name: "announce", Help: "Say what a channel hears of its sessions, or tell it something",
		Example: "announce phases",
	}, doAnnounce)
}

func doAnnounce(t *turn, a announceArgs) (chat.Message, error) {
	if a.Mode != "" && t.in > 0 {
		return chat.Message{}, orchestration.Refuse("what a channel hears is set for the channel, not for one session").Try("announce " + a.Mode)
	}
	if a.Mode == "" && a.Text == "" {
		in, err := t.here()
		if err != nil {
			return chat.Message{}, err
		}
		mode, _ := in.Channel.Announce()
		return say(fmt.Sprintf("This channel hears %s. Change it with `announce all`, `announce phases` or `announce off`.", modeText(mode))), nil
	}
	if a.Mode == "" {
		res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
			return s.Announce(t.by, in, a.Text, t.because)
		})
		if err != nil {
			return chat.Message{}, err
		}
		e, ok := first[orchestration.Announced](res.Entry)
		if !ok {
			return chat.Message{}, errOther
		}
		return say("The channel hears: " + stopped(e.Text)), nil
	}
	if a.Text != "" {
		return chat.Message{}, orchestration.Refuse("`announce %s` takes no more words; to tell the channel something, begin with another word", a.Mode).
			Try("announce "+a.Mode, "announce We launch on Monday")
	}
	res, err := t.set(false, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
		_, to := s.Announce()
		return s.SetAnnouncements(t.by, in, orchestration.AnnounceMode(a.Mode), to, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	mode, _ := res.After.Announce()
	return say(fmt.Sprintf("From now on this channel hears %s%s.", modeText(mode), becauseOf(t.because))), nil
}

func modeText(m orchestration.AnnounceMode) string {
	switch m {
	case orchestration.AnnounceAll:
		return "everything its sessions decide"
	case orchestration.AnnounceOff:
		return "nothing of its sessions by itself"
	}
	return "when a session starts, changes phase and ends"
}
