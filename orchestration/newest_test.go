package orchestration

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Backward is forward, reversed, whatever the length of the list.
func TestBackward(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l list[Item]
		n := rapid.IntRange(0, 3000).Draw(t, "n")
		for i := range n {
			l = l.add(Item{ID: i, Phase: i * 7 % 3, Kind: DecisionItem})
		}
		var forward, backward []int
		for _, item := range l.having(phaseMark(1)) {
			forward = append(forward, item.ID)
		}
		for item := range l.backward(phaseMark(1)) {
			backward = append(backward, item.ID)
		}
		slices.Reverse(backward)
		if !slices.Equal(forward, backward) {
			t.Fatalf("forward %v, backward %v", forward, backward)
		}
	})
}
