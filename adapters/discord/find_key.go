package discord

import (
	"slices"
	"strings"
)

// A post is found again by its key, which stands in the ids of the message's
// first components: numbers that Discord keeps and returns, that nobody sees, and
// that only an application can set (D:components/reference, Anatomy of a
// Component). Together with the author, which is Baton's own account, nobody can
// imitate it. The nonce cannot serve, as reads do not return it
// (GH: Rapptz/discord.py#2451).
//
// A message of embeds has it in the address of its first one, which belongs to a
// title that Baton's embeds do not have, so that nobody sees or follows it. That
// Discord keeps it without a title is unverified.
//
// 26 characters of 5 bits are five numbers of 26 bits. Each has its place in the
// four bits above, and a bit above these that tells it from the small numbers
// which Discord gives by itself.
const (
	keyLength  = 26
	keyParts   = 5
	keyBits    = 26
	keyMark    = 1 << 30
	keyDigits  = "abcdefghijklmnopqrstuvwxyz234567"
	digitBits  = 5
	maxKeySeen = 100 // components that are looked at in a message that somebody else made
)

// keyAddress begins the address of an embed that carries a key.
const keyAddress = "https://discord.com/#"

// key is the key that a message was made with; "" where it has none.
func (m *message) key() string {
	if key := keyOf(m.components()); key != "" || !m.inEmbeds() {
		return key
	}
	for _, e := range m.embeds() {
		if key, ok := strings.CutPrefix(e.URL, keyAddress); ok && keyNumbers(key) != nil {
			return key
		}
	}
	return ""
}

// mark puts a key into components. Where there are fewer than it takes, it adds
// ones that show nothing.
func mark(all []component, key string) {
	parts := keyNumbers(key)
	if parts == nil {
		return
	}
	var those []*component
	walk(all, func(c *component) { those = append(those, c) })
	box := &all[len(all)-1]
	for missing := keyParts - len(those); missing > 0; missing-- {
		nothing := false
		box.Components = append(box.Components, component{Type: separator, Divider: &nothing})
	}
	i := 0
	walk(all, func(c *component) {
		if i < keyParts {
			c.ID = parts[i]
		}
		i++
	})
}

// walk visits components and those inside them, as long as they stand still.
func walk(all []component, visit func(*component)) {
	for i := range all {
		visit(&all[i])
		walk(all[i].Components, visit)
		for _, one := range []*component{all[i].Accessory, all[i].Component} {
			if one != nil {
				visit(one)
			}
		}
	}
}

// keyNumbers is a key as ids; nil where it is none.
func keyNumbers(key string) []int {
	if len(key) != keyLength {
		return nil
	}
	parts := make([]int, keyParts)
	for i := range keyLength {
		d := strings.IndexByte(keyDigits, key[i])
		if d < 0 {
			return nil
		}
		for bit := range digitBits {
			if d&(1<<(digitBits-1-bit)) != 0 {
				at := i*digitBits + bit
				parts[at/keyBits] |= 1 << (keyBits - 1 - at%keyBits)
			}
		}
	}
	for i := range parts {
		parts[i] |= keyMark | i<<keyBits
	}
	return parts
}

// keyOf is the key in components; "" where there is none.
func keyOf(all []component) string {
	var parts [keyParts]int
	n := 0
	walk(all, func(c *component) {
		if c.ID&keyMark != 0 && n < maxKeySeen {
			if i := c.ID &^ keyMark >> keyBits; i < keyParts {
				parts[i] = c.ID
			}
		}
		n++
	})
	if slices.Contains(parts[:], 0) {
		return ""
	}
	var key strings.Builder
	for i := range keyLength {
		d := 0
		for bit := range digitBits {
			at := i*digitBits + bit
			d = d<<1 | parts[at/keyBits]>>(keyBits-1-at%keyBits)&1
		}
		key.WriteByte(keyDigits[d])
	}
	return key.String()
}
