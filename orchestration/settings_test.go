package orchestration

import (
	"slices"
	"testing"
)

// channel is a channel's settings as people talk them forward.
type channel struct {
	*testing.T
	Settings
	in Room
}

func (c *channel) do(d Decision, err error) *channel {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
	c.Settings = c.Apply(Entry{Seq: c.Seq() + 1, At: monday, Decision: d})
	c.in.Channel = c.Settings
	return c
}

func (c *channel) no(says string) func(Decision, error) {
	c.Helper()
	return func(d Decision, err error) {
		c.Helper()
		if !d.IsZero() {
			c.Fatalf("accepted: %s", Describe(d))
		}
		checkRefusal(c, err, says)
	}
}

func settings(t *testing.T) *channel {
	return &channel{T: t, in: Room{Now: monday, Shelf: newShelf(), Admins: []PersonID{eve.ID()}}}
}

func TestSettings(t *testing.T) {
	c := settings(t)
	if mode, to := c.Announce(); mode != AnnouncePhases || to != nil || c.Budget() != 0 || c.Zone() != nil || c.Everybody() != "" {
		t.Errorf("untouched: %+v", c.Settings)
	}
	// While nobody was given a role, any contributor may set defaults.
	c.do(c.SetPersona(cem, c.in, persona("startup-cto"), ""))
	c.do(c.Load(cem, c.in, skills("a", "b"), ""))
	c.do(c.Unload(cem, c.in, skills("a"), ""))
	c.do(c.SetZone(cem, c.in, "Europe/Berlin", ""))
	c.do(c.SetBudget(cem, c.in, 20000, ""))
	to := []ChannelKey{"x"}
	c.do(c.SetAnnouncements(cem, c.in, AnnounceAll, to, ""))
	to[0] = "y"
	mode, channels := c.Announce()
	if c.Persona().Name.String() != "startup-cto" || !slices.Equal(skillWords(c.Skills()), []string{"b"}) || c.Zone().String() != "Europe/Berlin" ||
		c.Budget() != 20000 || mode != AnnounceAll || !slices.Equal(channels, []ChannelKey{"x"}) || c.Seq() != 6 {
		t.Errorf("%+v", c.Settings)
	}
	if c.in.Zone() != c.Zone() || c.in.Budget() != 20000 {
		t.Error("the room does not have what its channel set")
	}
	c.do(c.SetBudget(cem, c.in, 0, "")).do(c.SetPersona(cem, c.in, PersonaName{}, ""))
	if c.Budget() != 0 || !c.Persona().Name.IsZero() {
		t.Errorf("%+v", c.Settings)
	}
	// From the first role on, setting up is for approvers and admins.
	c.do(c.Give(eve, c.in, ben, Approver, "")).do(c.Give(eve, c.in, ana, Approver, "")).do(c.Give(eve, c.in, ana, Contributor, ""))
	c.no("for its approvers and admins, and Cem is a contributor")(c.SetBudget(cem, c.in, 1, ""))
	c.do(c.SetBudget(ben, c.in, 1, ""))
	if got := c.People(Approver); len(got) != 1 || got[0] != ben {
		t.Errorf("approvers: %v", got)
	}
	c.do(c.SetEverybody(eve, c.in, Observer, ""))
	if c.Everybody() != Observer || c.in.RoleOf(cem.ID()) != Observer {
		t.Error(c.Everybody())
	}
}

