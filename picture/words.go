package picture

import (
	"fmt"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

const day = 24 * time.Hour

// amount is a length of time as people say it.
func amount(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "under 1 min"
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < day:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return dayCount(int(d / day))
}

func dayCount(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// date is a day with its year.
func date(t time.Time) string { return t.Format("2 Jan 2006") }

// standing says in words how a phase stands; late is whether that is a warning.
func (h history) standing(i int) (text string, late bool) {
	t := h.tracks[i]
	all, tooLong := t.spent()
	plan := t.phase.Days
	switch {
	case h.open(i):
		return h.going(t, all, tooLong), tooLong > 0
	case t.outcome == orchestration.WasPassed && len(t.pieces) > 0:
		return "skipped after " + amount(all), false
	case t.outcome == orchestration.WasPassed:
		return "skipped", false
	case t.outcome == orchestration.HandedOn && tooLong > 0:
		return "done, " + amount(tooLong) + " late", true
	case t.outcome == orchestration.HandedOn && plan > 0:
		return fmt.Sprintf("done, %s of %s", brief(all, plan), dayCount(plan)), false
	case t.outcome == orchestration.HandedOn:
		return "done, " + amount(all), false
	case len(t.pieces) > 0 && h.ended():
		return "ended after " + amount(all), false
	case len(t.pieces) > 0:
		return "left after " + amount(all), false
	case h.ended():
		return "not reached", false
	case plan > 0:
		return dayCount(plan) + " planned", false
	}
	return "to come", false
}

// going is how the open phase stands.
func (h history) going(t track, all, late time.Duration) string {
	text := fmt.Sprintf("day %d", all/day+1)
	switch {
	case late > 0:
		text = amount(late) + " over"
	case t.phase.Days > 0:
		text = fmt.Sprintf("day %d of %d", min(int(all/day)+1, t.phase.Days), t.phase.Days)
	case all < day:
		text = amount(all)
	}
	if h.session.State() == orchestration.PausedState {
		return "paused, " + text
	}
	return text
}

// brief is a length before "of 14 days", where the unit need not be said twice.
func brief(d time.Duration, plan int) string {
	if d < day {
		return amount(d)
	}
	return fmt.Sprint(min(int(d/day), plan))
}

// facts is the line below the objective.
func (h history) facts() string {
	s := h.session
	text := "From " + date(h.start)
	switch end := h.planEnd(); {
	case h.ended() && date(h.until) == date(h.start):
		text = "On " + date(h.start) + ", ended"
	case h.ended():
		text += ", ended " + date(h.until)
	case !end.IsZero():
		text += ", planned to " + date(end)
	}
	switch n := len(h.tracks); {
	case h.ended():
	case n > 1:
		text += fmt.Sprintf(", phase %d of %d", s.At()+1, n)
	}
	if s.State() == orchestration.PausedState {
		text += ", paused"
	}
	return text
}

// tally says of folded phases how many stand how.
func (h history) tally(first, last int) string {
	var done, skipped, plan int
	for i := first; i <= last; i++ {
		switch h.tracks[i].outcome {
		case orchestration.HandedOn:
			done++
		case orchestration.WasPassed:
			skipped++
		default:
			plan += h.tracks[i].phase.Days
		}
	}
	switch {
	case done+skipped == 0 && h.ended():
		return "not reached"
	case done+skipped == 0 && plan == 0:
		return "to come"
	case done+skipped == 0:
		return dayCount(plan) + " planned"
	case skipped == 0:
		return fmt.Sprintf("%d done", done)
	case done == 0:
		return fmt.Sprintf("%d skipped", skipped)
	}
	return fmt.Sprintf("%d done, %d skipped", done, skipped)
}
