package orchestration

import (
	"maps"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a zone that was accepted is known wherever the log is read
)

// AnnounceMode says what a channel hears of its sessions by itself.
type AnnounceMode string

// The modes; the zero mode is AnnouncePhases.
const (
	AnnouncePhases AnnounceMode = "phases" // start, phase changes, end
	AnnounceAll    AnnounceMode = "all"    // overrides and approvals too
	AnnounceOff    AnnounceMode = "off"
)

// Settings is what has been set for a channel or a workspace, folded from a
// stream of its own. The zero Settings sets nothing.
type Settings struct {
	seq       uint64
	persona   Persona
	skills    []Skill
	roles     map[PersonID]grant
	everybody Role
	announce  AnnounceMode
	to        []ChannelKey
	zone      *time.Location
	budget    int
	digest    *DigestSet
	quiet     *QuietSet
	workdays  []time.Weekday
	holidays  *holidays
}

// maxDestinations bounds how many further channels are told what one hears.
const maxDestinations = 10

type grant struct {
	who  Human
	role Role
}

// Seq is the number of decisions folded so far.
func (s Settings) Seq() uint64 { return s.seq }

// Persona is the default persona, or nobody.
func (s Settings) Persona() Persona { return s.persona }

// Skills is the default stack. The slice is shared: read it only.
func (s Settings) Skills() []Skill { return s.skills }

// Announce says what the channel hears, and which further channels do. The
// slice is shared: read it only.
func (s Settings) Announce() (AnnounceMode, []ChannelKey) {
	if s.announce == "" {
		return AnnouncePhases, s.to
	}
	return s.announce, s.to
}

// Budget is the number of tokens above which loading warns; 0 is none.
func (s Settings) Budget() int { return s.budget }

// Everybody is the role of those who were given none, or "".
func (s Settings) Everybody() Role { return s.everybody }

// Zone is the zone that was set, or nil.
func (s Settings) Zone() *time.Location { return s.zone }

// People are those who were given that role, by id.
func (s Settings) People(r Role) []Human {
	var out []Human
	for _, id := range slices.Sorted(maps.Keys(s.roles)) {
		if g := s.roles[id]; g.role == r {
			out = append(out, g.who)
		}
	}
	return out
}

func (s Settings) role(p PersonID) Role { return s.roles[p].role }

// open reports whether nobody was given a role: nothing has been set up yet.
func (s Settings) open() bool { return len(s.roles) == 0 && s.everybody == "" }

// Zone is the zone in force in a room: the channel's, the workspace's, or UTC.
func (in Room) Zone() *time.Location {
	for _, s := range [...]Settings{in.Channel, in.Workspace} {
		if s.zone != nil {
			return s.zone
		}
	}
	return time.UTC
}

// Budget is the token budget in force in a room; 0 is none.
func (in Room) Budget() int {
	if in.Channel.budget > 0 {
		return in.Channel.budget
	}
	return in.Workspace.budget
}

// SetPersona sets the default persona.
func (s Settings) SetPersona(by Human, in Room, name PersonaName, because string) (Decision, error) {
	if err := in.setter(by); err != nil {
		return Decision{}, err
	}
	p, err := in.persona(name)
	if err != nil {
		return Decision{}, err
	}
	if p.Name == s.persona.Name && p.Pin == s.persona.Pin {
		return Decision{}, Refuse("%s is the default here already", p.Name.orNobody()).Try("status")
	}
	p.From = ""
	return decide(by, because, DefaultPersonaSet{p})
}

// Load adds to the default stack, all or none. Loading a skill whose file has
// changed since takes the new content.
func (s Settings) Load(by Human, in Room, names []SkillName, because string) (Decision, error) {
	if err := in.setter(by); err != nil {
		return Decision{}, err
	}
	skills, err := in.someSkills(names, "")
	if err != nil {
		return Decision{}, err
	}
	stack := s.skills
	var events []Event
	for _, skill := range skills {
		if i := slices.IndexFunc(stack, skill.Same); i >= 0 && stack[i].Pin == skill.Pin {
			return Decision{}, Refuse("%s is among the defaults here already", skill.Name.Last()).Try("status")
		}
		stack = loaded(stack, skill)
		events = append(events, DefaultSkillLoaded{skill})
	}
	if len(stack) > maxStack {
		return Decision{}, tooManySkills()
	}
	return decide(by, because, events...)
}

// Unload takes from the default stack, all or none.
func (s Settings) Unload(by Human, in Room, names []SkillName, because string) (Decision, error) {
	if err := in.setter(by); err != nil {
		return Decision{}, err
	}
	skills, err := takeOff(s.skills, names)
	if err != nil {
		return Decision{}, err
	}
	var events []Event
	for _, skill := range skills {
		events = append(events, DefaultSkillUnloaded{skill})
	}
	return decide(by, because, events...)
}

