package discord

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
	"github.com/synthoperator/baton/chat"
)

func (w *town) inspector() Inspector {
	return Inspector{APIURL: w.server.URL(), Token: w.app.Token, Client: w.server.Client()}
}

// Whose token it is, where the bot is, and that a token is dead.
func TestIdentify(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		w := newTown(t, discordtest.Options{InMemory: true, Limits: unlimited}, Options{})
		w.app.SetEndpoint("https://baton.example.com/")
		id, err := w.inspector().Identify(t.Context())
		if err != nil || id.Application != w.app.ID || id.Name != "Baton" || id.PublicKey != w.app.PublicKey || id.Endpoint != "https://baton.example.com/" {
			t.Errorf("%+v, %v", id, err)
		}
		if len(id.Guilds) != 1 || id.Guilds[0].Name != "Acme" || len(id.Guilds[0].Lacks(Permissions(false))) != 0 {
			t.Errorf("%+v", id.Guilds)
		}
		if lacks := id.Guilds[0].Lacks(Permissions(true)); len(lacks) != 1 || lacks[0].Name != "Manage Webhooks" {
			t.Errorf("%+v", lacks)
		}
		w.app.Revoke()
		if _, err := w.inspector().Identify(t.Context()); !Dead(err) || !Refused(err) || strings.Contains(err.Error(), w.app.Token) {
			t.Errorf("of a dead token it is said: %v", err)
		}
		w.clean()
		w.server.Close()
	})
}

// What is said about a channel is what Discord then does: Baton can write where
// nothing is said to be lacking, and nowhere else, whatever was allowed and denied
// to everybody, to its two roles and to itself.
func TestPlacesAreAsDiscordHasThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		w := newBareTown(t, discordtest.Options{InMemory: true, Limits: unlimited, Invalid: 1 << 20}, Options{})
		one, other := w.guild.NewRole("one", 0), w.guild.NewRole("other", 0)
		whoever := []any{w.guild, one, other, w.guild.Add(w.app.Bot, one, other)} // with no right but everybody's
		id, err := w.inspector().Identify(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		const cases = 3 * 3 * 3 * 3 // the right is allowed, denied or left as it is, four times
		works := 0
		for n := range 2 * cases {
			c := w.guild.NewChannel("c", discordtest.Text)
			right := []discordtest.Permission{discordtest.ViewChannel, discordtest.SendMessages}[n/cases]
			for i, rest := 0, n%cases; i < len(whoever); i, rest = i+1, rest/3 {
				switch rest % 3 {
				case 1:
					c.Overwrite(whoever[i], right, 0)
				case 2:
					c.Overwrite(whoever[i], 0, right)
				}
			}
			all, err := w.inspector().Places(t.Context(), id, id.Guilds[0], Permissions(false))
			if err != nil {
				t.Fatal(err)
			}
			here := all[len(all)-1]
			_, err = w.a.Post(t.Context(), chat.Post{Key: testKey(n), To: placeOf(w.guild, c), Body: paragraph("hello")})
			if can := !here.Hides && len(here.Lacks) == 0; here.ID != c.ID || can != (err == nil) || err != nil && !errors.As(err, new(chat.Blocked)) {
				t.Fatalf("case %d: %+v, and posting there comes to %v", n, here, err)
			} else if can {
				works++
			}
			if err := w.guild.Owner().Delete(c); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute) // the limiter's pause after refusals
		}
		if works == 0 || works == 2*cases {
			t.Errorf("it works in %d cases", works)
		}
		w.server.Close()
	})
}

// An address is understood with a version of the API, another one, or none.
func TestAddressesOfTheAPI(t *testing.T) {
	for _, address := range []string{
		"https://discord.com", "https://discord.com/", "https://discord.com/api", "https://discord.com/api/", "https://discord.com/api/v9",
		"https://discord.com/api/v10", "https://discord.com/api/v10/",
	} {
		if got := newRest(Options{APIURL: address, Client: http.DefaultClient}).base; got != "https://discord.com/api/v10" {
			t.Errorf("%s becomes %s", address, got)
		}
	}
	if got := newRest(Options{APIURL: "http://proxy/discord/api/v9"}).base; got != "http://proxy/discord/api/v10" {
		t.Errorf("behind a path it becomes %s", got)
	}
}

// The link asks for what the reference says that the core takes, and for webhooks
// where personas have faces.
func TestInvitation(t *testing.T) {
	if got, want := Invitation("42", Permissions(false)), "https://discord.com/oauth2/authorize?client_id=42&integration_type=0&permissions=309237763072&scope=bot%20applications.commands"; got != want {
		t.Errorf("%s instead of %s", got, want)
	}
	if got := Invitation("42", Permissions(true)); !strings.Contains(got, "permissions=309774633984&") {
		t.Error(got)
	}
}

// A permission can stand for a role of Baton's, beside a server's roles; what gives
// most counts.
func TestRolesByPermission(t *testing.T) {
	a := newAdapter(Options{Keep: &memoryKeep{}, Roles: map[string]string{"7": "observer", "manage_threads": "approver", "moderate_members": "contributor"}})
	for _, test := range []struct {
		m    member
		want string
	}{
		{member{Permissions: "0"}, ""},
		{member{Permissions: "0", Roles: []string{"7"}}, "observer"},
		{member{Permissions: "1099511627776", Roles: []string{"7"}}, "contributor"},  // 1<<40
		{member{Permissions: "17179869184", Roles: []string{"7"}}, "approver"},       // 1<<34
		{member{Permissions: "1116691496960"}, "approver"},                           // both
		{member{Permissions: "32"}, "admin"},                                         // manage_guild
		{member{Permissions: "8", Roles: []string{"7"}}, "admin"},                    // administrator
		{member{Permissions: "not a number", Roles: []string{"7", "8"}}, "observer"}, // Discord's mistake
	} {
		if got := a.role(test.m); got != test.want {
			t.Errorf("%+v is %q instead of %q", test.m, got, test.want)
		}
	}
}
