package main

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/synthoperator/baton/adapters/discord"
)

// publicKeySize is how long a public key of Ed25519 is, in bytes (RFC 8032).
const publicKeySize = 32

func (c *checker) discord(d DiscordConfig) {
	if d.Listen != "" {
		c.listen("discord.listen", d.Listen)
	}
	over := discord.Transport(d.Transport)
	key, err := hex.DecodeString(d.PublicKey)
	switch {
	case d.PublicKey != "" && (err != nil || len(key) != publicKeySize):
		c.add("discord.public_key", "is no public key", `copy the 64 digits and letters from "General Information" of your application at `+discordPortal)
	case over == discord.HTTP && d.PublicKey == "":
		c.add("discord.transport", `is "http", and nothing says how to know that a request is Discord's`, `copy the Public Key from "General Information" of your application at `+discordPortal+` into public_key = "…"`)
	}
	if _, written := c.at["discord.mentions"]; written && d.Mentions && over == discord.HTTP {
		c.add("discord.mentions", "takes the gateway: over HTTP Discord tells of no messages", `write transport = "gateway", or take mentions out`)
	}
	for _, id := range d.Guilds {
		if !discord.IsID(id) {
			c.add("discord.guilds", fmt.Sprintf("names %q, which is no server's id", short(id)), "an id is a number; with Developer Mode on, a server's menu has Copy Server ID")
		}
	}
	for _, role := range slices.Sorted(maps.Keys(d.Roles.of())) {
		for _, who := range d.Roles.of()[role] {
			c.discordRole("discord.roles."+role, who)
		}
	}
}

// discordRole is a role's id or the name of a permission.
func (c *checker) discordRole(key, who string) {
	rights := discord.Rights()
	if discord.IsID(who) || slices.Contains(rights, strings.ToLower(who)) {
		return
	}
	what := fmt.Sprintf("names %q, which is neither a role's id nor a permission", short(who))
	if best, ok := nearest(who, rights); ok {
		c.add(key, what, fmt.Sprintf("did you mean %q?", best))
		return
	}
	c.add(key, what, "an id is a number; with Developer Mode on, a role's menu has Copy Role ID; the permissions are "+strings.Join(rights, ", "))
}

// discordRoleKey is how the adapter names it.
func discordRoleKey(who string) string { return strings.ToLower(who) }
