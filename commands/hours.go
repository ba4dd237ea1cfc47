package commands

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
)

// setHours sets what of a channel's hours a call names; named is false where it
// names none of them.
func (t *turn) setHours(a settingsArgs) (m chat.Message, named bool, err error) {
	var decide func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error)
	switch {
	case a.Quiet != "":
		from, to, err := readQuiet(a.Quiet)
		if err != nil {
			return m, true, err
		}
		decide = func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetQuiet(t.by, in, from, to, t.because)
		}
	case a.Workdays != "":
		days, err := readWorkdays(a.Workdays)
		if err != nil {
			return m, true, err
		}
		decide = func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetWorkdays(t.by, in, days, t.because)
		}
	case a.Holidays != "":
		calendar, days, err := readHolidays(a.Holidays)
		if err != nil {
			return m, true, err
		}
		decide = func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetHolidays(t.by, in, calendar, days, t.because)
		}
	case a.Digest != "":
		digest, err := readDigest(a.Digest)
		if err != nil {
			return m, true, err
		}
		decide = func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetDigest(t.by, in, digest, t.because)
		}
	default:
		return m, false, nil
	}
	if m, err = t.setting(a.Workspace, decide); err != nil {
		return m, true, err
	}
	in, err := t.here()
	if err == nil && !a.Workspace && (a.Quiet != "" || a.Digest != "") {
		m.Blocks = append(m.Blocks, movedDigest(in)...)
	}
	return m, true, err
}

// movedDigest says where the digest comes at another time than the one set.
func movedDigest(in orchestration.Room) []chat.Block {
	d, ok := in.Channel.Digest()
	if !ok {
		d, ok = in.Workspace.Digest()
	}
	at := in.Hours().RoundMinute()
	if !ok || d.Every == orchestration.DigestOff || at == d.Minute {
		return nil
	}
	return []chat.Block{chat.Remark(fmt.Sprintf("%s falls into the quiet hours here: the digest comes at %s.", clock(d.Minute), clock(at)))}
}

// hoursFields are the hours in force, and where each value comes from.
func hoursFields(in orchestration.Room) chat.Fields {
	level := func(of func(orchestration.Settings) (string, bool), otherwise string) string {
		channel, here := of(in.Channel)
		workspace, there := of(in.Workspace)
		switch {
		case here:
			return channel + " (this channel)"
		case there:
			return workspace + " (workspace)"
		}
		return otherwise + " (default)"
	}
	return chat.Fields{
		{Name: "Quiet hours", Value: level(func(s orchestration.Settings) (string, bool) { q, ok := s.Quiet(); return q.String(), ok }, "none")},
		{Name: "Working days", Value: level(func(s orchestration.Settings) (string, bool) { w, ok := s.Workdays(); return w.String(), ok }, "Mon-Fri")},
		{Name: "Holidays", Value: level(func(s orchestration.Settings) (string, bool) {
			h, ok := s.Holidays()
			text := h.String()
			if _, known := in.Calendars[h.Calendar]; h.Calendar != "" && !known {
				text += "; that calendar is configured no more, so its days are working days"
			}
			return text, ok
		}, "none")},
		{Name: "Digest", Value: level(func(s orchestration.Settings) (string, bool) { d, ok := s.Digest(); return d.String(), ok }, "off")},
	}
}

func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// off reports whether a text says that a setting is to have no effect.
func off(text string) bool {
	switch strings.ToLower(text) {
	case "off", "none", "no", "never":
		return true
	}
	return false
}

