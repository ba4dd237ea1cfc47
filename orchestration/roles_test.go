package orchestration

import (
	"errors"
	"strings"
	"testing"
)

// Every right, for every role, owning the session or not, and having written
// the item or not.
func TestAuthorise(t *testing.T) {
	room := func(r Role) Room {
		in := Room{Now: monday, Shelf: newShelf()}
		give := func(to *Settings, who Human, r Role) {
			*to = to.Apply(Entry{Seq: 1, At: monday, Decision: Recall(eve, "", []Event{RoleGiven{who, r}})})
		}
		give(&in.Channel, dot, Observer) // so that somebody has a role
		if r == Admin {
			give(&in.Workspace, ana, r)
		} else {
			give(&in.Channel, ana, r)
		}
		return in
	}
	const (
		read = 1 << iota
		record
		amend
		steer
		setUp
		giveRole
	)
	all := read | record | amend | steer | setUp | giveRole
	for _, tt := range []struct {
		role         Role
		owns, author bool
		may          int
	}{
		{Admin, false, false, all},
		{Admin, true, true, all},
		{Approver, false, false, all &^ giveRole},
		{Approver, true, true, all &^ giveRole},
		{Contributor, false, false, read | record},
		{Contributor, false, true, read | record | amend},
		{Contributor, true, false, read | record | amend | steer},
		{Contributor, true, true, read | record | amend | steer},
		{Observer, false, false, read},
		{Observer, false, true, read}, // who was made an observer no longer changes what they wrote
		{Observer, true, false, read | record | amend | steer},
		{Observer, true, true, read | record | amend | steer},
	} {
		in := room(tt.role)
		owner, author := cem, cem.ID()
		if tt.owns {
			owner = ana
		}
		if tt.author {
			author = ana.ID()
		}
		for right := ToRead; right <= ToGiveRole; right++ {
			err := in.authorise(ana, right, owner, object{author})
			if want := tt.may&(1<<right) != 0; want != (err == nil) {
				t.Errorf("%s, owns %t, author %t: right %d: %v", tt.role, tt.owns, tt.author, right, err)
			}
			if err != nil {
				checkRefusal(t, err, "Ana")
			}
		}
		if got := in.RoleOf(ana.ID()); got != tt.role {
			t.Errorf("%s is %s", tt.role, got)
		}
	}
	// Nobody's session and nobody's item are nobody's to steer and amend.
	for right := ToAmend; right <= ToGiveRole; right++ {
		if err := room(Contributor).authorise(Human{}, right, Human{}, object{}); err == nil {
			t.Errorf("nobody has right %d", right)
		}
	}
}

// Rights go by the immutable id, never by a name that can be imitated.
func TestNamesGiveNoRights(t *testing.T) {
	st := begin(t, sprint())
	impostor := NewHuman("t/mallory", "Ana")
	st.no("Ana is a contributor")(st.OverridePersona(impostor, st.in, persona("x"), "y"))
	renamed := NewHuman(ana.ID(), "Anna")
	st.do(st.Switch(renamed, st.in, persona("x"), ""))
}

