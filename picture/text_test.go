package picture

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func setter(t failer) *typesetter {
	t.Helper()
	ts, err := newTypesetter()
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

// What the fonts lack never vanishes: each character that people see as one is
// a box, and nothing else is.
func TestMissingGlyphsAreBoxes(t *testing.T) {
	ts := setter(t)
	for _, tt := range []struct{ in, want string }{
		{"Launch, ça coûte 5 €", "Launch, ça coûte 5 €"},
		{"Ψηφίο Ёж – “ok” …", "Ψηφίο Ёж – “ok” …"},
		{"e\u0301te\u0301", "été"}, // composed
		{"x\u0302", "□"},           // no such letter in the fonts
		{"市场 ok", "□□ ok"},         // Chinese
		{"שלום", "□□□□"},           // Hebrew
		{"a \u202eb\u202c", "a b"}, // directions have no shape
		{"🚀", "□"},                 // one picture
		{"👩‍👩‍👧‍👦", "□"},           // a family is one
		{"🇩🇪", "□"},                // a flag is one
		{"✔\ufe0f done", "□ done"}, // its selector has no shape
		{"1\ufe0f\u20e3", "□"},     // a key
		{"a\u200db", "ab"},         // a joiner between letters
		{"two\nlines\tand  a gap", "two lines and a gap"},
		{string(boxRune), "□"}, // nobody can bring the box along
		{"\x00a", "a"},
	} {
		if got := strings.ReplaceAll(ts.legible(tt.in), string(boxRune), "□"); got != tt.want {
			t.Errorf("%q is set as %q, want %q", tt.in, got, tt.want)
		}
	}
	for _, s := range []string{"scripts", "second-phase"} {
		i := slices.IndexFunc(scenes, func(sc scene) bool { return sc.name == s })
		_, p := layOut(t, scenes[i].tell(t).timeline())
		explained := slices.ContainsFunc(p.legend, func(s sign) bool { return s.shape == boxSign })
		if explained != (s == "scripts") {
			t.Errorf("%s: the legend explains boxes: %t", s, explained)
		}
	}
}

// Both fonts have every character that the page itself writes.
func TestOwnWordsCanBeSet(t *testing.T) {
	ts := setter(t)
	for i, f := range ts.fonts {
		for _, r := range "…×.,()0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:+" {
			if g, err := f.GlyphIndex(&ts.buf, r); err != nil || g == 0 {
				t.Errorf("font %d lacks %q", i, r)
			}
		}
	}
}

func TestAnyTextFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ts := setter(t)
		s := ts.legible(words.Draw(t, "text"))
		width := rapid.Float64Range(60, 1000).Draw(t, "width")
		lines := rapid.IntRange(1, 4).Draw(t, "lines")
		got := ts.wrap(nameStyle, s, width, lines)
		if len(got) > lines {
			t.Fatalf("%d lines", len(got))
		}
		for _, l := range got {
			if w := ts.width(nameStyle, l); w > width {
				t.Fatalf("%q is %.1f wide, not %.1f", l, w, width)
			}
		}
		joined, whole := squeeze(strings.Join(got, "")), squeeze(s)
		if joined != whole && !strings.HasSuffix(joined, "…") {
			t.Fatalf("%q became %q without saying so", s, got)
		}
	})
}

func squeeze(s string) string { return strings.ReplaceAll(s, " ", "") }

// Text has a contrast of 4.5:1 to what it stands on, shapes 3:1 (WCAG 2.2).
func TestContrast(t *testing.T) {
	for _, s := range scenes {
		_, p := layOut(t, s.tell(t).timeline())
		for _, l := range p.texts() {
			if c := contrast(l.ink, l.on); c < 4.5 {
				t.Errorf("%s: %q has a contrast of %.2f", s.name, l.text, c)
			}
		}
	}
	for _, tt := range []struct {
		what string
		a, b color.RGBA
	}{
		{"the plan's outline", outline, paper},
		{"what was worked on", solid, paper},
		{"what was worked on, on the plan", solid, pale},
		{"over due", alarm, paper},
		{"over due, on the plan", alarm, pale},
		{"the hatching of over due", paper, alarm},
		{"the hatching of a pause", outline, rest},
		{"a handoff", ink, paper},
		{"an override", violet, paper},
		{"today's line over a bar", ink, pale},
	} {
		if c := contrast(tt.a, tt.b); c < 3 {
			t.Errorf("%s has a contrast of %.2f", tt.what, c)
		}
	}
}

// contrast is the ratio of WCAG 2.2 (its definitions of contrast ratio and
// relative luminance).
func contrast(a, b color.RGBA) float64 {
	light, dark := luminance(a), luminance(b)
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

func luminance(c color.RGBA) float64 {
	channel := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(c.R) + 0.7152*channel(c.G) + 0.0722*channel(c.B)
}
