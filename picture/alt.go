package picture

import (
	"fmt"
	"strings"
	"time"
)

// maxAlt bounds the words, in characters. Discord takes 1024 as a file's
// description (its reference, "Attachment object"), Slack 1000 as a file's
// alt_txt (its reference, files.getUploadURLExternal).
const maxAlt = 1000

// Alt says in words what the picture shows, for whoever cannot see it. Where a
// long plan leaves no room, it says of each phase less, and at last only how it
// stands.
func (t Timeline) Alt() string {
	h, err := t.read()
	if err != nil {
		return "No timeline: " + strings.TrimPrefix(err.Error(), "picture: ") + "."
	}
	text := ""
	for detail := len(nameRoom) - 1; detail >= 0; detail-- {
		if text = h.words(detail); len([]rune(text)) <= maxAlt {
			return text
		}
	}
	return text
}

// nameRoom is how many characters of a name are told at a level of detail, and
// briefRoom of the objective.
var (
	nameRoom  = [...]int{24, 60, 60, 60, 60}
	briefRoom = [...]int{80, 200, 200, 200, 200}
)

// words tells a history: 0 and 1 how each phase stands, 2 its persona too, 3
// its marks, 4 when it was worked on and planned.
func (h history) words(detail int) string {
	var b strings.Builder
	s := h.session
	fmt.Fprintf(&b, "Timeline of %s: %s %s.", short(oneLine(s.Plan().Title()), 80), sentence(short(oneLine(s.Brief().Objective), briefRoom[detail])), h.facts())
	if !h.ended() {
		fmt.Fprintf(&b, " Today is %s.", date(h.now))
	}
	for _, g := range fold(len(h.tracks), s.At()) {
		if g.folded != "" {
			fmt.Fprintf(&b, " %s: %s.", g.name(), h.tally(g.first, g.last))
			continue
		}
		fmt.Fprintf(&b, " %s.", h.told(g.first, detail))
	}
	return b.String()
}

// told is one phase in words.
func (h history) told(i, detail int) string {
	t := h.tracks[i]
	text := fmt.Sprintf("%d. %s", i+1, short(oneLine(t.phase.Name), nameRoom[detail]))
	if t.persona != "" && detail >= 2 {
		text += " (" + short(oneLine(t.persona), nameRoom[detail]) + ")"
	}
	standing, _ := h.standing(i)
	text += ": " + standing
	if detail >= 4 {
		if !t.plan.to.IsZero() {
			text += "; plan " + h.stretch(t.plan)
		}
		text += h.listed("worked on", t.stretches(worked, over)) + h.listed("paused", t.stretches(paused))
	}
	if detail >= 3 {
		for kind, name := range markNames {
			var days []piece
			for _, m := range t.moments {
				if m.kind == markKind(kind) {
					days = append(days, piece{worked, m.at, m.at})
				}
			}
			text += h.listed(name, days)
		}
	}
	return text
}

func (h history) listed(what string, when []piece) string {
	if len(when) == 0 {
		return ""
	}
	var days []string
	for _, p := range when {
		if day := h.stretch(p); len(days) == 0 || days[len(days)-1] != day {
			days = append(days, day)
		}
	}
	text := "; " + what + " " + strings.Join(days, ", ")
	if n := len(when); n > len(days) {
		text += fmt.Sprintf(" (%d times)", n)
	}
	return text
}

// stretch names a while by its days, or by the clock where the whole session
// is of one day.
func (h history) stretch(p piece) string {
	name := func(t time.Time) string { return t.Format("2 Jan") }
	switch {
	case h.start.Format(time.DateOnly) == h.until.Format(time.DateOnly) && p.kind != planned:
		name = func(t time.Time) string { return t.Format("15:04") }
	case p.from.Year() != p.to.Year() || p.from.Year() != h.start.Year():
		name = date
	}
	if from, to := name(p.from), name(p.to); from != to {
		return from + " to " + to
	}
	return name(p.from)
}

// stretches are the whiles of some kinds, joined where one follows another.
func (t track) stretches(kinds ...barKind) []piece {
	var out []piece
	for _, p := range t.pieces {
		match := false
		for _, kind := range kinds {
			match = match || p.kind == kind
		}
		switch n := len(out); {
		case !match:
		case n > 0 && out[n-1].to.Equal(p.from):
			out[n-1].to = p.to
		default:
			out = append(out, piece{kinds[0], p.from, p.to})
		}
	}
	return out
}

// oneLine is a text without line breaks and doubled spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// short is a text of at most n characters.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return ellipsised(r[:n-1])
	}
	return s
}

// sentence is a text with an end.
func sentence(s string) string {
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}
