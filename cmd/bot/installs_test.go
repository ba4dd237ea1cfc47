package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
	"github.com/synthoperator/baton/state/memory"
)

func sealKey(fill byte) Secret {
	return Secret{base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{fill}, 32))}
}

func mustSeal(t *testing.T, key Secret) sealer {
	t.Helper()
	s, err := newSealer(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openStore(t *testing.T, b state.Backend) *state.Store {
	t.Helper()
	st, err := state.Open(b, state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

func openTestInstalls(t *testing.T, st *state.Store, key Secret) *installs {
	t.Helper()
	all, err := openInstalls(t.Context(), st, mustSeal(t, key), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// inst is an installation whose token says where it belongs.
func inst(enterprise, team string) slack.Install {
	return slack.Install{
		Enterprise: enterprise, Team: team, App: "A1", BotUser: "UBOT" + team, Bot: "B1", By: "U1",
		Token: slack.Secret("canary-" + enterprise + "-" + team), Scopes: []string{"chat:write"},
	}
}

// A workspace's own installation is found before its organisation's, whether or
// not the organisation is named; workspaces that have neither are strangers.
func TestWhichInstallationIsFound(t *testing.T) {
	all := openTestInstalls(t, openStore(t, memory.New()), sealKey(1))
	for _, in := range []slack.Install{inst("", "T1"), inst("E1", "T2"), inst("E1", "")} {
		if err := all.Put(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ enterprise, team, want string }{
		{"", "T1", "canary--T1"},
		{"E1", "T2", "canary-E1-T2"},
		{"", "T2", "canary-E1-T2"},
		{"", "T3", ""},
		{"E1", "T3", "canary-E1-"},
		{"E1", "", "canary-E1-"},
		{"", "T3", "canary-E1-"},
		{"", "T4", ""},
		{"E2", "T4", ""},
		{"E2", "T3", ""},
		{"E2", "", ""},
		{"", "", ""},
	} {
		in, ok, err := all.Find(t.Context(), c.enterprise, c.team)
		if err != nil || ok != (c.want != "") || string(in.Token) != c.want {
			t.Errorf("%+v: %q, %v, %v", c, string(in.Token), ok, err)
		}
	}
	got, err := all.All(t.Context())
	if err != nil || len(got) != 3 {
		t.Fatalf("%v, %v", got, err)
	}
	if diff := cmp.Diff(inst("E1", ""), got[0]); diff != "" {
		t.Error(diff)
	}
}

// Forgetting a token takes nothing else, and an installation that comes again
// works again.
func TestAnInstallationIsForgottenAndComesAgain(t *testing.T) {
	st := openStore(t, memory.New())
	all := openTestInstalls(t, st, sealKey(1))
	if err := errors.Join(all.Put(t.Context(), inst("", "T1")), all.Put(t.Context(), inst("E1", "")), all.Put(t.Context(), inst("E1", "T2"))); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(all.Remove(t.Context(), "", "T1"), all.Remove(t.Context(), "", "T1"), all.Remove(t.Context(), "E1", "T2"), all.Remove(t.Context(), "E9", "T9")); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := all.Find(t.Context(), "", "T1"); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	if in, ok, _ := all.Find(t.Context(), "E1", "T2"); !ok || in.Team != "" {
		t.Errorf("the organisation's own was forgotten too: %v", in)
	}
	_ = st.Own(t.Context(), slackRows, func(tx *state.FollowTx) error {
		data, ok, err := tx.Get(rowOf("", "T1"))
		kept, _ := readInstall("", data, ok)
		if err != nil || kept.By != "U1" || kept.Revoked.IsZero() || kept.Sealed != nil {
			t.Errorf("what is left: %+v, %v", kept, err)
		}
		return nil
	})
	if err := all.Put(t.Context(), inst("", "T1")); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := all.Find(t.Context(), "", "T1"); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestAWrongKeyIsASentence(t *testing.T) {
	st := openStore(t, memory.New())
	all := openTestInstalls(t, st, sealKey(1))
	if err := all.Put(t.Context(), inst("", "T1")); err != nil {
		t.Fatal(err)
	}
	_, err := openInstalls(t.Context(), st, mustSeal(t, sealKey(2)), time.Now)
	if err == nil || exitCode(err) != exitUsage || !strings.Contains(err.Error(), "encrypted with another key than BATON_ENCRYPTION_KEY holds; set the key of then") {
		t.Error(err)
	}
	for _, bad := range []string{"", "short", "not base64!", base64.StdEncoding.EncodeToString(make([]byte, 31)), base64.StdEncoding.EncodeToString(make([]byte, 33))} {
		if _, err := newSealer(Secret{bad}); err == nil || !strings.Contains(err.Error(), "openssl rand -base64 32") || bad != "" && strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A token opens only where it was sealed: whoever can write to the database
// cannot make Baton use one workspace's token in another.
func TestATokenStaysWithItsWorkspace(t *testing.T) {
	st := openStore(t, memory.New())
	all := openTestInstalls(t, st, sealKey(1))
	if err := errors.Join(all.Put(t.Context(), inst("", "T1")), all.Put(t.Context(), inst("", "T2"))); err != nil {
		t.Fatal(err)
	}
	edit := func(change func(tx *state.FollowTx, one []byte)) {
		t.Helper()
		err := st.Own(t.Context(), slackRows, func(tx *state.FollowTx) error {
			one, _, err := tx.Get(rowOf("", "T1"))
			change(tx, one)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func(tx *state.FollowTx, one []byte){
		"moved as it is": func(tx *state.FollowTx, one []byte) { tx.Put(rowOf("", "T2"), one) },
		"moved and renamed": func(tx *state.FollowTx, one []byte) {
			tx.Put(rowOf("", "T2"), bytes.ReplaceAll(one, []byte(`"T1"`), []byte(`"T2"`)))
		},
	} {
		edit(change)
		in, ok, err := all.Find(t.Context(), "", "T2")
		if ok || err == nil || !strings.Contains(err.Error(), "has to install the app again") || in.Token != "" {
			t.Errorf("%s: %v, %v, %v", name, in, ok, err)
		}
	}
	s := mustSeal(t, sealKey(1))
	sealed := s.seal("canary", "here")
	for i := range sealed {
		sealed[i] ^= 1
		if _, err := s.open(sealed, "here"); !errors.Is(err, errSealed) {
			t.Fatalf("byte %d may be changed: %v", i, err)
		}
		sealed[i] ^= 1
	}
	if bytes.Equal(s.seal("canary", "here"), s.seal("canary", "here")) {
		t.Error("equal tokens are kept equally")
	}
}

// Neither the database nor a backup of it holds a token.
func TestTheDatabaseHoldsOnlyCiphertext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "baton.db")
	db, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	st := openStore(t, db)
	all := openTestInstalls(t, st, sealKey(1))
	for _, in := range []slack.Install{inst("", "T1"), inst("E1", ""), inst("E1", "T2")} {
		if err := all.Put(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if err := all.Remove(t.Context(), "", "T1"); err != nil {
		t.Fatal(err)
	}
	var backup bytes.Buffer
	if err := st.Backup(context.Background(), &backup); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"the database": file, "its backup": backup.Bytes()} {
		if bytes.Contains(data, []byte("canary")) || bytes.Contains(data, []byte(sealKey(1).Reveal())) || bytes.Contains(data, bytes.Repeat([]byte{1}, 32)) {
			t.Errorf("%s holds a secret", name)
		}
		if !bytes.Contains(data, []byte("UBOTT2")) {
			t.Errorf("%s does not hold the installation at all", name)
		}
	}
}

// A check tells of every installation: that there is none, one that was taken out,
// and one whose token does not open with this key.
func TestACheckTellsOfInstallations(t *testing.T) {
	st := openStore(t, memory.New())
	all := openTestInstalls(t, st, sealKey(1))
	check := func(key byte) string {
		t.Helper()
		s := slackChecked{}
		if err := s.installs(t.Context(), &installs{store: st, seal: mustSeal(t, sealKey(key))}, SlackConfig{PublicURL: "https://baton.example.com"}); err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, c := range s.Checks {
			text += c.State + " " + withRemedy(c.Detail, c.Remedy) + "\n"
		}
		return text
	}
	mustSay(t, check(1), "no workspace has installed the app yet", "https://baton.example.com/slack/install")
	for _, in := range []slack.Install{inst("", "T1"), inst("E1", "")} {
		if err := all.Put(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if err := all.Remove(t.Context(), "", "T1"); err != nil {
		t.Fatal(err)
	}
	text := check(2)
	mustSay(t, text, "noted", "workspace T1 took the app out on", "wrong", "organisation E1, installed", "by U1: its token cannot be read")
	if strings.Contains(text, "canary") {
		t.Errorf("a token is shown: %s", text)
	}
}
