package commands

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

// readWhen reads a moment off the front of a text and returns it with the rest:
// "in 2 days …", "2w …", "tomorrow 9:00 …", "friday …", "2026-12-01 09:00 …".
// Days are calendar days where those hours hold, so that nine stays nine when
// the clocks change; a day without a time is nine in the morning.
func readWhen(text string, now time.Time, hours orchestration.Hours) (time.Time, string, error) {
	now = now.In(hours.Zone())
	words := strings.Fields(text)
	if len(words) > 0 && strings.EqualFold(words[0], "in") {
		words = words[1:]
	}
	if at, rest, ok := readSpan(words, now); ok {
		return at, strings.Join(rest, " "), nil
	}
	if day, rest, ok := readDay(words, now); ok {
		hour, minute := 9, 0
		if len(rest) > 0 && strings.EqualFold(rest[0], "at") {
			rest = rest[1:]
		}
		if len(rest) > 0 {
			h, m, ok := readClock(rest[0])
			if !ok && looksLikeClock.MatchString(rest[0]) {
				return now, "", orchestration.Refuse("%q is no time of day", rest[0]).Try("remind tomorrow 9:00 …")
			}
			if ok {
				hour, minute, rest = h, m, rest[1:]
			}
		}
		return hours.At(orchestration.DateOf(day), hour*60+minute), strings.Join(rest, " "), nil
	}
	return time.Time{}, "", orchestration.Refuse("this begins with no moment I can read: %q", short(text, 40)).
		Try("remind in 2 days …", "remind tomorrow 9:00 …", "remind 2026-12-01 09:00 …")
}

// readSpan reads "2 days", "2d", "1w 2d", "90 minutes".
func readSpan(words []string, now time.Time) (time.Time, []string, bool) {
	at, i := now, 0
	for i < len(words) {
		number, unit := splitNumber(words[i])
		if number == "" {
			break
		}
		used := 1
		if unit == "" && i+1 < len(words) {
			unit, used = words[i+1], 2
		}
		n, err := strconv.Atoi(number)
		add, known := spans[strings.ToLower(strings.TrimRight(unit, ","))]
		if err != nil || !known || n > 100000 {
			break
		}
		at = add(at, n)
		i += used
	}
	return at, words[i:], i > 0
}

var spans = map[string]func(time.Time, int) time.Time{
	"m": minutes, "min": minutes, "mins": minutes, "minute": minutes, "minutes": minutes,
	"h": addHours, "hour": addHours, "hours": addHours,
	"d": addDays, "day": addDays, "days": addDays,
	"w": weeks, "week": weeks, "weeks": weeks,
}

func minutes(t time.Time, n int) time.Time  { return t.Add(time.Duration(n) * time.Minute) }
func addHours(t time.Time, n int) time.Time { return t.Add(time.Duration(n) * time.Hour) }
func addDays(t time.Time, n int) time.Time  { return t.AddDate(0, 0, n) }
func weeks(t time.Time, n int) time.Time    { return t.AddDate(0, 0, 7*n) }

func splitNumber(word string) (number, unit string) {
	i := 0
	for i < len(word) && word[i] >= '0' && word[i] <= '9' {
		i++
	}
	return word[:i], word[i:]
}

func readDay(words []string, now time.Time) (time.Time, []string, bool) {
	if len(words) == 0 {
		return now, nil, false
	}
	word := strings.ToLower(strings.TrimRight(words[0], ","))
	switch word {
	case "today":
		return now, words[1:], true
	case "tomorrow":
		return now.AddDate(0, 0, 1), words[1:], true
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if name := strings.ToLower(d.String()); word == name || word == name[:3] {
			ahead := (int(d)-int(now.Weekday())+6)%7 + 1
			return now.AddDate(0, 0, ahead), words[1:], true
		}
	}
	if day, err := time.ParseInLocation("2006-01-02", word, now.Location()); err == nil {
		return day, words[1:], true
	}
	return now, words, false
}

// looksLikeClock matches what is meant as a time of day, possible or not.
var looksLikeClock = regexp.MustCompile(`^\d{1,2}:\d\d[,.]?$`)

func readClock(word string) (hour, minute int, ok bool) {
	at, err := time.Parse("15:04", strings.TrimRight(word, ","))
	return at.Hour(), at.Minute(), err == nil
}
