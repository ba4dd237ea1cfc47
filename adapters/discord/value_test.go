package discord

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// kept is a Keep in memory.
type kept map[string][]byte

func (k kept) Put(_ context.Context, key string, value []byte, _ time.Duration) error {
	k[key] = value
	return nil
}

func (k kept) Get(_ context.Context, key string) ([]byte, bool, error) {
	value, ok := k[key]
	return value, ok, nil
}

// What a button carries comes back as it was, however long it is, and fits.
func TestValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := value{
			Verb: rapid.StringMatching(`[a-z]{1,10}`).Draw(t, "verb"),
			Args: rapid.MapOfN(rapid.StringMatching(`[a-z]{1,10}`), rapid.String(), 0, 6).Draw(t, "args"),
			Form: rapid.Bool().Draw(t, "form"), Option: rapid.StringMatching(`[a-z]{0,10}`).Draw(t, "option"),
		}
		keep := kept{}
		id, err := want.custom(t.Context(), keep)
		if err != nil {
			t.Fatal(err)
		}
		if n := utf8.RuneCountInString(id); n < 1 || n > maxCustomID {
			t.Fatalf("a custom_id of %d characters", n)
		}
		got, err := parseCustom(t.Context(), keep, id)
		if err != nil || got.Verb != want.Verb || got.Form != want.Form || got.Option != want.Option || !maps.Equal(got.Args, want.Args) && len(want.Args) > 0 {
			t.Fatalf("%q came back as %+v, %v; it was %+v", id, got, err, want)
		}
	})
}

// What Baton never made is told apart from what it did.
func TestForeignValues(t *testing.T) {
	for _, id := range []string{"", "b1:", "b1:f=1", "k1:unknown", "b2:v=status", "approve", "b1:%zz", strings.Repeat("x", 100)} {
		if v, err := parseCustom(t.Context(), kept{}, id); err == nil {
			t.Errorf("%q was taken for %+v", id, v)
		}
	}
}