func TestSettingsAreRefused(t *testing.T) {
	c := settings(t)
	c.in.Shelf.(*shelf).missing["ghost"] = true
	c.do(c.Load(cem, c.in, skills("a"), ""))
	c.no("nobody is the default here already")(c.SetPersona(cem, c.in, PersonaName{}, ""))
	c.no("nothing is called ghost")(c.SetPersona(cem, c.in, persona("ghost"), ""))
	c.no("nothing is called ghost")(c.Load(cem, c.in, skills("ghost"), ""))
	c.no("a is among the defaults here already")(c.Load(cem, c.in, skills("b", "a"), ""))
	c.no("no skill is named")(c.Load(cem, c.in, nil, ""))
	c.no("at most 32 skills")(c.Load(cem, c.in, manySkills(32), ""))
	c.no("no skill is named")(c.Unload(cem, c.in, nil, ""))
	c.no("\"b\" is not loaded")(c.Unload(cem, c.in, skills("b"), ""))
	c.no("no skill is loaded here")(c.Unload(cem, c.in, skills("a", "a"), ""))
	c.no(`announcements can be all, phases or off, not "loud"`)(c.SetAnnouncements(cem, c.in, "loud", nil, ""))
	c.no("that channel is told already")(c.SetAnnouncements(cem, c.in, AnnounceAll, []ChannelKey{"x", "y", "x"}, ""))
	c.no("at most 10 further channels")(c.SetAnnouncements(cem, c.in, AnnounceAll, make([]ChannelKey, 11), ""))
	c.no("a budget is a number of tokens")(c.SetBudget(cem, c.in, -1, ""))
	for _, zone := range []string{"", "Local", "Mars/Olympus", "../etc/passwd"} {
		c.no("is no time zone")(c.SetZone(cem, c.in, zone, ""))
	}
	c.no("roles are for a workspace admin to give, and Cem is a contributor")(c.Give(cem, c.in, cem, Admin, ""))
	c.no("roles are for a workspace admin")(c.SetEverybody(cem, c.in, Observer, ""))
	c.no(`"owner" is no role that can be given`)(c.Give(eve, c.in, cem, Owner, ""))
	c.no("a role is for somebody")(c.Give(eve, c.in, Human{}, Observer, ""))
	c.no("everybody can be contributor or observer, not admin")(c.SetEverybody(eve, c.in, Admin, ""))
	c.do(c.Give(eve, c.in, dot, Observer, ""))
	c.no("here Dot is an observer already")(c.Give(eve, c.in, dot, Observer, ""))
	for _, set := range []func(by Human) (Decision, error){
		func(by Human) (Decision, error) { return c.SetPersona(by, c.in, persona("x"), "") },
		func(by Human) (Decision, error) { return c.Load(by, c.in, skills("x"), "") },
		func(by Human) (Decision, error) { return c.Unload(by, c.in, skills("a"), "") },
		func(by Human) (Decision, error) { return c.SetAnnouncements(by, c.in, AnnounceAll, nil, "") },
		func(by Human) (Decision, error) { return c.SetZone(by, c.in, "UTC", "") },
		func(by Human) (Decision, error) { return c.SetBudget(by, c.in, 1, "") },
	} {
		c.no("Cem is a contributor")(set(cem))
		c.no("Dot is an observer")(set(dot))
		if _, err := set(eve); err != nil {
			t.Error(err)
		}
	}
}

// What holds for the whole workspace is its admins' to set.
func TestWorkspaceIsForAdmins(t *testing.T) {
	c := settings(t)
	c.do(c.Give(eve, c.in, ben, Approver, ""))
	c.in.Everywhere = true
	c.no("the workspace's settings are for its admins, and Ben is an approver")(c.SetBudget(ben, c.in, 1, ""))
	c.no("the workspace's settings are for its admins, and Cem is a contributor")(c.SetZone(cem, c.in, "UTC", ""))
	c.do(c.SetBudget(eve, c.in, 1, ""))
}

// A workspace that has an admin keeps one.
func TestLastAdmin(t *testing.T) {
	c := settings(t)
	c.do(c.Give(eve, c.in, ana, Admin, ""))
	c.in.Workspace, c.in.Channel, c.in.Admins = c.Settings, Settings{}, nil
	c.no("the last admin is Ana: name another first")(c.Give(ana, c.in, ana, Observer, ""))
	c.in.Admins = []PersonID{eve.ID()} // whoever the operator named can give it back
	if _, err := c.Give(ana, c.in, ana, Observer, ""); err != nil {
		t.Error(err)
	}
	c.in.Admins = nil
	c.do(c.Give(ana, c.in, ben, Admin, ""))
	c.do(c.Give(ana, c.in, ana, Observer, ""))
	if got := c.People(Admin); len(got) != 1 || got[0] != ben {
		t.Errorf("admins: %v", got)
	}
}

// Settings are values: folding on leaves the ones before as they were.
func TestSettingsAreValues(t *testing.T) {
	c := settings(t)
	c.do(c.Give(eve, c.in, ben, Approver, "")).do(c.Load(ben, c.in, skills("a"), ""))
	before := c.Settings
	c.do(c.Give(eve, c.in, cem, Approver, "")).do(c.Load(ben, c.in, skills("b"), "")).do(c.Unload(ben, c.in, skills("a"), ""))
	if len(before.People(Approver)) != 1 || !slices.Equal(skillWords(before.Skills()), []string{"a"}) {
		t.Errorf("%v, %v", before.People(Approver), before.Skills())
	}
}

// The channel's budget and zone beat the workspace's.
func TestRoomDefaults(t *testing.T) {
	set := func(events ...Event) Settings {
		return Settings{}.Apply(Entry{Seq: 1, At: monday, Decision: Recall(eve, "", events)})
	}
	w := set(BudgetSet{1}, TimeZoneSet{"Asia/Tokyo"})
	c := set(BudgetSet{2}, TimeZoneSet{"Europe/Berlin"})
	for _, tt := range []struct {
		in     Room
		zone   string
		budget int
	}{{Room{}, "UTC", 0}, {Room{Workspace: w}, "Asia/Tokyo", 1}, {Room{Workspace: w, Channel: c}, "Europe/Berlin", 2}} {
		if tt.in.Zone().String() != tt.zone || tt.in.Budget() != tt.budget {
			t.Errorf("%s, %d; want %s, %d", tt.in.Zone(), tt.in.Budget(), tt.zone, tt.budget)
		}
	}
	if got := set(TimeZoneSet{"Mars/Olympus"}).Zone(); got != nil {
		t.Errorf("a zone nobody knows is %s", got)
	}
}
