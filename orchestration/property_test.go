package orchestration

import (
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestAnySequence is anybody doing anything.
func TestAnySequence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		actions := map[string]func(*rapid.T){"": w.hold}
		for _, more := range []map[string]func(*rapid.T){w.recording(t), w.moving(t), w.working(t), w.changing()} {
			maps.Copy(actions, more)
		}
		t.Repeat(actions)
		w.end(t)
	})
}

// by is anybody, the owner most often, or nobody.
func (w *world) by(t *rapid.T) Human {
	return rapid.SampledFrom(append(everybody, ana, ana, Human{})).Draw(t, "by")
}

// tries has a decision tried and checked.
func (w *world) tries(f func() (Decision, error)) func(*rapid.T) {
	return func(t *rapid.T) { w.check(t, f) }
}

// recording is what people note.
func (w *world) recording(t *rapid.T) map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"record": w.tries(func() (Decision, error) {
			n := Note{Kind: rapid.SampledFrom([]ItemKind{DecisionItem, ArtifactItem, OpenItem, OpenItem, "x"}).Draw(t, "kind"), Text: w.words(t, w.At())}
			if rapid.Bool().Draw(t, "owned") {
				n.Owner = w.by(t)
			}
			return w.Record(w.by(t), w.in, n, w.reason(t))
		}),
		"edit": w.tries(func() (Decision, error) {
			id := w.id(t)
			item, _ := w.item(id)
			return w.Edit(w.by(t), w.in, id, w.words(t, item.Phase), "")
		}),
		"resolve":   w.tries(func() (Decision, error) { return w.Resolve(w.by(t), w.in, w.id(t), w.reason(t)) }),
		"withdraw":  w.tries(func() (Decision, error) { return w.Withdraw(w.by(t), w.in, w.id(t), w.reason(t)) }),
		"assign":    w.tries(func() (Decision, error) { return w.Assign(w.by(t), w.in, w.id(t), w.by(t), "") }),
		"supersede": w.tries(func() (Decision, error) { return w.Supersede(w.by(t), w.in, w.id(t), w.words(t, w.At()), "") }),
	}
}

// moving is what moves the plan.
func (w *world) moving(t *rapid.T) map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"hand off": w.tries(func() (Decision, error) {
			return w.HandOff(w.by(t), w.in, Pass{Handoff: w.handoff(t), Exact: rapid.Bool().Draw(t, "exact"), Because: w.reason(t)})
		}),
		"just hand off": w.tries(func() (Decision, error) {
			return w.HandOff(ana, w.in, Pass{Handoff: Handoff{Decisions: []string{w.words(t, w.At())}, Output: w.words(t, w.At())}})
		}),
		"draft": w.tries(func() (Decision, error) { return w.HandOff(w.by(t), w.in, Pass{Handoff: w.Draft(), Exact: true}) }),
		"redo":  w.tries(func() (Decision, error) { return w.RedoStep(w.by(t), w.in, w.reason(t)) }),
		"skip":  w.tries(func() (Decision, error) { return w.SkipStep(w.by(t), w.in, w.reason(t)) }),
		"override phase": w.tries(func() (Decision, error) {
			return w.OverridePhase(w.by(t), w.in, rapid.IntRange(-1, len(w.Phases())).Draw(t, "phase"), w.reason(t))
		}),
		"override persona": w.tries(func() (Decision, error) {
			return w.OverridePersona(w.by(t), w.in, rapid.SampledFrom(personas).Draw(t, "persona"), w.reason(t))
		}),
		"override skills":  w.tries(func() (Decision, error) { return w.OverrideSkills(w.by(t), w.in, w.stack(t), w.reason(t)) }),
		"override owner":   w.tries(func() (Decision, error) { return w.OverrideOwner(w.by(t), w.in, w.by(t), w.reason(t)) }),
		"override handoff": w.tries(func() (Decision, error) { return w.OverrideHandoff(w.by(t), w.in, w.reason(t)) }),
		"give away":        w.tries(func() (Decision, error) { return w.GiveAway(w.by(t), w.in, w.by(t), "") }),
		"switch": w.tries(func() (Decision, error) {
			return w.Switch(w.by(t), w.in, rapid.SampledFrom(personas).Draw(t, "persona"), "")
		}),
		"load":      w.tries(func() (Decision, error) { return w.Load(w.by(t), w.in, w.stack(t), w.reason(t)) }),
		"unload":    w.tries(func() (Decision, error) { return w.Unload(w.by(t), w.in, w.stack(t), "") }),
		"undo":      w.tries(func() (Decision, error) { return w.Undo(w.by(t), w.in, w.reason(t)) }),
		"undo more": w.tries(func() (Decision, error) { return w.Undo(ana, w.in, "") }),
		"pause":     w.tries(func() (Decision, error) { return w.Pause(w.by(t), w.in, w.reason(t)) }),
		"resume":    w.tries(func() (Decision, error) { return w.Resume(w.by(t), w.in, w.reason(t)) }),
		"end":       w.tries(func() (Decision, error) { return w.End(w.by(t), w.in, w.reason(t)) }),
		"bind": func(t *rapid.T) {
			bound, to := w.Thread(), rapid.SampledFrom([]ThreadKey{"", "c/1", "c/2"}).Draw(t, "thread")
			if to != "" && to == bound { // nothing new, and the only decision that holds nothing
				if d, err := w.Bind(ana, to); err != nil || !d.IsZero() {
					t.Fatalf("bound again: %v, %s", err, Describe(d))
				}
				return
			}
			w.check(t, func() (Decision, error) { return w.Bind(ana, to) })
			if bound != "" && w.Thread() != bound {
				t.Fatalf("bound to %s, and then to %s", bound, w.Thread())
			}
		},
	}
}

