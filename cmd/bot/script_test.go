package main

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	bbolt "go.etcd.io/bbolt"

	"github.com/synthoperator/baton/state/bolt"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"bot": main, "dying": dying, "speaking": speaking, "slackgo-bot": slackGoBot, "echo-bot": echoBot,
		"profiled-bot": profiledBot, "slack-dying": slackDying,
	})
}

// The program as it is used: its words, its exit codes, what it leaves behind.
// Beside testscript's own, a script may use
//
//	code N command …   run a command that must end with that exit code
//	hold FILE          open a database as a running bot does, until the script ends
//	schema FILE N      have a database say that a release of that schema wrote it
//	flip FILE OFFSET   change one bit
//	cut FILE SIZE      cut a file off
//	until FILE TEXT    wait until a file holds a text
//
// and a Slack and a Discord of its own, see [slackCommand] and [discordCommand].
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_DATA_HOME", filepath.Join(env.WorkDir, "xdg"))
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			world := &slackHolder{}
			env.Values[slackWorldKey{}] = world
			other := &discordHolder{}
			env.Values[discordWorldKey{}] = other
			env.Defer(func() {
				if err := other.end(env.WorkDir); err != nil {
					env.T().Fatal(err)
				}
				if err := world.end(env.WorkDir); err != nil {
					env.T().Fatal(err)
				}
			})
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond != "root" {
				return false, fmt.Errorf("unknown condition %q", cond)
			}
			return os.Getuid() == 0, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": wantCode, "hold": hold, "schema": writeSchema, "flip": flip, "cut": cut, "slack": slackCommand, "discord": discordCommand, "until": until,
		},
	})
}

func wantCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command …")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func hold(ts *testscript.TestScript, _ bool, args []string) {
	db, err := bolt.Open(ts.MkAbs(args[0]), bolt.Options{})
	ts.Check(err)
	ts.Defer(func() { _ = db.Close() })
}

// writeSchema writes the row as package bolt seals it.
func writeSchema(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	db, err := bbolt.Open(ts.MkAbs(args[0]), 0o600, nil)
	ts.Check(err)
	defer db.Close()
	key, value := "schema", string(binary.AppendUvarint(nil, uint64(n)))
	sum := crc32.Checksum([]byte("meta\x00\x06"+key+value), crc32.MakeTable(crc32.Castagnoli))
	ts.Check(db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("meta")).Put([]byte(key), binary.BigEndian.AppendUint32([]byte(value), sum))
	}))
}

func flip(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	data, err := os.ReadFile(path)
	ts.Check(err)
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	data[at] ^= 1
	ts.Check(os.WriteFile(path, data, 0o600))
}

func cut(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// until waits for what another process writes. There is nothing to wait on but
// the file.
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: until FILE TEXT")
	}
	text := ""
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		data, _ := os.ReadFile(ts.MkAbs(args[0]))
		if text = string(data); strings.Contains(text, args[1]) {
			return
		}
	}
	ts.Fatalf("%s does not come to hold %q:\n%s", args[0], args[1], text)
}
