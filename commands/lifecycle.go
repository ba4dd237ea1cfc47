package commands

import (
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
)

func pause() Command {
	return declare(about{Name: "pause", Help: "Stop the clock: nothing moves until resume", Example: "pause because the team is away"},
		func(t *turn, _ noArgs) (chat.Message, error) {
			return t.move("Paused", func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
				return s.Pause(t.by, in, t.because)
			})
		})
}

func resume() Command {
	return declare(about{Name: "resume", Help: "Go on after a pause, or open an ended session again", Example: "resume"},
		func(t *turn, _ noArgs) (chat.Message, error) {
			return t.move("Going on", func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
				return s.Resume(t.by, in, t.because)
			})
		})
}

func end() Command {
	return declare(about{Name: "end", Help: "End the session before its last handoff, with a reason", Example: "end because the customer left"},
		func(t *turn, _ noArgs) (chat.Message, error) {
			return t.move("Ended", func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
				return s.End(t.by, in, t.because)
			})
		})
}

// move is a decision without arguments that changes whether a session runs.
func (t *turn) move(word string, d decider) (chat.Message, error) {
	res, err := t.decide(d)
	if err != nil {
		return chat.Message{}, err
	}
	s := t.after(res)
	text := word + becauseOf(res.Entry.Because()) + "."
	if s.State() == orchestration.EndedState {
		return say(text + " `export` has all of it on one page; `resume` opens it again."), nil
	}
	return say(text + " " + s.standing()), nil
}
