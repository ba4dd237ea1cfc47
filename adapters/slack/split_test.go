package slack

import (
	"testing"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"pgregory.net/rapid"
)

// TestPartsStayWhole: what was split is not split again, whatever is granted.
func TestPartsStayWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := adaptertest.Messages().Draw(rt, "message")
		for _, g := range []grants{{}, {files: true, customize: true}} {
			for i, part := range split(m, g) {
				if again := split(part, g); len(again) != 1 {
					rt.Fatalf("part %d became %d", i, len(again))
				}
			}
		}
	})
}