// working is what is asked for, brought and proposed.
func (w *world) working(t *rapid.T) map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"ask":  w.tries(func() (Decision, error) { return w.Ask(w.by(t), w.in, w.words(t, w.At()), "") }),
		"stop": w.tries(func() (Decision, error) { return w.Stop(w.by(t), w.in, w.id(t), "") }),
		"report": w.tries(func() (Decision, error) {
			id := w.id(t)
			return w.Session.Report(w.by(t), w.in, id, w.report(t, w.taskPhase(id)), "", "")
		}),
		"agent reports": w.tries(func() (Decision, error) {
			id := w.id(t)
			return w.ReportByAgent(bot, id, w.report(t, w.taskPhase(id)))
		}),
		"accept": w.tries(func() (Decision, error) { return w.Accept(w.by(t), w.in, w.id(t), w.reason(t)) }),
		"reject": w.tries(func() (Decision, error) { return w.Reject(w.by(t), w.in, w.id(t), w.reason(t)) }),
		"propose": w.tries(func() (Decision, error) {
			id := w.id(t)
			why := w.words(t, w.taskPhase(id))
			return w.Propose(bot, id, rapid.SampledFrom([]Proposal{
				ProposeItem{OpenItem, why},
				ProposeHandoff{Handoff{Decisions: []string{why}}},
				ProposeSkills{w.stack(t), why},
				ProposePersona{rapid.SampledFrom(personas).Draw(t, "persona"), why},
				nil,
			}).Draw(t, "proposal"))
		}),
		"approve": w.tries(func() (Decision, error) { return w.Approve(w.by(t), w.in, w.id(t), w.reason(t)) }),
		"deny":    w.tries(func() (Decision, error) { return w.Deny(w.by(t), w.in, w.id(t), w.reason(t)) }),
		"remind": w.tries(func() (Decision, error) {
			return w.Remind(w.by(t), w.in, w.in.Now.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "h"))*time.Hour), w.words(t, w.At()), "")
		}),
		"cancel reminder": w.tries(func() (Decision, error) { return w.CancelReminder(w.by(t), w.in, w.id(t), "") }),
		"announce":        w.tries(func() (Decision, error) { return w.Announce(w.by(t), w.in, "a word", "") }),
	}
}

// changing is what changes around the session.
func (w *world) changing() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"files change": func(t *rapid.T) {
			w.team.version[rapid.SampledFrom(library).Draw(t, "file").String()] = rapid.SampledFrom([]string{"", "aa", "bb"}).Draw(t, "hash")
		},
		"roles change": func(t *rapid.T) {
			who := rapid.SampledFrom(everybody).Draw(t, "who")
			role := rapid.SampledFrom([]Role{Admin, Approver, Contributor, Observer}).Draw(t, "role")
			w.in.Channel = w.in.Channel.Apply(Entry{Seq: 1, At: monday, Decision: Recall(eve, "", []Event{RoleGiven{who, role}})})
		},
	}
}

// report is a report as assistants write them, some with lists.
func (w *world) report(t *rapid.T, phase int) string {
	text := w.words(t, phase)
	if rapid.Bool().Draw(t, "lists") {
		text += "\n\nDecisions:\n- " + w.words(t, phase) + "\n\n## Open questions\n- " + w.words(t, phase) + "\n"
	}
	return text
}
