package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestTheDataDirectoryOfEachSystem(t *testing.T) {
	home := func() (string, error) { return "/home/ana", nil }
	for _, test := range []struct {
		system string
		env    map[string]string
		want   string
	}{
		{"linux", nil, "/home/ana/.local/share/baton"},
		{"linux", map[string]string{"XDG_DATA_HOME": "/data"}, "/data/baton"},
		{"linux", map[string]string{"XDG_DATA_HOME": "relative"}, "/home/ana/.local/share/baton"}, // to be ignored, as the specification says
		{"freebsd", nil, "/home/ana/.local/share/baton"},
		{"darwin", map[string]string{"XDG_DATA_HOME": "/data"}, "/home/ana/Library/Application Support/Baton"},
		{"windows", map[string]string{"LocalAppData": "/c/Local"}, "/c/Local/Baton"},
	} {
		got, err := userData(test.system, func(k string) string { return test.env[k] }, home)
		if filepath.ToSlash(got) != test.want || err != nil {
			t.Errorf("%s %v: %q, %v, want %q", test.system, test.env, got, err, test.want)
		}
	}
	nobody := func() (string, error) { return "", errors.New("no home") }
	for _, system := range []string{"linux", "darwin", "windows"} {
		if dir, err := userData(system, func(string) string { return "" }, nobody); exitCode(err) != exitUsage {
			t.Errorf("%s: %q, %v", system, dir, err)
		}
	}
}

func TestWhereTheDatabaseIs(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_DATA_HOME", filepath.Join(dir, "xdg"))
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ data, path, want string }{
		{"", "", "xdg/baton/baton.db"},
		{filepath.Join(dir, "d"), "", "d/baton.db"},
		{filepath.Join(dir, "d"), filepath.Join(dir, "other.db"), "d/baton.db"},
		{"", filepath.Join(dir, "other.db"), "other.db"},
		{"", filepath.Join(dir, "folder"), "folder/baton.db"},
		{"", filepath.Join(dir, "new") + "/", "new/baton.db"},
	} {
		j := &job{flags: flags{Data: test.data}}
		j.config.State.Path = test.path
		got, err := j.database()
		if want := filepath.Join(dir, test.want); got != want || err != nil {
			t.Errorf("--data %q, path %q: %q, %v, want %q", test.data, test.path, got, err, want)
		}
	}
}
