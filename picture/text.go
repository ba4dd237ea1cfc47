package picture

import (
	"fmt"
	"strings"
	"sync"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// The Go fonts (BSD licence, in golang.org/x/image) have Latin, Greek and
// Cyrillic. A font for the rest would be larger than the whole binary (Noto
// Sans CJK alone has 16 MB), so what they lack is drawn as a box.
var fonts = sync.OnceValues(func() ([2]*sfnt.Font, error) {
	var out [2]*sfnt.Font
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			return out, fmt.Errorf("picture: built-in font: %w", err)
		}
		out[i] = f
	}
	return out, nil
})

// style is how a text is set. A phone shows the picture at a third of its
// width, so that 30 pixels are the least that can be read.
type style struct {
	size float64
	bold bool
}

var (
	titleStyle  = style{48, true}
	bodyStyle   = style{36, false}
	factStyle   = style{32, false}
	nameStyle   = style{36, true}
	strongStyle = style{32, true}
	smallStyle  = style{30, false}
	countStyle  = style{30, true}
)

// typesetter measures and sets text. It is not for several goroutines: faces
// keep a buffer.
type typesetter struct {
	faces map[style]font.Face
	has   map[rune]bool
	buf   sfnt.Buffer
	fonts [2]*sfnt.Font
}

func newTypesetter() (*typesetter, error) {
	f, err := fonts()
	if err != nil {
		return nil, err
	}
	return &typesetter{faces: map[style]font.Face{}, has: map[rune]bool{}, fonts: f}, nil
}

func (ts *typesetter) face(s style) font.Face {
	if f, ok := ts.faces[s]; ok {
		return f
	}
	of := ts.fonts[0]
	if s.bold {
		of = ts.fonts[1]
	}
	f, err := opentype.NewFace(of, &opentype.FaceOptions{Size: s.size, DPI: 72})
	if err != nil { // only an option that it does not know, and none is given
		panic(err)
	}
	ts.faces[s] = f
	return f
}

// glyphs reports whether the fonts have a character. Both have the same ones.
func (ts *typesetter) glyphs(r rune) bool {
	ok, known := ts.has[r]
	if !known {
		i, err := ts.fonts[0].GlyphIndex(&ts.buf, r)
		ok = err == nil && i != 0
		ts.has[r] = ok
	}
	return ok
}

// boxRune stands for a character that people see as one and the fonts lack.
// It is of the private use area: the fonts lack it, so that a text which brings
// it along gets the same box.
const boxRune = '\ue000'

const (
	boxWidth   = 0.62 // in sizes of the text
	boxAdvance = 0.74
)

// legible is a text as it can be set: one line, and each character that the
// fonts lack, however many code points it is made of, a box.
func (ts *typesetter) legible(s string) string {
	var b strings.Builder
	each := graphemes.FromString(norm.NFC.String(s))
	for each.Next() {
		b.WriteString(ts.cluster(each.Value()))
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// cluster is one character as it can be set. What has no shape of its own
// (joiners, directions, variation selectors) is nothing where it stands alone.
func (ts *typesetter) cluster(s string) string {
	var kept []rune
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			return " "
		case !shapeless(r):
			kept = append(kept, r)
		}
	}
	switch {
	case len(kept) == 0:
		return ""
	case len(kept) == 1 && ts.glyphs(kept[0]):
		return string(kept)
	}
	return string(boxRune)
}

func shapeless(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || unicode.IsControl(r)
}

// width is how wide a legible text is.
func (ts *typesetter) width(st style, s string) float64 {
	f, w, prev := ts.face(st), 0.0, rune(-1)
	for _, r := range s {
		if r == boxRune {
			w, prev = w+boxAdvance*st.size, -1
			continue
		}
		if prev >= 0 {
			w += float64(f.Kern(prev, r)) / 64
		}
		a, _ := f.GlyphAdvance(r)
		w, prev = w+float64(a)/64, r
	}
	return w
}

// fit shortens a legible text to a width; what was cut off is told by "…".
func (ts *typesetter) fit(st style, s string, width float64) string {
	if ts.width(st, s) <= width {
		return s
	}
	runes := []rune(s)
	lo, hi := 0, len(runes) // runes[:lo] fits
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if ts.width(st, ellipsised(runes[:mid])) <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return ellipsised(runes[:lo])
}

func ellipsised(r []rune) string { return strings.TrimRight(string(r), " ,.;:-–") + "…" }

// wrap breaks a legible text into lines of a width, at spaces where it can. The
// last of them says by "…" that there was more.
func (ts *typesetter) wrap(st style, s string, width float64, lines int) []string {
	var out []string
	for s != "" {
		if len(out) == lines-1 {
			return append(out, ts.fit(st, s, width))
		}
		line, more := ts.breakAt(st, s, width)
		out, s = append(out, line), more
	}
	return out
}

// breakAt is the longest beginning of a text that fits, and what follows.
func (ts *typesetter) breakAt(st style, s string, width float64) (line, more string) {
	if ts.width(st, s) <= width {
		return s, ""
	}
	end, space := 0, -1
	for i, r := range s {
		if r == ' ' {
			space = i
		}
		if ts.width(st, s[:i+len(string(r))]) > width {
			break
		}
		end = i + len(string(r))
	}
	switch {
	case space > len(s[:end])/2: // a word that is half the line long is broken
		return s[:space], strings.TrimLeft(s[space:], " ")
	case end == 0:
		return s, ""
	}
	return s[:end], strings.TrimLeft(s[end:], " ")
}
