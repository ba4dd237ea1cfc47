package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

func sceneNamed(t failer, name string) Timeline {
	t.Helper()
	for _, s := range scenes {
		if s.name == name {
			return s.tell(t).timeline()
		}
	}
	t.Fatal("no scene is called " + name)
	return Timeline{}
}

// What is laid out is what is seen: in the middle of each bar is its colour, in
// the middle of each mark the mark's, and the whole is opaque.
func TestPaintedAsLaidOut(t *testing.T) {
	line := sceneNamed(t, "eventful")
	_, p := layOut(t, line)
	img := decoded(t, line)
	if img.Bounds().Dx() != pageWidth || img.Bounds().Dy() != int(p.height) {
		t.Fatalf("the picture is %v", img.Bounds())
	}
	if o, ok := img.(interface{ Opaque() bool }); !ok || !o.Opaque() {
		t.Error("the picture is not opaque")
	}
	want := map[barKind]color.RGBA{planned: pale, worked: solid, paused: rest, over: alarm}
	for _, r := range p.rows {
		for _, b := range r.bars {
			if !r.skipped && share(img, b.box, want[b.kind]) == 0 {
				t.Errorf("%s at %v is not to be seen", barNames[b.kind], b.box)
			}
		}
		for _, m := range r.marks {
			ground := map[markKind]color.RGBA{handoffMark: ink, overrideMark: violet, undoMark: ink}
			if s := share(img, m.box, ground[m.kind]); s < 0.1 {
				t.Errorf("%s at %v covers %.2f", markNames[m.kind], m.box, s)
			}
		}
		for _, l := range r.labels {
			if s := share(img, l.box, l.ink); s < 0.02 {
				t.Errorf("%q covers %.3f", l.text, s)
			}
		}
	}
	if s := share(img, p.today.pill, ink); s < 0.5 {
		t.Errorf("today's ground covers %.2f", s)
	}
	for _, s := range p.legend {
		if share(img, s.box, paper) > 0.98 {
			t.Errorf("the sign of %q is not to be seen", s.label.text)
		}
	}
}

// share is how much of a box has exactly a colour.
func share(img image.Image, b box, c color.RGBA) float64 {
	n, all := 0, 0
	for y := int(b.y); y < int(b.bottom()); y++ {
		for x := int(b.x); x < int(b.right()); x++ {
			all++
			if color.RGBAModel.Convert(img.At(x, y)) == c {
				n++
			}
		}
	}
	return float64(n) / float64(max(all, 1))
}

func decoded(t *testing.T, line Timeline) image.Image {
	t.Helper()
	out, err := line.PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// A box is drawn where a letter is missing, not nothing.
func TestMissingGlyphsAreSeen(t *testing.T) {
	line := sceneNamed(t, "scripts")
	_, p := layOut(t, line)
	chinese := p.rows[1].labels[0]
	if s := share(decoded(t, line), box{chinese.x + 40, chinese.y, chinese.w - 40, chinese.h}, ink); s < 0.05 {
		t.Errorf("%q covers %.3f", chinese.text, s)
	}
}

// Half a log would be a wrong history, and no session has none.
func TestWhatCannotBeDrawn(t *testing.T) {
	whole := sceneNamed(t, "late")
	const half = "picture: the session stands at entry %d, and the log given is not entries 1 to %[1]d"
	for _, tt := range []struct {
		line Timeline
		want string
	}{
		{Timeline{Now: monday}, "picture: nothing has started in this thread"},
		{Timeline{Session: whole.Session}, fmt.Sprintf(half, 2)},
		{Timeline{Session: whole.Session, Entries: whole.Entries[1:]}, fmt.Sprintf(half, 2)},
		{Timeline{Session: whole.Session, Entries: []orchestration.Entry{whole.Entries[1], whole.Entries[0]}}, fmt.Sprintf(half, 2)},
		{Timeline{Session: orchestration.Fold(whole.Entries[:1]), Entries: whole.Entries}, fmt.Sprintf(half, 1)},
	} {
		if out, err := tt.line.PNG(); err == nil || err.Error() != tt.want || out != nil {
			t.Errorf("%v, want %s", err, tt.want)
		}
		if alt := tt.line.Alt(); alt != "No timeline: "+strings.TrimPrefix(tt.want, "picture: ")+"." {
			t.Error(alt)
		}
	}
}

// Days begin and end where the team lives, also over a change of the clocks.
func TestZone(t *testing.T) {
	zone, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	line := sceneNamed(t, "second-phase")
	line.Zone = zone
	_, p := layOut(t, line)
	if got := p.today.label.text; got != "today 10 Dec" {
		t.Error(got)
	}
	line.Now = line.Now.Add(3 * time.Hour) // midnight in Auckland is 11:00 UTC
	if _, p = layOut(t, line); p.today.label.text != "today 11 Dec" {
		t.Error(p.today.label.text)
	}
}

// The time before the last entry is no time to draw: a clock that lags behind
// shows the session as of its newest entry.
func TestClockBehindTheLog(t *testing.T) {
	line := sceneNamed(t, "late")
	line.Now = monday
	h, p := layOut(t, line)
	if bad := disorder(p); bad != "" {
		t.Error(bad)
	}
	if !h.now.Equal(line.Entries[1].At) {
		t.Errorf("now is %v", h.now)
	}
}
