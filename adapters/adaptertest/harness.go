package adaptertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/synthoperator/baton/chat"
)

// Harness is one running adapter with its fake platform. A part that nothing of
// the platform corresponds to is nil, and Lacks says so.
type Harness struct {
	Stage     Stage
	People    People
	View      View
	Moderator Moderator
	Faults    Faults
	// Poster is the adapter as it posts.
	Poster chat.Poster
	// Deliver delivers what somebody did, once more too; with retry it has the
	// platform's mark of one that was maybe delivered before.
	Deliver func(d Delivery, retry bool)
	// Restart stops the adapter and starts it again on the same platform.
	Restart func()
	// Stop stops the adapter and returns when it has ended. It is called once
	// more at the end of each case and then does nothing.
	Stop func()
	// Lacks is what the platform cannot do, and why.
	Lacks map[Ability]string
}

// Ability is something that not every platform can do.
type Ability string

// The abilities. What is not in [Harness.Lacks] is tested.
const (
	Threads    Ability = "threads"            // a channel has threads of its own
	Workspaces Ability = "workspaces"         // there are several
	Parallel   Ability = "parallel"           // several people are answered at once
	Repeats    Ability = "repeats"            // a delivery can come again
	RetryMarks Ability = "retry marks"        // one that comes again is marked
	Restarts   Ability = "restarts"           // the platform outlives the adapter
	Private    Ability = "private answers"    // one person alone sees an answer
	Buttons    Ability = "buttons"            // a button can be pressed, be it by typing
	Payloads   Ability = "payloads"           // a button brings back what Baton put there
	Forms      Ability = "forms"              // a form can be opened
	Selects    Ability = "selects"            // a list can be chosen from
	Notices    Ability = "notifications"      // somebody can be notified, with a text
	Posting    Ability = "posting"            // Baton speaks by itself
	Editing    Ability = "editing"            // what it said can be replaced
	LookUps    Ability = "look-ups"           // what it said can be found again
	Lagging    Ability = "lagging look-ups"   // it can be found only later
	Deleting   Ability = "deleting"           // people take away what Baton said
	LosesReply Ability = "lost replies"       // a request can be carried out and look failed
	Limiting   Ability = "rate limits"        // a request can be told to come later
	Refusing   Ability = "refusals"           // a message can be refused for good
	Archiving  Ability = "archived channels"  // a place can be closed thus
	Locking    Ability = "locked threads"     // and thus
	Removing   Ability = "removal"            // Baton can be removed from a channel
	Revoking   Ability = "revoked workspaces" // and from a workspace
	Loud       Ability = "loud posts"         // what is said in a thread can be shown in the channel
	Speakers   Ability = "speakers"           // it can be said who speaks
	Long       Ability = "long messages"      // a message can be split
)

// test is one case of the suite.
type test struct {
	name  string
	needs []Ability
	run   func(*fixture)
}

// Run runs the suite. For each case open starts an adapter that hands its calls
// to h, on an empty platform.
func Run(t *testing.T, open func(t *testing.T, h chat.Handler) *Harness) {
	var skipped []string
	for _, c := range slices.Concat(callTests, orderTests, controlTests, shutdownTests, postTests, findTests,
		closedTests, splitTests, degradeTests, quietTests, apartTests) {
		t.Run(c.name, func(t *testing.T) {
			var why string
			synctest.Test(t, func(t *testing.T) {
				f := start(t, open)
				if why = f.lacks(c.needs); why == "" {
					c.run(f)
				}
			})
			if why != "" {
				skipped = append(skipped, c.name+": "+why)
				t.Skip(why)
			}
		})
	}
	t.Run("AnyMessage", func(t *testing.T) { testAnyMessage(t, open, &skipped) })
	t.Run("Skipped", func(t *testing.T) {
		if len(skipped) > 0 {
			t.Logf("%d cases were skipped:\n%s", len(skipped), strings.Join(skipped, "\n"))
		}
	})
}

// lacks says what of that the platform cannot do; "" if it can do all.
func (h *Harness) lacks(needs []Ability) string {
	var why []string
	for _, need := range needs {
		if reason, lacking := h.Lacks[need]; lacking {
			why = append(why, fmt.Sprintf("no %s (%s)", need, reason))
		}
	}
	return strings.Join(why, ", ")
}
