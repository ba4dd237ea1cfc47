package slack

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/synthoperator/baton/chat"
)

// A name that somebody speaks under is shown to its end, beside the message or in it,
// whatever is put into it so that it mentions nobody.
func TestSpeakersToTheEnd(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.StringOfN(rapid.SampledFrom([]rune("<<<<@!a🚀")), 45, 100, -1).Draw(rt, "name") + "END"
		m := chat.Message{As: chat.Speaker{Name: name, Emoji: rapid.SampledFrom([]string{"", "🎯", "🦜"}).Draw(rt, "emoji")}, Blocks: []chat.Block{chat.Paragraph("x")}}
		for _, g := range []grants{{}, {customize: true}} {
			shown := ""
			for _, part := range split(m, g) {
				r := renderPart(part, g)
				if units(r.Username) > maxSpeaker {
					rt.Errorf("%d units of a name", units(r.Username))
				}
				shown += r.Username + string(mustJSON(r.Blocks))
			}
			if !strings.Contains(shown, "END") {
				rt.Errorf("%+v: the end is lost: %s", g, shown)
			}
		}
	})
}
