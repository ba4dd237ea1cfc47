package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bitsFlip changes one bit of the database at a time. The program either says
// so, or nothing that was decided is different. A session with a damaged record
// takes nothing more, and the others go on.
func (k *killing) bitsFlip(t *testing.T) {
	tr := newTrial(t)
	lines := append([][2]string{{"ben@ops", "start solo-sprint Goal KEY because KEY"}, {"ben@ops/1", "note open d-KEY because KEY"}}, flow[:len(flow)-1]...)
	tr.clean(shipped(k.bot), lines...)
	file := filepath.Join(tr.dir, databaseName)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.TrimRight(data, "\x00")
	rng := rand.New(rand.NewPCG(k.seed, 99))
	noticed, harmless := 0, 0
	for range 40 {
		dir, at := t.TempDir(), rng.IntN(len(data))
		flipped(t, file, dir, int64(at), rng.IntN(8))
		switch code, out := runBot(t, k.bot, "verify", "--json", "--data", dir); code {
		case exitDamaged:
			noticed++
		case exitDone:
			harmless++
			tr.look(filepath.Join(dir, databaseName))
		default:
			tr.problem("verify: exit code %d, %s", code, out)
		}
		tr.settled("after a bit flipped at "+nth(at), nil)
	}
	t.Logf("%d flips noticed, %d without effect", noticed, harmless)
	k.fenced(t, tr, file, data)
}

// fenced flips a bit in a record of one session and talks to both.
func (k *killing) fenced(t *testing.T, tr *trial, file string, data []byte) {
	status, note := tr.hear("ben@ops/1", "status"), tr.hear("ben@ops/1", "note artifact d-KEY because KEY")
	found := false
	for at := 0; ; at++ {
		next := bytes.Index(data[at:], []byte(`"d-k4"`)) // of launch/1; pages that are free may hold it too
		if next < 0 {
			break
		}
		at += next
		dir := t.TempDir()
		flipped(t, file, dir, int64(at+1), 0)
		code, out := runBot(t, k.bot, "verify", "--data", dir)
		if code != exitDamaged {
			continue
		}
		found = true
		if !strings.Contains(out, ", decision ") || !strings.Contains(out, "checksum") {
			t.Errorf("verify does not say what is damaged: %s", out)
		}
		l := begin(t, shipped(k.bot), dir)
		for _, h := range []*heard{{key: "x1", text: "ana@launch/1> status"}, {key: "x2", text: "ana@launch/1> note open d-KEY"}, status, note} {
			l.say(h)
		}
		_ = l.in.Close()
		var answers []string
		for raw := range l.answers {
			answers = append(answers, raw)
		}
		if code := l.end(); code != exitDone || len(answers) != 4 {
			t.Fatalf("exit code %d with %d answers, %s", code, len(answers), &l.err)
		}
		for _, raw := range answers[:2] {
			if !isFault(raw) || !strings.Contains(raw, "damaged") {
				t.Errorf("the damage is not told: %s", raw)
			}
		}
		if !same(status.answer, answers[2]) || !same(note.answer, answers[3]) {
			t.Errorf("another session does not go on: %s", answers[2:])
		}
	}
	if !found {
		t.Error("no flip hit the record")
	}
}

// flipped copies a database into a folder, with one bit changed.
func flipped(t *testing.T, file, dir string, at int64, bit int) {
	t.Helper()
	path := filepath.Join(dir, databaseName)
	if err := copyFile(file, path); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b [1]byte
	if _, err := f.ReadAt(b[:], at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 1 << bit
	if _, err := f.WriteAt(b[:], at); err != nil {
		t.Fatal(err)
	}
}
