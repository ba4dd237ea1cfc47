package discordtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

func named(n int, more object) []object {
	return times(n, func(i int) object { return with(commandOf(object{"name": fmt.Sprint("c", i)}), more) })
}

func menus(n int) []object {
	return times(n, func(i int) object { return object{"name": fmt.Sprint("Menu ", i), "type": 3} })
}

func TestHowManyCommands(t *testing.T) {
	clock := atNoon()
	w := newTown(t, discordtest.Options{Clock: clock})
	at := "/applications/" + w.app.ID + "/guilds/" + w.guild.ID + "/commands"
	for name, c := range map[string]struct {
		list []object
		code int
	}{
		"101 commands":          {named(101, nil), 30032},
		"16 menus":              {menus(16), 30032},
		"131 in one request":    {append(append(named(100, nil), menus(15)...), menus(16)...), 50035},
		"two of one name":       {[]object{commandOf(nil), commandOf(nil)}, 50035},
		"contexts in a guild":   {[]object{commandOf(object{"contexts": []int{0}})}, 50035},
		"a context that is not": {[]object{commandOf(object{"contexts": []int{3}})}, 50035},
	} {
		if got := w.do("PUT", at, c.list); got.code != c.code {
			t.Errorf("%s: %d %.300s", name, got.status, got.raw)
		}
	}
	// A list that stays as it is creates nothing, however often it is put.
	for range 3 {
		w.must("PUT", at, named(100, nil))
	}
	w.must("PUT", at, []object{})
	w.must("PUT", at, named(100, nil))
	if got := w.do("PUT", at, menus(1)); got.code != 30034 {
		t.Errorf("the 201st of a day: %d %.300s", got.status, got.raw)
	}
	clock.Advance(24 * time.Hour)
	w.must("PUT", at, menus(1))
}

// A command can be hidden from those without a right; what is behind buttons
// and forms cannot.
func TestWhoIsShownACommand(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	at := "/applications/" + w.app.ID + "/commands"
	admin := w.guild.NewMember("ada", w.guild.NewRole("admins", discordtest.Administrator))
	for permissions, shown := range map[any][3]bool{nil: {true, true, true}, "17179869184": {false, true, true}, "0": {false, false, true}} {
		w.must("PUT", at, []object{commandOf(object{"default_member_permissions": permissions})})
		for i, m := range []*discordtest.Member{w.ana, w.mod, admin} {
			if _, err := m.Slash(w.launch, "baton", nil); (err == nil) != shown[i] {
				t.Errorf("with %v, %s: %v", permissions, m.User.Name, err)
			}
		}
	}
	w.must("PUT", at, []object{commandOf(object{"contexts": []int{1}})})
	if _, err := w.ana.Slash(w.launch, "baton", nil); err == nil {
		t.Error("a command for direct messages was sent in a guild")
	}
}

// Two applications in one guild: what is said is told to both, what is asked of
// one only to that one.
func TestTwoApplications(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	w.register()
	c := w.connect().login(1 | 1<<9)
	other := w.server.NewApplication("Other")
	other.Join(w.guild, discordtest.Core)
	mine := w.app
	w.app = other
	second := w.connect().login(1 | 1<<9)
	w.app = mine

	i, err := w.ana.Slash(w.launch, "baton note", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.ana.Say(w.launch, "hello"); err != nil {
		t.Fatal(err)
	}
	c.expect(0, "INTERACTION_CREATE")
	c.expect(0, "MESSAGE_CREATE")
	second.expect(0, "MESSAGE_CREATE")
	if got := w.as("Bot "+other.Token, "POST", "/webhooks/"+other.ID+"/"+i.Token, says("not mine")); got.code != 50027 {
		t.Errorf("another's follow-up: %d %s", got.status, got.raw)
	}
}
