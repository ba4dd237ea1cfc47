package main

import (
	"strings"
	"testing"
)

// A test that cannot fail is worse than none: a bot that goes without one of the
// guarantees is found out.
func TestKillSaidFindsABrokenBot(t *testing.T) {
	t.Parallel()
	var all []func()
	for i, test := range []struct{ without, at, want string }{
		{attemptNotKept, "posted@1", "two messages with one key"},
		{notLookedFor, "posted@1", "two messages with one key"},
		{cursorFirst, "between@1", "lost: "},
		{cursorLate, "", "two messages with one key"},
		{boundAfterwards, "between@1", "is bound to nothing"},
	} {
		all = append(all, func() {
			t.Run(test.without, func(t *testing.T) {
				s := newStage(t, 1, 500+uint64(i))
				s.env = []string{broken + "=" + test.without}
				first := test.without == boundAfterwards
				if !first {
					a := s.alive()
					s.starts(a)
					a.kill()
					a.over()
				}
				a := s.begin(speakerDies + "=" + test.at)
				if first {
					s.tell(rooted, home(rooted), "start product-launch Goal-KEY because KEY")
				} else {
					s.everywhere("announce Hear-KEY")
				}
				if test.at == "" {
					a.served()
					a.done()
				} else {
					<-a.ended
				}
				a.kill()
				if a.over(); a.byItself != (test.at != "") {
					t.Fatalf("the bot did not die at %q: %v", test.at, s.problems)
				}
				a = s.alive()
				a.done()
				a.kill()
				a.over()
				s.compare()
				s.watched()
				if found := strings.Join(s.problems, "\n"); !strings.Contains(found, test.want) {
					t.Errorf("%q is not among what was found:\n%s", test.want, found)
				}
			})
		})
	}
	together(all)
}
