package orchestration

import (
	"fmt"
	"strings"
)

// Describe says in one line what a decision did: for the history, for an undo,
// for a log. It says nothing that is not in the decision.
func Describe(d Decision) string {
	var parts []string
	overrode := false
	for _, e := range d.events {
		if overrode && said(e) {
			continue
		}
		if _, ok := e.(Overridden); ok {
			overrode = true
		}
		if text := describe(e); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

// said reports whether the override it follows from has said it.
func said(event Event) bool {
	switch event.(type) {
	case PersonaSwitched, SkillLoaded, SkillUnloaded, OwnerChanged:
		return true
	}
	return false
}

func describe(event Event) string {
	switch e := event.(type) {
	case Started:
		return fmt.Sprintf("started %s %q", e.Plan.name, e.Brief.Objective)
	case Bound:
		return "bound to " + string(e.Thread)
	case PhaseEntered:
		return fmt.Sprintf("entered phase %d as %s with %s", e.Phase+1, e.Persona.Name.orNobody(), skillList(e.Skills))
	case PhaseSkipped:
		return fmt.Sprintf("skipped phase %d", e.Phase+1)
	case PhaseReopened:
		return fmt.Sprintf("reopened phase %d", e.Phase+1)
	case PersonaSwitched:
		return "switched to " + e.Persona.Name.orNobody()
	case SkillLoaded:
		return "loaded " + e.Skill.Name.Last()
	case SkillUnloaded:
		return "unloaded " + e.Skill.Name.Last()
	case HandedOff:
		return fmt.Sprintf("handed off phase %d", e.Phase+1)
	case StepRedone:
		return fmt.Sprintf("redoes step %d", e.Phase+1)
	case Overridden:
		return fmt.Sprintf("overrode %s from %s to %s", e.What, e.From, e.To)
	case Undone:
		return fmt.Sprintf("took back entry %d (%s)", e.Seq, e.What)
	case Paused:
		return "paused"
	case Resumed:
		return "resumed"
	case OwnerChanged:
		return "made " + e.Owner.Name() + " the owner"
	case Ended:
		return "ended"
	case Reopened:
		return "reopened"
	}
	return describeMore(event)
}

func describeMore(event Event) string {
	switch e := event.(type) {
	case ItemRecorded:
		text := fmt.Sprintf("recorded %s #%d %q", e.Kind, e.ID, e.Text)
		if !e.Owner.IsZero() {
			text += " for " + e.Owner.Name()
		}
		return text
	case ItemEdited:
		return fmt.Sprintf("edited #%d to %q", e.ID, e.Text)
	case ItemResolved:
		return fmt.Sprintf("resolved #%d", e.ID)
	case ItemSuperseded:
		return fmt.Sprintf("replaced #%d by #%d", e.ID, e.By)
	case ItemWithdrawn:
		return fmt.Sprintf("withdrew #%d", e.ID)
	case ItemAssigned:
		if e.Owner.IsZero() {
			return fmt.Sprintf("gave #%d to nobody", e.ID)
		}
		return fmt.Sprintf("gave #%d to %s", e.ID, e.Owner.Name())
	case TaskAsked:
		return fmt.Sprintf("asked for #%d %q", e.ID, e.Brief)
	case TaskStopped:
		return fmt.Sprintf("stopped #%d", e.ID)
	case TaskReported:
		if e.Via != "" {
			return fmt.Sprintf("reported on #%d via %s (%s)", e.ID, e.Via, size(len(e.Text)))
		}
		return fmt.Sprintf("reported on #%d (%s)", e.ID, size(len(e.Text)))
	case TaskAccepted:
		return fmt.Sprintf("accepted the report on #%d", e.ID)
	case TaskRejected:
		return fmt.Sprintf("rejected the report on #%d", e.ID)
	case Proposed:
		return fmt.Sprintf("proposed #%d", e.ID)
	case ProposalApproved:
		return fmt.Sprintf("approved #%d", e.ID)
	case ProposalDenied:
		return fmt.Sprintf("denied #%d", e.ID)
	case ReminderSet:
		return fmt.Sprintf("set reminder #%d for %s %q", e.ID, e.At.UTC().Format("2006-01-02 15:04 MST"), e.Text)
	case ReminderCancelled:
		return fmt.Sprintf("cancelled reminder #%d", e.ID)
	case Announced:
		return fmt.Sprintf("announced %q", e.Text)
	}
	return describeSetting(event)
}

func describeSetting(event Event) string {
	switch e := event.(type) {
	case DefaultPersonaSet:
		return "set the default persona to " + e.Persona.Name.orNobody()
	case DefaultSkillLoaded:
		return "added " + e.Skill.Name.Last() + " to the default skills"
	case DefaultSkillUnloaded:
		return "took " + e.Skill.Name.Last() + " from the default skills"
	case RoleGiven:
		return fmt.Sprintf("made %s %s", e.Person.Name(), withArticle(string(e.Role)))
	case EverybodySet:
		return "made everybody " + withArticle(string(e.Role))
	case AnnouncementsSet:
		text, sep := "set announcements to "+string(e.Mode), ", also told to "
		for _, key := range e.To {
			text, sep = text+sep+string(key), ", "
		}
		return text
	case TimeZoneSet:
		return "set the time zone to " + e.Zone
	case BudgetSet:
		return fmt.Sprintf("set the budget to %d tokens", e.Tokens)
	case DigestSet:
		return "set the digest to " + e.String()
	case QuietSet:
		return "set the quiet hours to " + e.String()
	case WorkdaysSet:
		return "set the working days to " + e.String()
	case HolidaysSet:
		return "set the holidays to " + e.String()
	}
	return ""
}
