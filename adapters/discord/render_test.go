package discord

import (
	"testing"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/chat"
	"pgregory.net/rapid"
)

// What is seen of a block is told without drawing it, and as drawing would show.
func TestVisible(t *testing.T) {
	text := rapid.OneOf(adaptertest.Texts(), rapid.StringOf(rapid.SampledFrom([]rune(" \t\n\u200b\u2028\u0085\u202e\ufeff\x00\u2800`~|x#>-"))))
	rapid.Check(t, func(rt *rapid.T) {
		one := text.Draw(rt, "text")
		for _, b := range []chat.Block{chat.Paragraph(one), chat.Remark(one), chat.Bullets{one}, chat.Fields{{Name: one}}, chat.Fields{{Value: one}}} {
			if got, want := visible(b), !blank(clean(draw(b))); got != want {
				rt.Errorf("%T %q is visible: %v; drawn: %q", b, one, got, draw(b))
			}
		}
		plainly := true
		for _, item := range parseRich(clean(one)) {
			_, line := item.(textLine)
			plainly = plainly && line
		}
		if got, want := visible(chat.Rich(one)), !blank(draw(chat.Rich(one))); plainly && got != want {
			rt.Errorf("Markdown %q is visible: %v; drawn: %q", one, got, draw(chat.Rich(one)))
		}
	})
}
