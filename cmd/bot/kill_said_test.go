package main

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var saidKills = flag.Int("saidkills", 200, "how many times TestKillSaid kills the bot at a random moment")

// The bot is killed while it tells two platforms what was decided, in all ways
// there are, and started again on what it left. Whatever was decided is said
// once wherever it is to be heard, in order; nothing is lost, and nothing is
// said that did not happen.
func TestKillSaid(t *testing.T) {
	t.Parallel()
	k := &killingSpeaker{seed: *killSeed}
	if k.seed == 0 {
		k.seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-killseed=%d", k.seed)
	var all []func()
	for i := range saidTrials {
		all = append(all, func() { t.Run("at random", func(t *testing.T) { k.atRandom(t, uint64(i)) }) })
	}
	for i, step := range saidSteps(t) {
		all = append(all, func() { t.Run("at "+step, func(t *testing.T) { k.atStep(t, step, 100+uint64(i)) }) })
	}
	for name, test := range map[string]func(*killingSpeaker, *testing.T){
		"with the reply on its way": (*killingSpeaker).replyOnItsWay,
		"beside a second bot":       (*killingSpeaker).besideASecond,
	} {
		all = append(all, func() { t.Run(name, func(t *testing.T) { test(k, t) }) })
	}
	for i, at := range []string{"", "rows@1", "attempting@1", "posted@1", "posted@2", "delivered@1"} {
		all = append(all, func() { t.Run("restored "+at, func(t *testing.T) { k.restored(t, at, 400+uint64(i)) }) })
	}
	together(all)
	t.Log(k.all)
}

// together runs tests that wait more than they work, more of them at once than
// there are processors.
func together(all []func()) {
	left := make(chan func(), len(all))
	for _, test := range all {
		left <- test
	}
	close(left)
	var running sync.WaitGroup
	for range 5 {
		running.Go(func() {
			for test := range left {
				test()
			}
		})
	}
	running.Wait()
}

const saidTrials = 4

// killingSpeaker is what the tests of what is said have in common.
type killingSpeaker struct {
	seed uint64

	mu  sync.Mutex
	all tallyHeard
}

func (k *killingSpeaker) add(s *stage) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all.add(s.heard)
}

// atRandom kills at random moments, from the start of the process on.
func (k *killingSpeaker) atRandom(t *testing.T, stream uint64) {
	s := newStage(t, k.seed, stream)
	end := s.fail()
	for range (*saidKills + saidTrials - 1) / saidTrials {
		s.live("", s.rng.IntN(6) > 0)
	}
	end()
	s.look()
	k.add(s)
}

// leadsTo is what people say that leads to a step which is seldom come to.
var leadsTo = map[string]string{"fired": remind, "bound": startIt}

// atStep kills at a step, the first time it comes to it, the second and so on.
func (k *killingSpeaker) atStep(t *testing.T, step string, stream uint64) {
	s := newStage(t, k.seed, stream)
	s.often = leadsTo[step]
	end := s.fail()
	for n := range 8 {
		s.live(fmt.Sprintf("%s@%d", step, 1+n%4), true)
	}
	for range 40 { // a step that is seldom come to
		if s.heard.atStep >= 3 {
			break
		}
		s.live(step+"@1", true)
	}
	if s.heard.atStep < 3 {
		t.Errorf("the bot came to the step %q only %d times: have people say what leads there", step, s.heard.atStep)
	}
	end()
	s.look()
	k.add(s)
}

// saidSteps are the steps that the code names, of what is said and of a commit,
// so that a new one is not forgotten here.
func saidSteps(t *testing.T) (all []string) {
	t.Helper()
	for _, dir := range []string{"../../announce", "../../state/bolt"} {
		packages, err := parser.ParseDir(token.NewFileSet(), filepath.FromSlash(dir), func(f fs.FileInfo) bool {
			return !strings.HasSuffix(f.Name(), "_test.go")
		}, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range packages {
			ast.Inspect(p, func(n ast.Node) bool {
				if step, ok := stepOf(t, n); ok && !slices.Contains(all, step) {
					all = append(all, step)
				}
				return true
			})
		}
	}
	slices.Sort(all)
	if len(all) < 10 {
		t.Fatalf("only %q are named in the code", all)
	}
	return all
}

// stepOf is the step that a piece of code names.
func stepOf(t *testing.T, n ast.Node) (string, bool) {
	t.Helper()
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return "", false
	}
	if sel, ok := call.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "step" {
		return "", false
	}
	text, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		t.Fatal("a step is named by something else than a text: it cannot be found here")
	}
	step, err := strconv.Unquote(text.Value)
	if err != nil {
		t.Fatal(err)
	}
	return step, true
}
