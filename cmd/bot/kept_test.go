package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

// counted is a backend that counts its commits.
type counted struct {
	state.Backend
	n int
}

func (c *counted) Commit(ctx context.Context, w state.Write) error {
	c.n++
	return c.Backend.Commit(ctx, w)
}

// What a button stands for is there after a restart, as it was put last; a card
// that is drawn again writes nothing.
func TestWhatButtonsStandForIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		db := &counted{Backend: kept{memory.New()}}
		open := func() (*state.Store, keptTexts) {
			st, err := state.Open(db, state.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return st, newKept(st)
		}
		st, keep := open()
		model := map[string]string{}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				key := rapid.StringMatching(`[a-c]{1,2}`).Draw(t, "key")
				value := rapid.StringMatching(`[x-z]{1,3}`).Draw(t, "value")
				before := db.n
				if err := keep.Put(context.Background(), key, []byte(value), time.Hour); err != nil {
					t.Fatal(err)
				}
				if wrote := db.n - before; wrote != 1 && model[key] != value || wrote != 0 && model[key] == value {
					t.Fatalf("%d commits for %s = %s, which was %s", wrote, key, value, model[key])
				}
				model[key] = value
			},
			"restart": func(t *rapid.T) {
				if err := st.Close(); err != nil {
					t.Fatal(err)
				}
				st, keep = open()
			},
			"": func(t *rapid.T) {
				for _, key := range []string{"a", "b", "ab", "cc"} {
					value, ok, err := keep.Get(context.Background(), key)
					if want, there := model[key]; err != nil || ok != there || string(value) != want {
						t.Fatalf("%s is %q, %v, %v; want %q", key, value, ok, err, want)
					}
				}
			},
		})
	})
}

// What buttons stand for is kept no longer than that, and there is room for so
// much: what would end first makes way. What is shown again is kept on.
func TestWhatButtonsStandForEnds(t *testing.T) {
	db, now := &counted{Backend: memory.New()}, time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	st, err := state.Open(db, state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	keep := keptTexts{keptRows{st, discordRows, func() time.Time { return now }, 20}}
	put := func(key string, life time.Duration) {
		t.Helper()
		if err := keep.Put(t.Context(), key, []byte(key+"'s"), life); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(key string, want bool) {
		t.Helper()
		if value, ok, err := keep.Get(t.Context(), key); err != nil || ok != want || want && string(value) != key+"'s" {
			t.Errorf("%s: %q %v %v", key, value, ok, err)
		}
	}
	put("form", time.Hour)
	put("button", 10*time.Hour)
	now = now.Add(2 * time.Hour)
	holds("form", false)
	holds("button", true)
	before := db.n
	put("button", 10*time.Hour)
	if db.n != before {
		t.Error("a card that is drawn again writes")
	}
	now = now.Add(4 * time.Hour)
	put("button", 10*time.Hour)
	now = now.Add(9 * time.Hour)
	holds("button", true)
	for n := range 30 {
		put(fmt.Sprint("more ", n), time.Duration(2+n)*time.Hour)
	}
	holds("button", false)
	holds("more 9", false)
	holds("more 10", true)
	rows := 0
	if err := st.Own(t.Context(), discordRows, func(tx *state.FollowTx) error {
		all, err := tx.List("", "", 100)
		rows = len(all)
		return err
	}); err != nil || rows != 20 {
		t.Errorf("%d rows, %v", rows, err)
	}
}

// Where several of a server's roles and permissions make somebody something, the
// one that gives most counts.
func TestRolesOfDiscord(t *testing.T) {
	c, _, err := load(t, "[discord.roles]\napprover = ['123456789012345678', 'Manage_Threads']\nobserver = ['123456789012345678']\n")
	if err != nil {
		t.Fatal(err)
	}
	d := testJob(t, nil).newDiscord(&hosts{}, c.Discord, Secret{"t"})
	got := d.options(&parts{}).Roles
	if got["123456789012345678"] != "approver" || got["manage_threads"] != "approver" || len(got) != 2 {
		t.Errorf("%v", got)
	}
}

// What stands in the token's place is told, and never shown.
func TestDiscordsTokenInItsPlace(t *testing.T) {
	for value, want := range map[string]string{
		"":                          "DISCORD_BOT_TOKEN is not set: press Reset Token",
		canaryBot:                   "DISCORD_BOT_TOKEN holds Slack's bot token: press Reset Token",
		strings.Repeat("0a", 32):    "DISCORD_BOT_TOKEN holds a public key where the bot's token belongs",
		canaryDiscord + " and more": "DISCORD_BOT_TOKEN holds more than a token",
		canaryDiscord:               "",
		"Bot " + canaryDiscord:      "",
	} {
		t.Setenv(discordBotToken, value)
		token, wrong := discordTokenOf(DiscordConfig{})
		text := joinSentences(wrong)
		if !strings.HasPrefix(text, want) || want == "" && (text != "" || token.Reveal() != canaryDiscord) {
			t.Errorf("%q instead of %q", text, want)
		}
		if strings.Contains(text, "canary") {
			t.Errorf("the token is shown: %s", text)
		}
	}
}
