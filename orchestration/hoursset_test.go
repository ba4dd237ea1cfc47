package orchestration

import (
	"testing"
	"time"
)

func TestHoursAreSet(t *testing.T) {
	c := settings(t)
	c.in.Calendars = map[string]Calendar{"berlin": {}}
	days := []Holiday{{Date{2026, time.December, 25}, " Christmas\nDay "}, {Date{2026, time.December, 24}, ""}}
	for _, tt := range []struct {
		d    func() (Decision, error)
		want string
	}{
		{func() (Decision, error) { return c.SetDigest(cem, c.in, DigestSet{DigestDaily, 540, time.Friday}, "") }, "set the digest to daily 09:00"},
		{func() (Decision, error) {
			return c.SetDigest(cem, c.in, DigestSet{DigestWeekly, 570, time.Friday}, "")
		}, "set the digest to weekly Friday 09:30"},
		{func() (Decision, error) { return c.SetDigest(cem, c.in, DigestSet{DigestOff, 7, 7}, "") }, "set the digest to off"},
		{func() (Decision, error) { return c.SetQuiet(cem, c.in, 20*60, 8*60, "") }, "set the quiet hours to 20:00-08:00"},
		{func() (Decision, error) { return c.SetQuiet(cem, c.in, 8*60, 4*60, "") }, "set the quiet hours to 08:00-04:00"},
		{func() (Decision, error) { return c.SetQuiet(cem, c.in, 7, 7, "") }, "set the quiet hours to off"},
		{func() (Decision, error) { return c.SetWorkdays(cem, c.in, workWeek, "") }, "set the working days to Mon-Fri"},
		{func() (Decision, error) {
			return c.SetWorkdays(cem, c.in, []time.Weekday{4, 3, 2, 1, 0, 0}, "")
		}, "set the working days to Sun-Thu"},
		{func() (Decision, error) { return c.SetWorkdays(cem, c.in, []time.Weekday{3, 1}, "") }, "set the working days to Mon, Wed"},
		{func() (Decision, error) { return c.SetWorkdays(cem, c.in, []time.Weekday{6, 0}, "") }, "set the working days to Sat, Sun"},
		{func() (Decision, error) {
			return c.SetWorkdays(cem, c.in, []time.Weekday{0, 1, 2, 3, 4, 5, 6}, "")
		}, "set the working days to every day"},
		{func() (Decision, error) { return c.SetHolidays(cem, c.in, "berlin", days, "") }, "set the holidays to calendar berlin, 2026-12-24, 2026-12-25 Christmas Day"},
		{func() (Decision, error) { return c.SetHolidays(cem, c.in, "", nil, "") }, "set the holidays to none"},
	} {
		d, err := tt.d()
		c.do(d, err)
		if got := Describe(d); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	if days[0].Date.Day != 25 {
		t.Error("the caller's list was changed")
	}
	digest, has := c.Digest()
	quiet, hush := c.Quiet()
	work, some := c.Workdays()
	holidays, any := c.Holidays()
	if digest != (DigestSet{Every: DigestOff}) || quiet != (QuietSet{}) || len(work.Days) != 7 || len(holidays.Days) != 0 || !has || !hush || !some || !any {
		t.Errorf("%v %v %v %v", digest, quiet, work, holidays)
	}
}

func TestHoursAreRefused(t *testing.T) {
	c := settings(t)
	c.no("a digest can be daily, weekly or off, not \"hourly\"")(c.SetDigest(cem, c.in, DigestSet{Every: "hourly"}, ""))
	c.no("a digest has a time of day")(c.SetDigest(cem, c.in, DigestSet{DigestDaily, minutesADay, 0}, ""))
	c.no("a weekly digest has a day of the week")(c.SetDigest(cem, c.in, DigestSet{DigestWeekly, 0, 7}, ""))
	c.no("nobody works on Saturdays here")(c.SetDigest(cem, c.in, DigestSet{DigestWeekly, 0, time.Saturday}, ""))
	c.no("quiet hours go from one time of day to another")(c.SetQuiet(cem, c.in, -1, 0, ""))
	c.no("quiet hours go from one time of day to another")(c.SetQuiet(cem, c.in, 0, minutesADay, ""))
	c.no("quiet hours are at most 20 hours a day, and 08:00-04:01 are 20:01")(c.SetQuiet(cem, c.in, 8*60, 4*60+1, ""))
	c.no("a week has a working day or more")(c.SetWorkdays(cem, c.in, nil, ""))
	c.no("working days are days of the week")(c.SetWorkdays(cem, c.in, []time.Weekday{1, 7}, ""))
	c.no("no calendar called \"berlin\" is configured here, and none at all")(c.SetHolidays(cem, c.in, "berlin", nil, ""))
	c.in.Calendars = map[string]Calendar{"tokyo": {}, "berlin": {}}
	c.no("no calendar called \"rome\" is configured here; there is berlin, tokyo")(c.SetHolidays(cem, c.in, "rome", nil, ""))
	c.no("2026-02-30 is no day")(c.SetHolidays(cem, c.in, "", []Holiday{{Date{2026, 2, 30}, ""}}, ""))
	c.no("0000-00-00 is no day")(c.SetHolidays(cem, c.in, "", []Holiday{{}}, ""))
	day := Date{2026, 12, 24}
	c.no("2026-12-24 is there twice")(c.SetHolidays(cem, c.in, "", []Holiday{{day, "a"}, {day, "b"}}, ""))
	var many []Holiday
	for n := range maxHolidays {
		many = append(many, Holiday{day.Add(n), ""})
	}
	if _, err := c.SetHolidays(cem, c.in, "", many, ""); err != nil {
		t.Error(err)
	}
	c.no("at most 400 holidays can be listed, not 401")(c.SetHolidays(cem, c.in, "", append(many, Holiday{day.Add(-1), ""}), ""))

	c.do(c.Give(eve, c.in, ben, Approver, ""))
	for _, set := range []func(by Human) (Decision, error){
		func(by Human) (Decision, error) { return c.SetDigest(by, c.in, DigestSet{Every: DigestOff}, "") },
		func(by Human) (Decision, error) { return c.SetQuiet(by, c.in, 0, 1, "") },
		func(by Human) (Decision, error) { return c.SetWorkdays(by, c.in, workWeek, "") },
		func(by Human) (Decision, error) { return c.SetHolidays(by, c.in, "", nil, "") },
	} {
		c.no("Cem is a contributor")(set(cem))
		if _, err := set(ben); err != nil {
			t.Error(err)
		}
	}
}

// A digest for the whole workspace goes by the workspace's working days, not
// by those of the channel it was typed in.
func TestDigestOfTheWorkspace(t *testing.T) {
	c := settings(t)
	c.do(c.SetWorkdays(eve, c.in, []time.Weekday{time.Saturday}, ""))
	c.no("nobody works on Mondays here")(c.SetDigest(eve, c.in, DigestSet{DigestWeekly, 0, time.Monday}, ""))
	c.in.Everywhere = true
	c.no("nobody works on Saturdays here")(c.SetDigest(eve, c.in, DigestSet{DigestWeekly, 0, time.Saturday}, ""))
	c.do(c.SetDigest(eve, c.in, DigestSet{DigestWeekly, 0, time.Monday}, ""))
}

func TestDates(t *testing.T) {
	d := date(t, "2024-02-28")
	if d != (Date{2024, time.February, 28}) || d.Add(2).String() != "2024-03-01" || d.Weekday() != time.Wednesday ||
		!d.Before(d.Add(1)) || d.Before(d) || d.IsZero() || !(Date{}).IsZero() {
		t.Errorf("%v", d)
	}
	for _, s := range []string{"", "2026-02-30", "24.12.2026", "2026-1-1"} {
		if _, err := ParseDate(s); err == nil {
			t.Errorf("%q is a day", s)
		}
	}
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	if got := DateOf(time.Date(2026, 12, 24, 20, 0, 0, 0, time.UTC).In(tokyo)); got.String() != "2026-12-25" {
		t.Error(got)
	}
}
