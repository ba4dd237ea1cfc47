//go:build unix

package bolt

import (
	"bufio"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/statetest"
)

var kills = flag.Int("kills", 48, "how many processes to kill")

// victim, if it is set, is the database that this process works on until it
// is killed.
const victim = "BATON_TEST_VICTIM"

// workers is how many callers a victim has.
const workers = 8

// work accepts commands and says so on standard output, until the process is
// killed: by itself at the given hit of a step, or by its parent. Each round
// begins by sending again what the round before sent last.
func work(path, step string, hit, round int) {
	var hits atomic.Int64
	db, err := Open(path, Options{Step: func(name string) {
		if name == step && hits.Add(1) == int64(hit) {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}})
	if err != nil {
		fmt.Println("fault", err)
		return
	}
	st, _ := state.Open(db, state.Options{Fatal: func(err error) { fmt.Println("fault", err) }})
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			var id state.SessionID
			for i := max(0, round*100-5); i < (round+1)*100; i++ {
				key := fmt.Sprint(w, "/", i)
				var r state.Result
				var err error
				if i%10 == 0 || id == "" {
					r, err = st.Create(ctx, statetest.Start(key, "test/w/c", ""))
				} else {
					r, err = st.Update(ctx, statetest.Record(key, id, key))
				}
				if err != nil {
					fmt.Println("fault", err)
					return
				}
				id = r.ID
				_, _ = os.Stdout.WriteString(fmt.Sprintf("ack %s %s %d\n", key, r.ID, r.Entry.Seq))
			}
		})
	}
	group.Wait()
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
}

// TestKill: whenever the process is killed, at every step of a commit and at
// random, what was acknowledged is there, once, and the file is sound.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "baton.db")
	chance := rand.New(rand.NewPCG(*seed, 3))
	steps := []string{"enqueued", "before-commit", "in-transaction", "visible", "committed", "before-reply", "from outside"}
	acked := map[string]state.Head{}
	for round := range *kills {
		step := steps[round%len(steps)]
		last := kill(t, path, step, 1+chance.IntN(60), round, acked)
		if _, err := VerifyFile(ctx, path, func(f state.Finding) { t.Errorf("round %d, %s: %v", round, step, f) }); err != nil {
			t.Fatalf("round %d, %s: %v", round, step, err)
		}
		compareAcked(t, path, acked)
		if t.Failed() {
			t.Fatalf("after round %d, killed at %s; the last line was %q", round, step, last)
		}
	}
	t.Logf("%d kills, %d acknowledged", *kills, len(acked))
}

// kill runs a victim to its end and notes what it acknowledged.
func kill(t *testing.T, path, step string, hit, round int, acked map[string]state.Head) (last string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"="+path, "BATON_TEST_STEP="+step, fmt.Sprint("BATON_TEST_HIT=", hit), fmt.Sprint("BATON_TEST_ROUND=", round))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		last = lines.Text()
		var key, id string
		var seq uint64
		if _, err := fmt.Sscanf(last, "ack %s %s %d", &key, &id, &seq); err != nil {
			t.Errorf("the victim says %q", last)
			continue
		}
		head := state.Head{Stream: state.SessionStream(state.SessionID(id)), Seq: seq}
		if was, ok := acked[key]; ok && was != head {
			t.Errorf("%s was acknowledged as %v and as %v", key, was, head)
		}
		acked[key] = head
		if step == "from outside" && n == hit {
			must(t, cmd.Process.Kill())
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Errorf("the victim was not killed: %v", err)
	}
	return last
}

// compareAcked looks every acknowledged key up, and that no key is in the log
// twice.
func compareAcked(t *testing.T, path string, acked map[string]state.Head) {
	t.Helper()
	db := open(t, path, Options{})
	defer db.bolt.Close() // as it is: the next victim finds the index unwritten
	found := map[string]state.Head{}
	must(t, db.bolt.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(logBucket)).ForEach(func(key, stored []byte) error {
			e, _, err := parseEntry(key, stored)
			if _, twice := found[e.key]; twice {
				t.Errorf("%s had effect twice", e.key)
			}
			found[e.key] = state.Head{Stream: e.stream, Seq: e.seq}
			return err
		})
	}))
	st := store(t, db)
	for key, want := range acked {
		stream, seq, ok, err := st.Seen(ctx, key)
		if got := found[key]; got != want || !ok || stream != want.Stream || seq != want.Seq || err != nil {
			t.Errorf("%s was acknowledged as %v and is %v; looked up: %v %d %v", key, want, got, stream, seq, err)
		}
	}
}
