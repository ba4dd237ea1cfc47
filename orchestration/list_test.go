package orchestration

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// word is an element that counts how often its marks are asked for.
type word struct {
	text  string
	mark  marks
	asked *int
}

func (w word) marks() marks {
	if w.asked != nil {
		*w.asked++
	}
	return w.mark
}

// A list behaves as a slice that is copied on every change: every list that was
// ever made keeps what it held.
func TestListIsPersistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type version struct {
			list  list[word]
			plain []word
		}
		n := rapid.SampledFrom([]int{0, 1, fan - 1, fan, fan + 1, fan*fan - 1, fan * fan, fan*fan + 1}).Draw(t, "n")
		var v version
		for i := range n {
			w := word{text: itoa(i), mark: marks(i % 3)}
			v = version{v.list.add(w), append(v.plain, w)}
		}
		versions := []version{v}
		for range rapid.IntRange(1, 20).Draw(t, "changes") {
			from := versions[rapid.IntRange(0, len(versions)-1).Draw(t, "from")]
			w := word{text: rapid.StringN(0, 3, -1).Draw(t, "text"), mark: marks(rapid.IntRange(0, 3).Draw(t, "mark"))}
			to := version{from.list.add(w), append(slices.Clone(from.plain), w)}
			if n := len(from.plain); n > 0 && rapid.Bool().Draw(t, "set") {
				i := rapid.IntRange(0, n-1).Draw(t, "i")
				to = version{from.list.set(i, w), slices.Clone(from.plain)}
				to.plain[i] = w
			}
			versions = append(versions, to)
		}
		for _, v := range versions {
			if v.list.len() != len(v.plain) {
				t.Fatalf("%d elements, want %d", v.list.len(), len(v.plain))
			}
			for i, w := range v.plain {
				if v.list.at(i) != w {
					t.Fatalf("at %d: %v, want %v", i, v.list.at(i), w)
				}
			}
			for _, want := range []marks{0, 1, 2, 3} {
				var got, wanted []word
				seq := v.list.having(want)
				if want == 0 {
					seq = v.list.all()
				}
				for i, w := range seq {
					if v.plain[i] != w {
						t.Fatalf("%d is %v, want %v", i, w, v.plain[i])
					}
					got = append(got, w)
				}
				for _, w := range v.plain {
					if want == 0 || w.mark&want != 0 {
						wanted = append(wanted, w)
					}
				}
				if !slices.Equal(got, wanted) {
					t.Fatalf("having %b: %v, want %v", want, got, wanted)
				}
			}
		}
	})
}

// Finding the few passes over the many, and stops when it is told to.
func TestListFindsWithoutLooking(t *testing.T) {
	var l list[word]
	asked := 0
	for i := range 10_000 {
		w := word{text: itoa(i), asked: &asked}
		if i%2500 == 0 {
			w.mark = 1
		}
		l = l.add(w)
	}
	asked = 0
	var found []int
	for i := range l.having(1) {
		found = append(found, i)
	}
	if !slices.Equal(found, []int{0, 2500, 5000, 7500}) || asked > 4*fan {
		t.Errorf("found %v by asking %d", found, asked)
	}
	asked = 0
	for range l.all() {
		break
	}
	for range l.having(1) {
		break
	}
	if asked > fan {
		t.Errorf("%d were asked after the first was found", asked)
	}
	if l = l.set(2500, word{}); l.root.marks != 1 {
		t.Error("one of four is gone, and with it the mark of all")
	}
	for _, i := range []int{0, 5000, 7500} {
		l = l.set(i, word{})
	}
	if l.root.marks != 0 {
		t.Error("what has no mark any more is looked for still")
	}
}
