package ics

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/synthoperator/baton/orchestration"
)

var (
	from = orchestration.Date{Year: 2025, Month: time.November, Day: 23}
	to   = orchestration.Date{Year: 2031, Month: time.November, Day: 23}
)

// calendar is a file with those lines in it.
func calendar(body string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n" + strings.ReplaceAll(body, "\n", "\r\n") + "END:VCALENDAR\r\n")
}

// vevent is an event with those lines.
func vevent(lines ...string) string {
	return "BEGIN:VEVENT\n" + strings.Join(lines, "\n") + "\nEND:VEVENT\n"
}

// read is the days with their names, one each, in order.
func read(t *testing.T, data []byte) []string {
	t.Helper()
	days, err := Parse(data, from, to)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range slices.SortedFunc(maps.Keys(days), func(a, b orchestration.Date) int { return strings.Compare(a.String(), b.String()) }) {
		out = append(out, strings.TrimSpace(d.String()+" "+days[d]))
	}
	return out
}

func TestDaysOfAFile(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want []string
	}{
		{"a day", calendar(vevent("DTSTART;VALUE=DATE:20261224", "SUMMARY:Christmas Eve")), []string{"2026-12-24 Christmas Eve"}},
		{"without a name", calendar(vevent("DTSTART;VALUE=DATE:20261224")), []string{"2026-12-24"}},
		{"a day without its kind", calendar(vevent("DTSTART:20261224", "DTEND:20261225")), []string{"2026-12-24"}},
		{"an end that is the beginning", calendar(vevent("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261224")), []string{"2026-12-24"}},
		{
			"several days", calendar(vevent("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227", "SUMMARY:Closed")),
			[]string{"2026-12-24 Closed", "2026-12-25 Closed", "2026-12-26 Closed"},
		},
		{"for so long", calendar(vevent("DTSTART;VALUE=DATE:20261224", "DURATION:P2D")), []string{"2026-12-24", "2026-12-25"}},
		{"a time in a zone", calendar(vevent("DTSTART;TZID=Europe/Berlin:20261224T000000", "DTEND;TZID=Europe/Berlin:20261226T000000")), []string{"2026-12-24", "2026-12-25"}},
		{"a zone with a colon", calendar(vevent(`DTSTART;TZID="GMT+01:00":20261224T140000`, "DURATION:PT12H")), []string{"2026-12-24", "2026-12-25"}},
		{"a time in UTC", calendar(vevent("DTSTART:20261223T230000Z", "DTEND:20261224T230000Z")), []string{"2026-12-23", "2026-12-24"}},
		{"a time in UTC, told in the calendar's zone", calendar("X-WR-TIMEZONE:Europe/Berlin\n" + vevent("DTSTART:20261223T230000Z", "DTEND:20261224T230000Z")), []string{"2026-12-24"}},
		{"folded", calendar(vevent("DTSTART;VALUE=DA\n TE:20261224", "SUMMARY:Christ\n\tmas  \n  Eve")), []string{"2026-12-24 Christmas Eve"}},
		{"escaped", calendar(vevent("DTSTART;VALUE=DATE:20261224", `SUMMARY;LANGUAGE=en:Eve\, at noon\; then\noff`)), []string{"2026-12-24 Eve, at noon; then off"}},
		{"small letters", []byte("begin:vcalendar\nbegin:vevent\ndtstart;value=date:20261224\nsummary:x\nend:vevent\nend:vcalendar"), []string{"2026-12-24 x"}},
		{"a byte order mark, plain line ends, blank lines", append([]byte("\ufeff"), []byte("BEGIN:VCALENDAR\n\n"+vevent("DTSTART;VALUE=DATE:20261224")+"END:VCALENDAR\n\n")...), []string{"2026-12-24"}},
		{"yearly, as far as it is asked for", calendar(vevent("DTSTART;VALUE=DATE:19700501", "RRULE:FREQ=YEARLY", "SUMMARY:May Day")), []string{
			"2026-05-01 May Day", "2027-05-01 May Day", "2028-05-01 May Day", "2029-05-01 May Day", "2030-05-01 May Day", "2031-05-01 May Day",
		}},
		{"on the fourth Thursday", calendar(vevent("DTSTART;VALUE=DATE:20241128", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3")), []string{"2025-11-27", "2026-11-26"}},
		{"on leap days", calendar(vevent("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY")), []string{"2028-02-29"}},
		{"until a day", calendar(vevent("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY;UNTIL=20280101")), []string{"2026-01-01", "2027-01-01", "2028-01-01"}},
		{"until a moment of that day", calendar(vevent("DTSTART:20260101T090000", "RRULE:FREQ=YEARLY;UNTIL=20280101T080000Z")), []string{"2026-01-01", "2027-01-01", "2028-01-01"}},
		{"daily", calendar(vevent("DTSTART;VALUE=DATE:20260801", "RRULE:FREQ=DAILY;COUNT=3;INTERVAL=2")), []string{"2026-08-01", "2026-08-03", "2026-08-05"}},
		{"two days each year, without one", calendar(vevent("DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261227", "RRULE:FREQ=YEARLY;COUNT=3", "EXDATE;VALUE=DATE:20271225,20281225", "RDATE;VALUE=DATE:20260301")), []string{
			"2026-03-01", "2026-03-02", "2026-12-25", "2026-12-26",
		}},
		{"moved once", calendar(vevent("UID:a", "DTSTART;VALUE=DATE:20260102", "RRULE:FREQ=YEARLY;COUNT=2", "SUMMARY:Day off") + vevent("UID:a", "RECURRENCE-ID;VALUE=DATE:20270102", "DTSTART;VALUE=DATE:20270104", "SUMMARY:Moved")), []string{
			"2026-01-02 Day off", "2027-01-04 Moved",
		}},
		{"called off", calendar(vevent("DTSTART;VALUE=DATE:20261224", "STATUS:CANCELLED") + vevent("DTSTART;VALUE=DATE:20261225", "TRANSP:TRANSPARENT")), []string{"2026-12-25"}},
		{"the first names a day", calendar(vevent("DTSTART;VALUE=DATE:20261225", "SUMMARY:Christmas") + vevent("DTSTART;VALUE=DATE:20261225", "SUMMARY:Friday")), []string{"2026-12-25 Christmas"}},
		{"other things", calendar("BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nDTSTART:19701025T030000\nRRULE:FREQ=HOURLY\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VTODO\nDTSTART:never\nEND:VTODO\n" +
			vevent("DTSTART;VALUE=DATE:20261225", "BEGIN:VALARM", "DURATION:often", "END:VALARM", "ATTACH:"+strings.Repeat("x", 2*maxLine))), []string{"2026-12-25"}},
		{"nothing", calendar(""), nil},
		{"two calendars", append(calendar(vevent("DTSTART:20261224")), calendar(vevent("DTSTART:20261225"))...), []string{"2026-12-24", "2026-12-25"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, read(t, tt.data)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A file that cannot be read is refused whole, with the line and what to do.
func TestBrokenFiles(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "it is empty: it begins with BEGIN:VCALENDAR"},
		{"a page", []byte("<html>\n"), "line 1: this is no line of a calendar: a line is a name, a colon and a value"},
		{"a list", []byte("2026-12-24: Eve\n"), "line 1: this is no iCalendar file: it begins with BEGIN:VCALENDAR"},
		{"cut off", bytes.TrimSuffix(calendar(vevent("DTSTART:20261224")), []byte("END:VCALENDAR\r\n")), "line 6: the file ends too early: it was cut off: END:VCALENDAR is missing"},
		{"crossed", calendar("BEGIN:VEVENT\nEND:VTODO\n"), "line 5: END:VTODO ends what did not begin: here END:VEVENT belongs"},
		{"after the end", append(calendar(""), "X:1"...), "line 5: this is no iCalendar file: it begins with BEGIN:VCALENDAR"},
		{"no beginning", calendar(vevent("SUMMARY:x")), "line 4: an event has no DTSTART: write when it is, as in DTSTART;VALUE=DATE:20261224"},
		{"no day", calendar(vevent("SUMMARY:x", "DTSTART;VALUE=DATE:20260230")), `line 6: DTSTART is no day and no time: "20260230": a day is as in 20261224, a time as in 20261224T090000`},
		{"a day said to be a time", calendar(vevent("DTSTART;VALUE=DATE-TIME:20261224")), `line 5: DTSTART is no day and no time: "20261224": a day is as in 20261224, a time as in 20261224T090000`},
		{"backwards", calendar(vevent("DTSTART:20261224", "DTEND:20261223")), "line 6: an event ends before it begins: correct DTSTART or DTEND"},
		{"for ever", calendar(vevent("DTSTART:20261224", "DTEND:20291224")), "line 6: an event lasts 1096 days: days off last a year at most; take it out of the file"},
		{"no duration", calendar(vevent("DTSTART:20261224", "DURATION:long")), `line 6: DURATION "LONG" cannot be read: a duration is as in P1D or PT24H`},
		{"no rule", calendar(vevent("DTSTART:20261224", "RRULE:EVERY=YEAR")), `line 6: RRULE "EVERY=YEAR" cannot be read: a rule is as in RRULE:FREQ=YEARLY, yearly, monthly, weekly or daily; or list the days one by one`},
		{"hourly", calendar(vevent("DTSTART:20261224", "RRULE:FREQ=HOURLY")), `line 6: RRULE "FREQ=HOURLY" is not one of days that Baton can follow: a rule is as in RRULE:FREQ=YEARLY, yearly, monthly, weekly or daily; or list the days one by one`},
		{"the 32nd", calendar(vevent("DTSTART:20261224", "RRULE:FREQ=YEARLY;BYMONTHDAY=32")), `line 6: RRULE "FREQ=YEARLY;BYMONTHDAY=32" cannot be followed, since bymonthday must be between 1 and 31 or -1 and -31: a rule is as in RRULE:FREQ=YEARLY, yearly, monthly, weekly or daily; or list the days one by one`},
		{"no exception", calendar(vevent("DTSTART:20261224", "EXDATE:20261224,x")), `line 6: EXDATE is no day and no time: "X": a day is as in 20261224, a time as in 20261224T090000`},
		{"a broken line", calendar(vevent("DTSTART;VALUE=DATE")), "line 5: DTSTART cannot be read: a line is a name, a colon and a value, as in DTSTART;VALUE=DATE:20261224"},
		{"too long a line", calendar(vevent("DTSTART:20261224", "EXDATE:"+strings.Repeat("20261224,", 1000))), "line 6: EXDATE is longer than 8 KiB: export the holidays alone"},
		{"too large", make([]byte, MaxSize+1), "it is larger than 4 MiB: export the holidays alone"},
		{"too deep", calendar(strings.Repeat("BEGIN:X\n", 9)), "line 11: this is nested too deeply: export the calendar again"},
		{"too many rules", calendar(strings.Repeat(vevent("DTSTART:20261224", "RRULE:FREQ=YEARLY"), maxRules+1)), "line 2006: more than 500 events repeat: export the holidays alone"},
		{"too many days", calendar(manyDays()), "the file names more than 100000 days: export the holidays alone"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			days, err := Parse(tt.data, from, to)
			var bad *Error
			if !errors.As(err, &bad) || days != nil {
				t.Fatalf("%v, %v", days, err)
			}
			got := err.Error()
			if tt.name == "too many days" {
				_, got, _ = strings.Cut(got, ": ")
			}
			if got != tt.want {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
		})
	}
}

// manyDays are events of a year each.
func manyDays() string {
	var b strings.Builder
	for year := 1600; year < 1900; year++ {
		b.WriteString(vevent(fmt.Sprintf("DTSTART:%d0101", year), fmt.Sprintf("DTEND:%d0101", year+1)))
	}
	return b.String()
}

// No bytes make reading panic or hang, and what is read is named on one line.
func FuzzParse(f *testing.F) {
	f.Add(calendar(vevent("DTSTART;VALUE=DATE:20261224", "SUMMARY:Christmas Eve", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH")))
	f.Add(calendar(vevent(`DTSTART;TZID="GMT+01:00":20261224T140000`, "DURATION:PT12H", "EXDATE;VALUE=DATE:20271225,20281225")))
	f.Add(calendar(vevent("UID:a", "RECURRENCE-ID:20270102", "DTSTART:20270104T000000Z", "RRULE:FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU;BYMONTHDAY=-3")))
	f.Add(calendar(vevent("DTSTART:20270104", "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=-366;BYEASTER=-2;WKST=SU;INTERVAL=3")))
	f.Fuzz(func(t *testing.T, data []byte) {
		days, err := Parse(data, from, to)
		var bad *Error
		if err != nil && (!errors.As(err, &bad) || strings.ContainsAny(err.Error(), "\n")) {
			t.Errorf("%v", err)
		}
		for d, name := range days {
			if strings.ContainsAny(name, "\r\n") || len(name) > maxName || d.IsZero() {
				t.Errorf("%s %q", d, name)
			}
		}
	})
}
