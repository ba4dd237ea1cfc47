package discord

import (
	"testing"

	"github.com/synthoperator/baton/adapters/adaptertest"
	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

// TestPosting is the suite as far as it is about posting.
func TestPosting(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T, _ chat.Handler) *adaptertest.Harness {
		discordtest.SkipToEpoch()
		w := newTown(t, discordtest.Options{InMemory: true, Limits: unlimited, Global: 1 << 20}, Options{})
		s := newSide(w)
		return &adaptertest.Harness{Stage: s, View: s, Moderator: s, Faults: s, Poster: w.a, Stop: w.server.Close,
			Restart: func() { w.a.known = newKnown() },
			Lacks: map[adaptertest.Ability]string{
				adaptertest.Archiving: "channels are not archived", adaptertest.Revoking: "x", adaptertest.Lagging: "x",
				adaptertest.Buttons: "needs the other half",
			}}
	})
}