var clockRE = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d\d))?$`)

// readMinute reads a time of day as the minute after midnight: "9", "9:30".
// 24:00 is midnight too.
func readMinute(word string) (int, bool) {
	m := clockRE.FindStringSubmatch(word)
	if m == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	if hour == 24 && minute == 0 {
		hour = 0
	}
	return hour*60 + minute, hour < 24 && minute < 60
}

var spanRE = regexp.MustCompile(`(?i)^(\S+?)\s*(?:-|–|—|\bto\b|\buntil\b)\s*(\S+)$`)

// readQuiet reads "20:00-08:00", or "off" as two equal ends.
func readQuiet(text string) (from, to int, err error) {
	if off(text) {
		return 0, 0, nil
	}
	if m := spanRE.FindStringSubmatch(text); m != nil {
		from, ok := readMinute(m[1])
		to, ok2 := readMinute(m[2])
		if ok && ok2 && from == to {
			return 0, 0, orchestration.Refuse("these quiet hours end when they begin").Try("settings quiet: 20:00-08:00", "settings quiet: off")
		}
		if ok && ok2 {
			return from, to, nil
		}
	}
	return 0, 0, orchestration.Refuse("quiet hours go from one time of day to another, and %q does not", short(text, 40)).
		Try("settings quiet: 20:00-08:00", "settings quiet: off")
}

// readWorkdays reads "mon-fri", "sun-thu", "mon, tue, wed", also mixed, and
// "every day".
func readWorkdays(text string) ([]time.Weekday, error) {
	var days []time.Weekday
	if strings.EqualFold(text, "every day") {
		text = "mon-sun"
	}
	text = strings.NewReplacer(" and ", ",", " & ", ",", "+", ",", ";", ",").Replace(strings.ToLower(text))
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		first, last := part, part
		if m := spanRE.FindStringSubmatch(part); m != nil {
			first, last = m[1], m[2]
		}
		from, ok := readWeekday(first)
		to, ok2 := readWeekday(last)
		if !ok || !ok2 {
			return nil, orchestration.Refuse("%q names no day of the week", short(part, 40)).Try("settings workdays: mon-fri", "settings workdays: mon, tue, wed")
		}
		for d := from; ; d = (d + 1) % 7 {
			days = append(days, d)
			if d == to {
				break
			}
		}
	}
	return days, nil
}

// readWeekday reads a day of the week by its name, or three letters of it or
// more.
func readWeekday(word string) (time.Weekday, bool) {
	word = strings.ToLower(strings.TrimRight(word, ".,"))
	for d := time.Sunday; d <= time.Saturday; d++ {
		if name := strings.ToLower(d.String()); len(word) >= 3 && strings.HasPrefix(name+"s", word) {
			return d, true
		}
	}
	return 0, false
}

// readHolidays reads days with their names, separated by semicolons or lines,
// and the name of a calendar among them.
func readHolidays(text string) (calendar string, days []orchestration.Holiday, err error) {
	if off(text) {
		return "", nil, nil
	}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		part = strings.TrimSpace(part)
		word, name := nextWord(part)
		switch {
		case word == "":
		case word[0] >= '0' && word[0] <= '9':
			d, err := orchestration.ParseDate(strings.TrimRight(word, ":,"))
			if err != nil {
				return "", nil, err
			}
			days = append(days, orchestration.Holiday{Date: d, Name: strings.TrimLeft(name, "-–: ")})
		case name != "":
			return "", nil, orchestration.Refuse("a holiday begins with its day, and %q does not", short(part, 40)).
				Try("settings holidays: 2026-12-24 Christmas Eve; 2026-12-25")
		case calendar != "":
			return "", nil, orchestration.Refuse("one calendar at a time, not %s and %s", short(calendar, 40), short(word, 40)).Try("settings holidays: " + calendar)
		default:
			calendar = strings.ToLower(word)
		}
	}
	return calendar, days, nil
}

// readDigest reads "daily 9:00", "weekly monday 9:30" or "off". Without a time
// it is nine in the morning, a week without a day begins on Monday.
func readDigest(text string) (orchestration.DigestSet, error) {
	d := orchestration.DigestSet{Every: orchestration.DigestOff, Minute: 9 * 60, Weekday: time.Monday}
	if off(text) {
		return d, nil
	}
	wrong := func(what string) (orchestration.DigestSet, error) {
		return d, orchestration.Refuse("a digest comes daily, weekly or not at all, at a time of day; %q says none of it", short(what, 40)).
			Try("settings digest: daily 9:00", "settings digest: weekly monday 9:30", "settings digest: off")
	}
	for i, word := range strings.Fields(strings.ToLower(text)) {
		day, isDay := readWeekday(word)
		minute, isTime := readMinute(strings.TrimRight(word, ",."))
		switch {
		case i == 0 && (word == "daily" || word == "weekly"):
			d.Every = orchestration.DigestEvery(word)
		case i == 0:
			return wrong(text)
		case word == "at" || word == "on":
		case isTime:
			d.Minute = minute
		case isDay && d.Every == orchestration.DigestWeekly:
			d.Weekday = day
		default:
			return wrong(word)
		}
	}
	return d, nil
}
