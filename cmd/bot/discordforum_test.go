package main

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// forum is a house in a Discord with a forum, in which a launch is reviewed.
type forum struct {
	*hall
	reviews, post *discordtest.Channel
	last          discordtest.Seen // what was told last
}

// told is what somebody is told who types in the post, with the documents.
func (f *forum) told(who, line string) string {
	f.t.Helper()
	return f.logged(who, "/"+line, f.types(who, f.post, line))
}

func (f *forum) logged(who, what string, seen discordtest.Seen) string {
	f.t.Helper()
	f.last = seen
	text := shownIn(seen)
	all := seen.FollowUps
	if seen.Message != nil {
		all = append(all, *seen.Message)
	}
	for _, m := range all {
		for _, file := range m.Attachments {
			text += "\n" + string(file.Data)
		}
	}
	f.t.Logf("%s> %s\n%s", who, what, text)
	return text
}

// hears sees that all of it is said, and none of the rest.
func (f *forum) hears(text string, all, none []string) {
	f.t.Helper()
	for _, want := range all {
		if !strings.Contains(text, want) {
			f.t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, secret := range none {
		if strings.Contains(text, secret) {
			f.t.Errorf("%q is in\n%s", secret, text)
		}
	}
}

// presses presses a button of that name: of what was told last, or in the post the
// card's, which always shows how it stands.
func (f *forum) presses(who, label string) *discordtest.Interaction {
	f.t.Helper()
	all := f.post.Messages()
	slices.SortStableFunc(all, func(a, b discordtest.Message) int {
		return cmp.Compare(strings.Count(textOf(a), "▰"), strings.Count(textOf(b), "▰"))
	})
	if f.last.Message != nil {
		all = append(all, *f.last.Message)
	}
	for _, m := range slices.Backward(all) {
		did, err := f.people[who].Click(m, label)
		if err == nil {
			f.settle()
			return did
		}
	}
	f.t.Fatalf("nothing is called %q in the post", label)
	return nil
}

// enters fills in the form that somebody opened, and sends it.
func (f *forum) enters(who string, opened *discordtest.Interaction, values discordtest.Values) string {
	f.t.Helper()
	did, err := f.people[who].Submit(opened, values)
	return f.logged(who, "(form)", f.does(did, err))
}

// A launch is reviewed in a post of a forum. The author's plan goes to two
// reviewers, one after the other, and what the first one found is sealed from the
// second; the decider sees both side by side, and a person signs the trade-off.
func TestALaunchReviewInAForum(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(monday))
		f := &forum{hall: openHall(t, discord.Gateway, false)}
		f.reviews = f.guild.NewChannel("reviews", discordtest.Forum)
		var err error
		if f.post, err = f.people["ana"].OpenThread(f.reviews, "Launch review", nil, discordtest.PublicThread); err != nil {
			t.Fatal(err)
		}
		const first, second = "the waitlist needs a referral link", "paid ads cost more than they earn"
		const open = "who pays for referrals"

		// Ana opens the review in her post, and passes the plan on.
		text := f.told("ana", "baton start pattern:multi-agent-handoff objective:Launch the invoicing tool personas:startup-cto, growth-marketer, finance-lead, solo-founder sealed:true")
		f.hears(text, []string{"Step 1 of 4: Design, as startup-cto"}, nil)
		text = f.told("ana", "baton handoff decisions:launch on a Tuesday artifacts:launch plan output:Waitlist first, then everybody.")
		f.hears(text, []string{"Step 2 of 4: Review by growth-marketer", "launch on a Tuesday"}, nil)

		// Ben reviews it: he is given the prompt, and pastes the answer into a form.
		text = f.told("ben", "baton run brief:review the plan from the users' side")
		f.hears(text, []string{"Waitlist first, then everybody.", "growth-marketer"}, nil)
		text = f.enters("ben", f.presses("ben", "Paste the answer"), discordtest.Values{"report": "Decisions: " + first})
		f.hears(text, []string{first}, nil)
		if !f.last.Ephemeral {
			t.Error("everybody in the post sees the first review")
		}
		f.told("ben", "baton note kind:open text:"+open)
		f.settle()
		counted := false
		for _, m := range f.post.Messages() { // the card stands where the next reviewer reads
			f.hears(textOf(m), nil, []string{first, open})
			counted = counted || strings.Contains(textOf(m), "1 open item of this review is sealed until the decision.")
		}
		if !counted {
			t.Error("the card does not say how much is open")
		}
		text = f.told("ben", "baton handoff")
		f.hears(text, []string{"That is for the owner (ana), an approver or an admin to decide"}, nil)
		f.hears(f.told("ana", "baton handoff"), []string{"Step 3 of 4: Review by finance-lead"}, nil)

		// The second reviewer is shown the plan wherever they look, and the first
		// review nowhere.
		for _, line := range []string{"baton status", "baton prompt task:review the costs", "baton history", "baton catchup", "baton export"} {
			f.hears(f.told("ben", line), nil, []string{first})
		}
		f.hears(f.told("ben", "baton status"), []string{"1 review is sealed until the decision."}, nil)
		for _, m := range f.post.Messages() {
			f.hears(textOf(m), nil, []string{first})
		}
		f.hears(f.told("ana", "baton handoff decisions:"+second), []string{"Step 4 of 4: Decide, as solo-founder"}, []string{first})

		// The decider has both beside each other.
		f.hears(f.told("ana", "baton prompt task:decide"), []string{"Review by growth-marketer", first, "Review by finance-lead", second}, nil)

		// A person signs, and not without a decision.
		f.hears(f.told("ana", "baton handoff artifacts:minutes"), []string{"a person signs at least one decision"}, nil)
		text = f.enters("ana", f.presses("ana", "Hand off"), discordtest.Values{"decisions": "waitlist with a referral link, no paid ads"})
		f.hears(text, []string{"waitlist with a referral link, no paid ads", "Multi-agent handoff is complete."}, nil)
		f.hears(f.told("ben", "baton export"), []string{first, second, "waitlist with a referral link, no paid ads", "State: ended"}, nil)

		// All of it is in that one post.
		if n := len(f.reviews.Threads()); n != 1 || len(f.launch.Messages()) > 0 {
			t.Errorf("%d posts, and %d messages elsewhere", n, len(f.launch.Messages()))
		}
		f.close()
		f.clean()
	})
}
