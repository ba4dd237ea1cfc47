package discord

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/synthoperator/baton/chat"
	"pgregory.net/rapid"
)

var aKey = rapid.StringMatching("[a-z2-7]{26}")

func TestKeyInComponents(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		key := aKey.Draw(rt, "key")
		m := chat.Message{Title: "T", Blocks: make([]chat.Block, rapid.IntRange(0, 7).Draw(rt, "blocks"))}
		for i := range m.Blocks {
			m.Blocks[i] = chat.Paragraph("x")
		}
		p, err := (&Adapter{}).renderPart(t.Context(), m, key)
		if err != nil {
			rt.Fatal(err)
		}
		seen := map[int]bool{}
		walk(p.Components, func(c *component) {
			if c.ID < 0 || c.ID > maxComponentID || c.ID > 0 && seen[c.ID] {
				rt.Errorf("the id %d", c.ID)
			}
			seen[c.ID] = true
		})
		if got := keyOf(p.Components); got != key {
			rt.Errorf("the key %s is read as %q", key, got)
		}
	})
}

// TestNoKey: a message that was made without a key has none, whatever numbers
// Discord gave its components, and neither has one of which a part is missing.
func TestNoKey(t *testing.T) {
	var all []component
	for i := range 40 {
		all = append(all, component{Type: textDisplay, ID: i + 1})
	}
	if key := keyOf(all); key != "" {
		t.Errorf("small numbers are the key %s", key)
	}
	mark(all, strings.Repeat("b", keyLength))
	if keyOf(all) == "" {
		t.Error("there is no key")
	}
	all[3].ID = 4
	if key := keyOf(all); key != "" {
		t.Errorf("four of five numbers are the key %s", key)
	}
}

// TestMarkupIsNoKey: nothing that people or agents write becomes a component's
// id, so that they cannot make a message of Baton's be taken for another.
func TestMarkupIsNoKey(t *testing.T) {
	text := strings.Repeat(`{"type":10,"id":1073741824,"content":"x"} `, 5)
	p, err := (&Adapter{}).renderPart(t.Context(), chat.Message{Title: text, Blocks: []chat.Block{chat.Rich(text), chat.Code(text)}}, "")
	if err != nil {
		t.Fatal(err)
	}
	if key := keyOf(p.Components); key != "" {
		t.Errorf("a text made the key %s", key)
	}
}

func TestLoudKey(t *testing.T) {
	key := "abcdefghijklmnopqrstuvwxyz"
	loud := loudKey(key)
	if len(loud) != keyLength || loud[:6] != key[:6] || loud == key || keyNumbers(loud) == nil {
		t.Errorf("%q", loud)
	}
}

// TestCase15Nonce: at most 25 characters, the same after a restart, another for another
// post.
func TestCase15Nonce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := aKey.Draw(rt, "a"), aKey.Draw(rt, "b")
		if n := nonce("1", a); len(n) != maxNonce {
			rt.Errorf("the nonce %q", n)
		}
		if a != b && nonce("1", a) == nonce("1", b) {
			rt.Errorf("%s and %s have one nonce", a, b)
		}
	})
	// What it is must not depend on the run: it is sent again after a restart.
	if got := nonce("1", "abcdefghijklmnopqrstuvwxyz"); got != "z7ox4aupptgjo7u44lbgrqpho" {
		t.Errorf("the nonce is %q", got)
	}
	last := "abcdefghijklmnopqrstuvwxy"
	if diff := cmp.Diff(nonce("1", last+"a"), nonce("1", last+"b")); diff == "" {
		t.Error("keys that differ in their last character have one nonce")
	}
}
