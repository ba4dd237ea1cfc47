package memory

import (
	"testing"

	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/statetest"
)

func TestSuite(t *testing.T) {
	statetest.Run(t, func(t *testing.T) statetest.Harness {
		db := New()
		return statetest.Harness{
			Open: func(t *testing.T) state.Backend { return db },
			Damage: func(t *testing.T, s state.Stream, seq uint64) {
				db.log[db.streams[s][seq-1]].Record[30] ^= 4
			},
		}
	})
}
