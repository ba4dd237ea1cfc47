package commands

import (
	"errors"
	"testing"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
)

// What people type for hours, and how it is understood; "" is a refusal.
func TestHoursAsTyped(t *testing.T) {
	for kind, typed := range map[string]map[string]string{
		"quiet": {
			"20:00-08:00": "20:00-08:00", "20-8": "20:00-08:00", "20:00 – 8:30": "20:00-08:30", "20.00 to 8.00": "20:00-08:00",
			"22:00 until 24:00": "22:00-00:00", "off": "off", "None": "off", "8:00-8:00": "", "20:00": "", "25:00-8:00": "", "20:60-8:00": "", "at night": "", "-": "",
		},
		"workdays": {
			"mon-fri": "Mon-Fri", "sun-thu": "Sun-Thu", "mon, tue, wed": "Mon-Wed", "Monday to Friday": "Mon-Fri", "tues, thurs": "Tue, Thu",
			"mon-wed and fri": "Mon, Tue, Wed, Fri", "fri-mon": "Fri-Mon", "Mondays": "Mon", "sat+sun": "Sat, Sun", "mon-sun": "every day", "Every day": "every day",
			"mo-fr": "", "weekdays": "", "mon-": "", "off": "",
		},
		"holidays": {
			"2026-12-24 Christmas Eve; 2026-12-25": "2026-12-24 Christmas Eve, 2026-12-25", "2026-12-24: Christmas Eve": "2026-12-24 Christmas Eve",
			"2026-12-24 – Eve\n2026-12-25": "2026-12-24 Eve, 2026-12-25", "berlin": "calendar berlin", "Berlin; 2026-12-24": "calendar berlin, 2026-12-24",
			"off": "none", "none": "none", ";;": "none", "\"\"": "none", "24.12.2026": "", "2026-02-30": "", "Christmas 2026-12-24": "", "berlin; rome": "",
		},
		"digest": {
			"daily 9:00": "daily 09:00", "daily": "daily 09:00", "Daily at 17:30": "daily 17:30", "weekly monday 9:30": "weekly Monday 09:30",
			"weekly on fri at 16": "weekly Friday 16:00", "weekly": "weekly Monday 09:00", "weekly 8:00 tuesday": "weekly Tuesday 08:00", "off": "off",
			"hourly": "", "daily monday": "", "9:00": "", "daily 25:00": "", "weekly someday": "",
		},
	} {
		for text, want := range typed {
			got, err := readAs(kind, text)
			if want == "" {
				if !advises(err) {
					t.Errorf("%s: %q is %s, %v", kind, text, got, err)
				}
			} else if err != nil || got != want {
				t.Errorf("%s: %q is %q, %v; want %q", kind, text, got, err, want)
			}
		}
	}
}

// advises reports whether an error is a refusal that says what to type.
func advises(err error) bool {
	var refusal orchestration.Refusal
	return errors.As(err, &refusal) && len(refusal.Instead) > 0
}

// readAs reads a text and says how it was understood.
func readAs(kind, text string) (string, error) {
	switch kind {
	case "quiet":
		from, to, err := readQuiet(text)
		return orchestration.QuietSet{From: from, To: to}.String(), err
	case "workdays":
		days, err := readWorkdays(text)
		return orchestration.WorkdaysSet{Days: days}.String(), err
	case "holidays":
		calendar, days, err := readHolidays(text)
		return orchestration.HolidaysSet{Calendar: calendar, Days: days}.String(), err
	}
	d, err := readDigest(text)
	return d.String(), err
}

// Whatever is typed is understood or refused, and what it was understood as is
// understood the same.
func FuzzHoursAsTyped(f *testing.F) {
	for _, seed := range []string{"20:00-08:00", "mon-wed, fri", "2026-12-24 Eve; berlin", "weekly on monday at 9:30", "off"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []string{"quiet", "workdays", "digest"} {
			said, err := readAs(kind, text)
			if err != nil || said == "" {
				continue
			}
			if again, err := readAs(kind, said); err != nil || again != said {
				t.Errorf("%s: %q is %q, which is %q, %v", kind, text, said, again, err)
			}
		}
		_, _ = readAs("holidays", text)
	})
}

func TestDestinations(t *testing.T) {
	const refused = "refused"
	for _, tt := range []struct{ here, typed, want string }{
		{"slack/T1/C1", "slack/T1/C2", "slack/T1/C2"},
		{"slack/T1/C1", "discord/G1/7", "discord/G1/7"},
		{"slack/T1/C1", "C2", "slack/T1/C2"},
		{"slack/T1/C1", "<#C2>", "slack/T1/C2"},
		{"slack/T1/C1", "<#C2|general>", "slack/T1/C2"},
		{"slack/T1/C1", "#general", refused},
		{"slack/T1/C1", "general", refused},
		{"slack/T1/C1", "<#>", refused},
		{"slack/T1/C1", "<#C2", refused},
		{"slack/T1/C1", "<@U2>", refused},
		{"slack/T1/C1", "C1", refused},
		{"slack/T1/C1", "slack/T1/C1", refused},
		{"slack/T1/C1/5", "slack/T1/C1", refused},
		{"slack/T1/C1", "slack/T1/C2/17.2", refused},
		{"slack/T1/C1", "slack/C2", refused},
		{"slack/T1/C1", "slack//C2", refused},
		{"slack/T1/C1", "slack/T1/%zz", refused},
		{"discord/1/2", "<#3>", "discord/1/3"},
		{"console/local/ops", "#general", "console/local/general"},
		{"console/local/ops", "general", "console/local/general"},
		{"console/local/ops", "#", refused},
	} {
		here, err := chat.ParseThread(tt.here)
		if err != nil {
			t.Fatal(err)
		}
		got, err := (&turn{call: chat.Call{Thread: here}}).destination(tt.typed)
		if tt.want == refused {
			if !advises(err) {
				t.Errorf("in %s, %q is %q, %v", tt.here, tt.typed, got, err)
			}
		} else if err != nil || string(got) != tt.want {
			t.Errorf("in %s, %q is %q, %v; want %q", tt.here, tt.typed, got, err, tt.want)
		}
	}
}

// A time of day that the clocks skip is the first moment after the gap.
func TestRemindersAcrossTheGap(t *testing.T) {
	in := orchestration.Room{Channel: orchestration.Settings{}}
	c := orchestration.NewHuman("console/local/eve", "eve")
	d, err := in.Channel.SetZone(c, in, "Europe/Berlin", "")
	if err != nil {
		t.Fatal(err)
	}
	in.Channel = in.Channel.Apply(orchestration.Entry{Seq: 1, Decision: d})
	at, rest, err := readWhen("2026-03-29 2:30 turn the clocks", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), in.Hours())
	if want := time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC); !at.Equal(want) || rest != "turn the clocks" || err != nil {
		t.Errorf("%s, %q, %v", at, rest, err)
	}
}
