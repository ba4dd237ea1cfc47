package commands

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
)

type settingsArgs struct {
	Owner       orchestration.Human `help:"give this session to somebody (its owner may)"`
	Admin       orchestration.Human `help:"make somebody an admin of the workspace"`
	Approver    orchestration.Human `help:"make somebody an approver of this channel"`
	Contributor orchestration.Human `help:"make somebody a contributor of this channel"`
	Observer    orchestration.Human `help:"make somebody an observer of this channel"`
	Everybody   string              `choices:"contributor,observer" help:"the role of all who were given none"`
	Zone        string              `alias:"timezone,time zone" help:"the time zone of due dates, such as Europe/Berlin"`
	Budget      string              `help:"tokens above which loading warns; 0 for none"`
	Quiet       string              `alias:"quiet hours" help:"when nothing is said unasked, as 20:00-08:00; or off"`
	Workdays    string              `alias:"working days" help:"when people work, as mon-fri or mon, tue, wed"`
	Holidays    string              `kind:"text" help:"days off, as 2026-12-24 Christmas Eve; 2026-12-25, or a configured calendar, or off"`
	Digest      string              `help:"how often this channel hears how things stand: daily 9:00, weekly monday 9:30, off"`
	Workspace   bool                `kind:"yes" help:"set it for the whole workspace instead of this channel"`
}

func settings() Command {
	return declare(about{
		Name: "settings", Help: "Show or set who may do what, the time zone, quiet hours, days off, digest and budget",
		Example: "settings approver: @ana",
	}, doSettings)
}

func doSettings(t *turn, a settingsArgs) (chat.Message, error) {
	if a.given() > 1 {
		return chat.Message{}, orchestration.Refuse("one setting at a time, so that each can be told and taken for itself").Try(t.cmd.spec.Example)
	}
	if !a.Owner.IsZero() && a.Workspace {
		return chat.Message{}, orchestration.Refuse("an owner is a session's, not a workspace's").Try("settings owner: @ana", "settings admin: @ana")
	}
	if !a.Owner.IsZero() {
		return t.giveAway(a.Owner)
	}
	workspace := a.Workspace || !a.Admin.IsZero()
	for _, g := range [...]struct {
		who  orchestration.Human
		role orchestration.Role
	}{{a.Admin, orchestration.Admin}, {a.Approver, orchestration.Approver}, {a.Contributor, orchestration.Contributor}, {a.Observer, orchestration.Observer}} {
		if !g.who.IsZero() {
			return t.setting(workspace, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
				return s.Give(t.by, in, g.who, g.role, t.because)
			})
		}
	}
	if m, named, err := t.setHours(a); named {
		return m, err
	}
	switch {
	case a.Everybody != "":
		return t.setting(workspace, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetEverybody(t.by, in, orchestration.Role(a.Everybody), t.because)
		})
	case a.Zone != "":
		return t.setting(workspace, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetZone(t.by, in, a.Zone, t.because)
		})
	case a.Budget != "":
		n, err := strconv.Atoi(strings.ReplaceAll(a.Budget, ",", ""))
		if err != nil {
			return chat.Message{}, orchestration.Refuse("a budget is a number of tokens, not %q", short(a.Budget, 40)).Try("settings budget: 20000")
		}
		return t.setting(workspace, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
			return s.SetBudget(t.by, in, n, t.because)
		})
	}
	return t.showSettings()
}

// given is how many settings a call names.
func (a settingsArgs) given() int {
	n := 0
	for _, set := range [...]bool{
		!a.Owner.IsZero(), !a.Admin.IsZero(), !a.Approver.IsZero(), !a.Contributor.IsZero(),
		!a.Observer.IsZero(), a.Everybody != "", a.Zone != "", a.Budget != "",
		a.Quiet != "", a.Workdays != "", a.Holidays != "", a.Digest != "",
	} {
		if set {
			n++
		}
	}
	return n
}

func (t *turn) giveAway(to orchestration.Human) (chat.Message, error) {
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		return s.GiveAway(t.by, in, to, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	s := t.after(res)
	return say(fmt.Sprintf("%s owns this session now%s.", s.Owner().Name(), becauseOf(res.Entry.Because()))), nil
}

func (t *turn) setting(workspace bool, d func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error)) (chat.Message, error) {
	res, err := t.set(workspace, d)
	if err != nil {
		return chat.Message{}, err
	}
	where := "In this channel"
	if workspace {
		where = "In this workspace"
	}
	return say(fmt.Sprintf("%s: %s %s%s.", where, t.by.Name(), orchestration.Describe(res.Entry.Decision), becauseOf(res.Entry.Because()))), nil
}

// showSettings lists what is in force here, and where each value comes from.
func (t *turn) showSettings() (chat.Message, error) {
	in, err := t.here()
	if err != nil {
		return chat.Message{}, err
	}
	m := chat.Message{Title: "Settings of this channel", Only: true}
	fields := chat.Fields{
		{Name: "Persona", Value: levels(named(in.Channel.Persona()), named(in.Workspace.Persona()), "nobody")},
		{Name: "Skills", Value: levels(skillNames(in.Channel.Skills()), skillNames(in.Workspace.Skills()), "none")},
		{Name: "Approvers", Value: orNone(people(in.Channel.People(orchestration.Approver)))},
		{Name: "Admins", Value: orNone(people(in.Workspace.People(orchestration.Admin)))},
		{Name: "Observers", Value: orNone(people(in.Channel.People(orchestration.Observer)))},
		{Name: "Everybody else", Value: levels(string(in.Channel.Everybody()), string(in.Workspace.Everybody()), "contributor")},
		{Name: "Time zone", Value: levels(zoneName(in.Channel), zoneName(in.Workspace), "UTC")},
		{Name: "Token budget", Value: levels(budget(in.Channel), budget(in.Workspace), "none")},
	}
	mode, to := in.Channel.Announce()
	fields = append(append(fields, hoursFields(in)...), chat.Field{Name: "Announcements", Value: string(mode)})
	m.Blocks = append(append(m.Blocks, fields), t.toldTo(to)...)
	m.Blocks = append(m.Blocks, chat.Remark(fmt.Sprintf("You are %s here.", article(string(in.RoleOf(t.by.ID()))))))
	if len(in.Workspace.People(orchestration.Admin))+len(in.Admins) == 0 && in.RoleOf(t.by.ID()) != orchestration.Admin {
		m.Blocks = append(m.Blocks, chat.Remark(fmt.Sprintf("Nobody was named an admin yet. Whoever runs Baton names you by writing `admins = [%q]` under `[roles]` in its configuration.", t.by.ID())))
	}
	return m, nil
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// levels is a value and the level it comes from, the channel's first.
func levels(channel, workspace, otherwise string) string {
	switch {
	case channel != "":
		return channel + " (this channel)"
	case workspace != "":
		return workspace + " (workspace)"
	}
	return otherwise + " (default)"
}

func named(p orchestration.Persona) string {
	if p.Name.IsZero() {
		return ""
	}
	return p.Name.Last()
}

func people(list []orchestration.Human) string {
	names := make([]string, len(list))
	for i, h := range list {
		names[i] = h.Name()
	}
	return strings.Join(names, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "nobody"
	}
	return s
}

func zoneName(s orchestration.Settings) string {
	if z := s.Zone(); z != nil {
		return z.String()
	}
	return ""
}

func budget(s orchestration.Settings) string {
	if n := s.Budget(); n > 0 {
		return thousands(n)
	}
	return ""
}
