package state

import o "github.com/synthoperator/baton/orchestration"

// events is every type of event with the name it is kept under. Names and
// stored forms are frozen: what changes gets another version and an upcast.
var events = []codec{
	as("started", toStarted, fromStarted),
	as("bound", func(e o.Bound) bound { return bound(e) }, func(s bound) o.Bound { return o.Bound(s) }),
	as("phase-entered", toPhaseEntered, fromPhaseEntered),
	as("phase-skipped", func(e o.PhaseSkipped) phaseOnly { return phaseOnly(e) }, func(s phaseOnly) o.PhaseSkipped { return o.PhaseSkipped(s) }),
	as("phase-reopened", func(e o.PhaseReopened) phaseOnly { return phaseOnly(e) }, func(s phaseOnly) o.PhaseReopened { return o.PhaseReopened(s) }),
	as("persona-switched", func(e o.PersonaSwitched) pinned { return toPinned(e.Persona) }, func(s pinned) o.PersonaSwitched { return o.PersonaSwitched{Persona: s.persona()} }),
	as("skill-loaded", func(e o.SkillLoaded) pinned { return skillPinned(e.Skill) }, func(s pinned) o.SkillLoaded { return o.SkillLoaded{Skill: s.skill()} }),
	as("skill-unloaded", func(e o.SkillUnloaded) pinned { return skillPinned(e.Skill) }, func(s pinned) o.SkillUnloaded { return o.SkillUnloaded{Skill: s.skill()} }),

	as("item-recorded", toItemRecorded, fromItemRecorded),
	as("item-edited", func(e o.ItemEdited) idText { return idText(e) }, func(s idText) o.ItemEdited { return o.ItemEdited(s) }),
	as("item-resolved", func(e o.ItemResolved) idOnly { return idOnly(e) }, func(s idOnly) o.ItemResolved { return o.ItemResolved(s) }),
	as("item-superseded", func(e o.ItemSuperseded) itemSuperseded { return itemSuperseded(e) }, func(s itemSuperseded) o.ItemSuperseded { return o.ItemSuperseded(s) }),
	as("item-withdrawn", func(e o.ItemWithdrawn) idOnly { return idOnly(e) }, func(s idOnly) o.ItemWithdrawn { return o.ItemWithdrawn(s) }),
	as("item-assigned", func(e o.ItemAssigned) itemAssigned { return itemAssigned{e.ID, toPerson(e.Owner)} }, func(s itemAssigned) o.ItemAssigned { return o.ItemAssigned{ID: s.ID, Owner: s.Owner.human()} }),

	as("handed-off", toHandedOff, fromHandedOff),
	as("step-redone", func(e o.StepRedone) phaseOnly { return phaseOnly(e) }, func(s phaseOnly) o.StepRedone { return o.StepRedone(s) }),
	as("overridden", func(e o.Overridden) overridden { return overridden(e) }, func(s overridden) o.Overridden { return o.Overridden(s) }),
	as("undone", func(e o.Undone) undone { return undone(e) }, func(s undone) o.Undone { return o.Undone(s) }),
	as("paused", func(o.Paused) nothing { return nothing{} }, func(nothing) o.Paused { return o.Paused{} }),
	as("resumed", func(e o.Resumed) dueOnly { return dueOnly(e) }, func(s dueOnly) o.Resumed { return o.Resumed(s) }),
	as("owner-changed", func(e o.OwnerChanged) person { return *toPerson(e.Owner).orEmpty() }, func(s person) o.OwnerChanged { return o.OwnerChanged{Owner: s.human()} }),
	as("ended", func(o.Ended) nothing { return nothing{} }, func(nothing) o.Ended { return o.Ended{} }),
	as("reopened", func(o.Reopened) nothing { return nothing{} }, func(nothing) o.Reopened { return o.Reopened{} }),

	as("task-asked", func(e o.TaskAsked) taskAsked { return taskAsked(e) }, func(s taskAsked) o.TaskAsked { return o.TaskAsked(s) }),
	as("task-stopped", func(e o.TaskStopped) idOnly { return idOnly(e) }, func(s idOnly) o.TaskStopped { return o.TaskStopped(s) }),
	as("task-reported", func(e o.TaskReported) taskReported { return taskReported(e) }, func(s taskReported) o.TaskReported { return o.TaskReported(s) }),
	as("task-accepted", func(e o.TaskAccepted) idOnly { return idOnly(e) }, func(s idOnly) o.TaskAccepted { return o.TaskAccepted(s) }),
	as("task-rejected", func(e o.TaskRejected) idOnly { return idOnly(e) }, func(s idOnly) o.TaskRejected { return o.TaskRejected(s) }),
	as("proposed", toProposed, fromProposed),
	as("proposal-approved", func(e o.ProposalApproved) idOnly { return idOnly(e) }, func(s idOnly) o.ProposalApproved { return o.ProposalApproved(s) }),
	as("proposal-denied", func(e o.ProposalDenied) idOnly { return idOnly(e) }, func(s idOnly) o.ProposalDenied { return o.ProposalDenied(s) }),
	as("reminder-set", func(e o.ReminderSet) reminderSet { return reminderSet(e) }, func(s reminderSet) o.ReminderSet { return o.ReminderSet(s) }),
	as("reminder-cancelled", func(e o.ReminderCancelled) idOnly { return idOnly(e) }, func(s idOnly) o.ReminderCancelled { return o.ReminderCancelled(s) }),
	as("announced", func(e o.Announced) textOnly { return textOnly(e) }, func(s textOnly) o.Announced { return o.Announced(s) }),

	as("default-persona-set", func(e o.DefaultPersonaSet) pinned { return toPinned(e.Persona) }, func(s pinned) o.DefaultPersonaSet { return o.DefaultPersonaSet{Persona: s.persona()} }),
	as("default-skill-loaded", func(e o.DefaultSkillLoaded) pinned { return skillPinned(e.Skill) }, func(s pinned) o.DefaultSkillLoaded { return o.DefaultSkillLoaded{Skill: s.skill()} }),
	as("default-skill-unloaded", func(e o.DefaultSkillUnloaded) pinned { return skillPinned(e.Skill) }, func(s pinned) o.DefaultSkillUnloaded { return o.DefaultSkillUnloaded{Skill: s.skill()} }),
	as("role-given", func(e o.RoleGiven) roleGiven { return roleGiven{toPerson(e.Person), e.Role} }, func(s roleGiven) o.RoleGiven { return o.RoleGiven{Person: s.Person.human(), Role: s.Role} }),
	as("everybody-set", func(e o.EverybodySet) everybodySet { return everybodySet(e) }, func(s everybodySet) o.EverybodySet { return o.EverybodySet(s) }),
	as("announcements-set", func(e o.AnnouncementsSet) announcementsSet { return announcementsSet(e) }, func(s announcementsSet) o.AnnouncementsSet { return o.AnnouncementsSet(s) }),
	as("time-zone-set", func(e o.TimeZoneSet) timeZoneSet { return timeZoneSet(e) }, func(s timeZoneSet) o.TimeZoneSet { return o.TimeZoneSet(s) }),
	as("budget-set", func(e o.BudgetSet) budgetSet { return budgetSet(e) }, func(s budgetSet) o.BudgetSet { return o.BudgetSet(s) }),
	as("digest-set", func(e o.DigestSet) digestSet { return digestSet(e) }, func(s digestSet) o.DigestSet { return o.DigestSet(s) }),
	as("quiet-set", func(e o.QuietSet) quietSet { return quietSet(e) }, func(s quietSet) o.QuietSet { return o.QuietSet(s) }),
	as("workdays-set", func(e o.WorkdaysSet) workdaysSet { return workdaysSet(e) }, func(s workdaysSet) o.WorkdaysSet { return o.WorkdaysSet(s) }),
	as("holidays-set", toHolidaysSet, fromHolidaysSet),
}
