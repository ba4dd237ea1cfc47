//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
	"github.com/synthoperator/baton/state/memory"
)

// large is a backend whose copy is large, and which says when it was made.
type large struct {
	state.Backend
	made chan struct{}
}

func (l large) Backup(_ context.Context, w io.Writer) error {
	defer close(l.made)
	_, err := w.Write(make([]byte, 8<<20))
	return err
}

func doorOver(t *testing.T, b state.Backend) *door {
	t.Helper()
	st, err := state.Open(b, state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return newDoor(testJob(t, io.Discard), filepath.Join(t.TempDir(), databaseName), st)
}

// visitor is the other end of a visit.
func visitor(t *testing.T, d *door) (net.Conn, chan struct{}) {
	t.Helper()
	here, there := net.Pipe()
	left := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer close(left)
		d.visit(ctx, there)
	}()
	t.Cleanup(func() {
		cancel()
		<-left
	})
	return here, left
}

// outcome is the first status that is not busy.
func outcome(t *testing.T, r *bufio.Reader) status {
	t.Helper()
	for {
		var s status
		if err := readLine(r, maxStatus, &s); err != nil {
			t.Fatal(err)
		}
		if !s.Busy {
			return s
		}
	}
}

// The transaction of a backup does not wait for who takes it: nothing is read
// here until the copy is made.
func TestASlowVisitorHoldsNoTransaction(t *testing.T) {
	b := large{memory.New(), make(chan struct{})}
	d := doorOver(t, b)
	conn, left := visitor(t, d)
	if err := say(conn, request{Do: "backup"}); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	s := outcome(t, r)
	<-b.made
	if s.Bytes != 8<<20 {
		t.Errorf("%+v", s)
	}
	_ = conn.Close() // it goes away in the middle
	<-left
	if all, err := os.ReadDir(filepath.Dir(d.path)); err != nil || len(all) > 0 {
		t.Errorf("left behind: %v, %v", all, err)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{`{"do":"restore"}`, `cannot do "restore"; is it of another release?`},
		{`backup`, "cannot be read"},
		{`{"do":"` + strings.Repeat("x", maxRequest) + `"}`, "longer than 64 KiB"},
		{strings.Repeat("x", 2*maxRequest), "longer than 64 KiB"},
	} {
		conn, _ := visitor(t, doorOver(t, memory.New()))
		go func() { _, _ = io.WriteString(conn, test.line+"\n") }()
		r := bufio.NewReader(conn)
		s := outcome(t, r)
		if s.Code != exitUsage || !strings.Contains(s.Error, test.want) || s.Bytes != 0 {
			t.Errorf("%.40s: %+v", test.line, s)
		}
		_ = conn.Close()
	}
}

// held is a database that is open here, with somebody at its door.
func held(t *testing.T, answer func(net.Conn, *bolt.DB)) (dir string) {
	t.Helper()
	dir = t.TempDir()
	path := filepath.Join(dir, databaseName)
	db, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	l, err := openDoorway(path)
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	t.Cleanup(func() {
		_ = l.Close()
		<-gone
	})
	go func() {
		defer close(gone)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			var q request
			_ = readLine(bufio.NewReader(conn), maxRequest, &q)
			answer(conn, db)
			_ = conn.Close()
		}
	}()
	return dir
}

func ask(t *testing.T, args ...string) (code int, text string) {
	t.Helper()
	var out bytes.Buffer
	code = execute(t.Context(), args, streams{strings.NewReader(""), &out, &out})
	return code, out.String()
}

// A bot that ends while it answers leaves the file to who asked.
func TestABotThatEndsWhileItAnswers(t *testing.T) {
	dir := held(t, func(conn net.Conn, db *bolt.DB) {
		_ = say(conn, status{Bytes: 1000})
		_, _ = io.WriteString(conn, "half of it")
		_ = db.Close()
	})
	if code, out := ask(t, "history", "--data", dir); code != exitDone || out != "no session was started yet\n" {
		t.Errorf("%d: %s", code, out)
	}
}

// Nothing gets a name that is not a whole database.
func TestABackupThatIsNone(t *testing.T) {
	for _, test := range []struct {
		code   int
		answer func(net.Conn, *bolt.DB)
	}{
		{exitDamaged, func(conn net.Conn, _ *bolt.DB) {
			_ = say(conn, status{Bytes: 4})
			_, _ = io.WriteString(conn, "none")
		}},
		{exitFailed, func(conn net.Conn, _ *bolt.DB) { _ = say(conn, status{Code: exitFailed, Error: "the disk is full"}) }},
		{exitFailed, func(conn net.Conn, _ *bolt.DB) { _ = say(conn, status{Bytes: 4}) }},
	} {
		dir, to := held(t, test.answer), t.TempDir()
		if out := mustRun(t, test.code, "backup", filepath.Join(to, "copy.db"), "--data", dir); !strings.HasPrefix(out, "bot: ") {
			t.Error(out)
		}
		if all, err := os.ReadDir(to); err != nil || len(all) > 0 {
			t.Errorf("left behind: %v, %v", all, err)
		}
	}
}

// Only a socket is replaced, and only one's own is removed.
func TestDoorway(t *testing.T) {
	path := filepath.Join(t.TempDir(), databaseName)
	socket := doorPath(path)
	if err := os.WriteFile(socket, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openDoorway(path); err == nil || !strings.Contains(err.Error(), "is no socket") {
		t.Error(err)
	}
	if err := os.Remove(socket); err != nil {
		t.Fatal(err)
	}
	first, err := openDoorway(path)
	if err != nil {
		t.Fatal(err)
	}
	second, err := openDoorway(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(socket); err != nil {
		t.Error("another's socket was removed: ", err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(socket); err == nil {
		t.Error("its own socket was left")
	}
}