func TestRoleOf(t *testing.T) {
	given := func(gs ...any) Settings {
		var s Settings
		for i, e := range gs {
			s = s.Apply(Entry{Seq: uint64(i + 1), At: monday, Decision: Recall(eve, "", []Event{e.(Event)})})
		}
		return s
	}
	for _, tt := range []struct {
		name string
		in   Room
		want Role
	}{
		{"untouched", Room{}, Contributor},
		{"operator's configuration", Room{Admins: []PersonID{ana.ID()}, Channel: given(RoleGiven{ana, Observer})}, Admin},
		{"admin of the workspace, whatever the channel says", Room{Workspace: given(RoleGiven{ana, Admin}), Channel: given(RoleGiven{ana, Observer})}, Admin},
		{"channel beats workspace", Room{Workspace: given(RoleGiven{ana, Approver}), Channel: given(RoleGiven{ana, Observer})}, Observer},
		{"workspace", Room{Workspace: given(RoleGiven{ana, Approver}), Channel: given(EverybodySet{Observer})}, Approver},
		{"everybody in the channel", Room{Workspace: given(EverybodySet{Contributor}), Channel: given(EverybodySet{Observer})}, Observer},
		{"everybody in the workspace", Room{Workspace: given(EverybodySet{Observer})}, Observer},
		{"the last word counts", Room{Channel: given(RoleGiven{ana, Observer}, RoleGiven{ana, Approver})}, Approver},
		{"somebody else's role", Room{Channel: given(RoleGiven{ben, Observer})}, Contributor},
	} {
		if got := tt.in.RoleOf(ana.ID()); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestParseRole(t *testing.T) {
	for _, r := range []Role{Admin, Approver, Contributor, Observer} {
		if got, err := ParseRole(string(r)); got != r || err != nil {
			t.Errorf("%s is %s, %v", r, got, err)
		}
	}
	for _, s := range []string{"owner", "", "Admin", "boss"} {
		_, err := ParseRole(s)
		checkRefusal(t, err, "is no role that can be given")
	}
}

// A screen that asks first gets the answer that deciding would give.
func TestMay(t *testing.T) {
	st := begin(t, sprint())
	if err := st.May(ana, st.in, ToSteer); err != nil {
		t.Error(err)
	}
	checkRefusal(t, st.May(cem, st.in, ToSteer), "Cem is a contributor")
	if err := st.May(dot, st.in, ToRead); err != nil {
		t.Error(err)
	}
	checkRefusal(t, tell(t).May(ana, st.in, ToRead), "nothing has been started")
	if err := tell(t).May(ana, st.in, ToRecord); err != nil {
		t.Error(err) // anyone may start
	}
}

func TestOwnership(t *testing.T) {
	st := begin(t, sprint())
	st.no("only Ana can give this session away")(st.GiveAway(ben, st.in, cem, ""))
	st.no("Cem is a contributor")(st.GiveAway(cem, st.in, cem, ""))
	st.no("the owner is Ana already")(st.GiveAway(ana, st.in, ana, ""))
	st.no("a session has an owner: name somebody")(st.GiveAway(ana, st.in, Human{}, ""))
	st.do(st.GiveAway(ana, st.in, dot, "holidays"))
	if st.Owner() != dot {
		t.Error(st.Owner())
	}
	// The new owner, else an observer, may do all; the old one what a contributor may.
	st.do(st.Switch(dot, st.in, persona("x"), ""))
	st.do(st.Record(dot, st.in, Note{Kind: DecisionItem, Text: "mine"}, ""))
	st.no("Ana is a contributor")(st.Pause(ana, st.in, ""))
	who, _ := st.Starter()
	if who != ana {
		t.Errorf("started by %s", who)
	}
}

// A display name is one short line; the id stands in where it is empty.
func TestHuman(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Ana", "Ana"},
		{" Ana\nMaria ", "Ana Maria"},
		{"A\u202ena\u200b", "Ana"},
		{"", "t/1"},
		{"\u200b", "t/1"},
		{strings.Repeat("ö", 80), strings.Repeat("ö", 48) + "…"},
	} {
		h := NewHuman("t/1", tt.in)
		if h.Name() != tt.want || h.String() != tt.want || h.ID() != "t/1" || h.IsZero() {
			t.Errorf("%q is %q", tt.in, h.Name())
		}
		if NewHuman(h.ID(), h.Name()) != h {
			t.Errorf("%q read back is another", h.Name())
		}
	}
	if !NewHuman("", "").IsZero() || NewHuman("", "") != (Human{}) {
		t.Error("nobody is somebody")
	}
	if bot.Name() != "bot" || bot.String() != "bot (agent)" {
		t.Error(bot.String())
	}
}

// Refusing is answering: Try adds to a copy.
func TestRefusalIsAValue(t *testing.T) {
	base := Refuse("no %s", "luck").Try("1").Try("2").Try("3")
	b, c := base.Try("b"), base.Try("c")
	if strings.Join(b.Instead, " ") != "1 2 3 b" || strings.Join(c.Instead, " ") != "1 2 3 c" || len(base.Instead) != 3 || base.Error() != "no luck" {
		t.Errorf("%q %q %q", base.Instead, b.Instead, c.Instead)
	}
	var r Refusal
	if !errors.As(error(b), &r) {
		t.Error("a refusal is no Refusal")
	}
}
