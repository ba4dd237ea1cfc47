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
				if r := renderPart(part, g); len(r.Blocks) == 0 || len(r.Blocks) > maxBlocks || r.Text == "" || units(r.Text) > maxText {
					rt.Fatalf("part %d has %d blocks and %d units of text", i, len(r.Blocks), units(r.Text))
				}
				if again := split(part, g); len(again) != 1 {
					rt.Fatalf("part %d became %d", i, len(again))
				}
			}
		}
	})
}

// TestGeneratedBlocksAreSlacks: whatever is said, Slack's own types know the blocks.
func TestGeneratedBlocksAreSlacks(t *testing.T) {
	all := adaptertest.Messages()
	for n := range 60 {
		for _, part := range split(all.Example(n), grants{}) {
			checkBlocks(t, renderPart(part, grants{}).Blocks)
		}
	}
}
