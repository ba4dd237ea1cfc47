package discordtest

import (
	"regexp"
	"slices"
	"strings"
)

// allowed is who a message may notify (D:resources/message, Allowed Mentions
// Object).
type allowed struct {
	given   bool
	parse   []string
	users   []string
	roles   []string
	replied bool
}

// mentioned is who a message's text names.
type mentioned struct {
	users, roles []string
	everyone     bool
}

// silent reports whether the request says that nothing in its text notifies.
func (a allowed) silent() bool { return a.given && len(a.parse) == 0 }

// readAllowed reads allowed_mentions. A kind is either parsed or listed, not
// both; up to 100 ids.
func readAllowed(f form) allowed {
	m, ok := f.child("allowed_mentions")
	if !ok {
		return allowed{}
	}
	m.known("parse", "users", "roles", "replied_user")
	out := allowed{given: true, replied: m.flag("replied_user")}
	for _, v := range m.list("parse", 0, 3) {
		kind, _ := v.(string)
		if !slices.Contains([]string{"users", "roles", "everyone"}, kind) {
			m.fail("parse", "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone').")
		}
		out.parse = append(out.parse, kind)
	}
	out.users, out.roles = m.ids("users"), m.ids("roles")
	for kind, ids := range map[string][]string{"users": out.users, "roles": out.roles} {
		if len(ids) > 0 && slices.Contains(out.parse, kind) {
			m.fail("parse", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "parse:[\"%[1]s\"] and %[1]s: [ids...] are mutually exclusive.", kind)
		}
	}
	return out
}

func (f form) ids(key string) []string {
	var out []string
	for _, v := range f.list(key, 0, 100) {
		id, _ := v.(string)
		if !isID(id) {
			f.fail(key, "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", id)
			continue
		}
		out = append(out, id)
	}
	return out
}

var (
	userMention = regexp.MustCompile(`<@!?(\d+)>`)
	roleMention = regexp.MustCompile(`<@&(\d+)>`)
	massMention = regexp.MustCompile(`@(everyone|here)\b`)
	inCode      = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
)

// mentionsIn finds who is named in a message's text: its content and, with
// Components V2, its text displays. An embed mentions nobody.
func mentionsIn(d draft) mentioned {
	var out mentioned
	for _, text := range append(displayed(d.components), d.content) {
		text = inCode.ReplaceAllString(text, "")
		for _, m := range userMention.FindAllStringSubmatch(text, -1) {
			out.users = addOnce(out.users, m[1])
		}
		for _, m := range roleMention.FindAllStringSubmatch(text, -1) {
			out.roles = addOnce(out.roles, m[1])
		}
		out.everyone = out.everyone || massMention.MatchString(text)
	}
	return out
}

func addOnce(all []string, one string) []string {
	if slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}

// pings are those a message notifies. Without allowed_mentions a bot's message
// notifies everybody it names, a webhook's and an interaction's only users
// (D:resources/message). A quiet message notifies nobody.
func (m *message) pings() []string {
	if m.flags&flagQuiet != 0 || m.only != "" {
		return nil
	}
	a := m.mentions
	if !a.given {
		a.parse = []string{"users"}
		if m.webhook == "" {
			a.parse = []string{"users", "roles", "everyone"}
		}
		a.replied = true
	}
	var out []string
	for _, id := range m.named.users {
		if m.channel.guild.members[id] != nil && (slices.Contains(a.parse, "users") || slices.Contains(a.users, id)) {
			out = addOnce(out, id)
		}
	}
	for _, id := range m.named.roles {
		if m.channel.guild.role(id) != nil && (slices.Contains(a.parse, "roles") || slices.Contains(a.roles, id)) {
			out = addOnce(out, id)
		}
	}
	if m.named.everyone && slices.Contains(a.parse, "everyone") && m.mayPingAll() {
		out = addOnce(out, "everyone")
	}
	if m.reply != "" && a.replied {
		if to := m.channel.find(m.reply); to != nil && to.author != m.author {
			out = addOnce(out, to.author.ID)
		}
	}
	return out
}

func (m *message) mayPingAll() bool {
	author := m.channel.guild.members[m.author.ID]
	return m.webhook != "" || author != nil && author.permissions(m.channel).has(MentionEveryone)
}

// mentionsUser reports whether a message names a user; a bot is told the
// content of such a message without the privileged intent.
func (m *message) mentionsUser(id string) bool {
	if slices.Contains(m.named.users, id) {
		return true
	}
	to := m.channel.find(m.reply)
	return m.reply != "" && to != nil && to.author.ID == id && !strings.HasPrefix(m.content, "@silent")
}