// Give gives a person a role. The last admin of a workspace that has any
// cannot give the role away: nobody could give it back.
func (s Settings) Give(by Human, in Room, who Human, r Role, because string) (Decision, error) {
	if err := in.admin(by); err != nil {
		return Decision{}, err
	}
	if r, err := ParseRole(string(r)); err != nil {
		return Decision{}, err
	} else if who.IsZero() {
		return Decision{}, Refuse("a role is for somebody: mention the person").Try("settings " + string(r) + ": @ana")
	}
	if s.role(who.ID()) == r {
		return Decision{}, Refuse("here %s is %s already", who.Name(), withArticle(string(r))).Try("settings")
	}
	if s.role(who.ID()) == Admin && len(s.People(Admin)) == 1 && len(in.Admins) == 0 {
		return Decision{}, Refuse("the last admin is %s: name another first", who.Name()).Try("settings admin: @ana")
	}
	return decide(by, because, RoleGiven{who, r})
}

// SetEverybody sets the role of those who were given none.
func (s Settings) SetEverybody(by Human, in Room, r Role, because string) (Decision, error) {
	if err := in.admin(by); err != nil {
		return Decision{}, err
	}
	if r != Contributor && r != Observer {
		return Decision{}, Refuse("everybody can be contributor or observer, not %s", r).Try("settings everybody: observer")
	}
	return decide(by, because, EverybodySet{r})
}

// SetAnnouncements says what the channel hears, and which other channels do.
func (s Settings) SetAnnouncements(by Human, in Room, m AnnounceMode, to []ChannelKey, because string) (Decision, error) {
	if err := in.setter(by); err != nil {
		return Decision{}, err
	}
	switch m {
	case AnnouncePhases, AnnounceAll, AnnounceOff:
	default:
		return Decision{}, Refuse("announcements can be all, phases or off, not %q", m).Try("announce phases")
	}
	if len(to) > maxDestinations {
		return Decision{}, Refuse("at most %d further channels are told what one hears", maxDestinations).Try("announce", "announce to off")
	}
	for i, key := range to {
		if slices.Contains(to[:i], key) {
			return Decision{}, Refuse("that channel is told already").Try("announce")
		}
	}
	return decide(by, because, AnnouncementsSet{m, slices.Clone(to)})
}

// SetZone sets the time zone, by its IANA name.
func (s Settings) SetZone(by Human, in Room, zone, because string) (Decision, error) {
	if err := in.setter(by); err != nil {
		return Decision{}, err
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || strings.EqualFold(zone, "local") {
		return Decision{}, Refuse("%q is no time zone", zone).Try("settings zone: Europe/Berlin", "settings zone: America/New_York")
	}
	return decide(by, because, TimeZoneSet{zone})
}

// SetBudget sets the tokens above which loading warns; 0 is no budget.
func (s Settings) SetBudget(by Human, in Room, tokens int, because string) (Decision, error) {
	if err := in.setter(by); err != nil {
		return Decision{}, err
	}
	if tokens < 0 {
		return Decision{}, Refuse("a budget is a number of tokens, 0 for none").Try("settings budget: 20000")
	}
	return decide(by, because, BudgetSet{tokens})
}

// Apply folds one entry of the stream.
func (s Settings) Apply(e Entry) Settings {
	s.seq = e.Seq
	for _, event := range e.Events() {
		s = s.apply(event)
	}
	return s
}

func (s Settings) apply(event Event) Settings {
	switch e := event.(type) {
	case DefaultPersonaSet:
		s.persona = e.Persona
	case DefaultSkillLoaded:
		s.skills = loaded(s.skills, e.Skill)
	case DefaultSkillUnloaded:
		s.skills = unloaded(s.skills, e.Skill)
	case RoleGiven:
		s.roles = maps.Clone(s.roles)
		if s.roles == nil {
			s.roles = map[PersonID]grant{}
		}
		s.roles[e.Person.ID()] = grant{e.Person, e.Role}
	case EverybodySet:
		s.everybody = e.Role
	case AnnouncementsSet:
		s.announce, s.to = e.Mode, e.To
	case TimeZoneSet:
		if zone, err := time.LoadLocation(e.Zone); err == nil {
			s.zone = zone
		}
	case BudgetSet:
		s.budget = e.Tokens
	case DigestSet:
		s.digest = &e
	case QuietSet:
		s.quiet = &e
	case WorkdaysSet:
		s.workdays = e.Days
	case HolidaysSet:
		s.holidays = newHolidays(e)
	}
	return s
}
