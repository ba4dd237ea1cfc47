package discord

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"net/url"
	"slices"
	"strings"
)

// Permission is one of Discord's, with what Baton needs it for.
type Permission struct {
	Name string // as people read it: "Send Messages"
	Why  string

	bit uint
}

// MarshalJSON is the permission's name.
func (p Permission) MarshalJSON() ([]byte, error) { return json.Marshal(p.Name) }

// viewChannel is the right to see a channel (D:topics/permissions).
const viewChannel = 1 << 10

// rightsOf reads permissions as Discord writes them: a number that may have more
// bits one day than 64 (D:topics/permissions), of which those that are known here
// count. What is no number gives nothing.
func rightsOf(text string) uint64 {
	all, ok := new(big.Int).SetString(text, 10)
	if !ok || all.Sign() < 0 {
		return 0
	}
	return new(big.Int).And(all, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
}

// Permissions are the least that Baton needs for what is enabled
// (D:topics/permissions, Bitwise Permission Flags). Faces are personas that
// speak by webhook.
func Permissions(faces bool) []Permission {
	all := []Permission{
		{"View Channels", "to see the channels it works in", 10},
		{"Send Messages", "to post cards, answers and announcements, and posts in forums", 11},
		{"Create Public Threads", "to open a session's thread under its card", 35},
		{"Send Messages in Threads", "to speak in it", 38},
		{"Embed Links", "to show cards as embeds where Discord takes no components", 14},
		{"Attach Files", "to hand over prompts, exports and pictures", 15},
		{"Read Message History", "to look, after a connection broke, whether something was said, so that nothing is said twice", 16},
	}
	if faces {
		all = append(all, Permission{"Manage Webhooks", `to let personas speak under their own name and picture (faces = true)`, 29})
	}
	return all
}

// lacking are those that a set of rights does not hold.
func lacking(rights uint64, needed []Permission) []Permission {
	if rights&administrator != 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(needed), func(p Permission) bool { return rights&(1<<p.bit) != 0 })
}

// Invitation is the address at which somebody who manages a server takes Baton
// into it, with these permissions and no others (D:topics/oauth2, Bot
// Authorization Flow).
func Invitation(application string, needed []Permission) string {
	var bits uint64
	for _, p := range needed {
		bits |= 1 << p.bit
	}
	q := url.Values{
		"client_id": {application}, "integration_type": {"0"}, "permissions": {fmt.Sprint(bits)},
		"scope": {"bot applications.commands"},
	}
	return "https://discord.com/oauth2/authorize?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// rightNames are the permissions that a server gives to those who lead it, and
// that can stand for a role of Baton's (D:topics/permissions).
var rightNames = map[string]uint64{
	"administrator": administrator, "manage_guild": manageGuild,
	"kick_members": 1 << 1, "ban_members": 1 << 2, "manage_channels": 1 << 4, "manage_messages": 1 << 13,
	"manage_roles": 1 << 28, "manage_threads": 1 << 34, "moderate_members": 1 << 40,
}

// Rights are the names of permissions that can stand for a role of Baton's.
func Rights() []string {
	var all []string
	for name := range rightNames {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// IsID reports whether a text is one of Discord's ids.
func IsID(text string) bool { return idRE.MatchString(text) }

// ranks are Baton's roles by how much they give.
var ranks = map[string]int{"observer": 1, "contributor": 2, "approver": 3, "admin": 4}

// more is that of two roles that gives more.
func more(a, b string) string {
	if cmp.Compare(ranks[b], ranks[a]) > 0 {
		return b
	}
	return a
}
