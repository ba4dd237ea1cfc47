package library

import (
	"archive/tar"
	"cmp"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

func write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// age makes everything look as if it had been left alone for an hour.
func age(t testing.TB, root string) {
	t.Helper()
	then := time.Now().Add(-time.Hour)
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.Type()&os.ModeSymlink != 0 {
			return err
		}
		return os.Chtimes(path, then, then)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// files are a source's files by path. A text without frontmatter gets some.
type files map[string]string

func page(name, text string) string {
	return "---\nname: " + name + "\ndescription: about " + name + "\n---\n" + text + "\n"
}

// folderOf writes files into a new folder that looks as if it had been left alone.
func folderOf(t testing.TB, all files) string {
	t.Helper()
	root := t.TempDir()
	put(t, root, all)
	age(t, root)
	return root
}

func put(t testing.TB, root string, all files) {
	t.Helper()
	for name, text := range all {
		if strings.HasSuffix(name, ".md") && !strings.Contains(text, "---") && !strings.HasPrefix(text, "#") {
			own := filepath.Base(filepath.Dir(name))
			if filepath.Base(name) != "SKILL.md" {
				own = stemOf(filepath.Base(name))
			}
			text = page(own, cmp.Or(text, "What to do about "+name+"."))
		}
		write(t, filepath.Join(root, filepath.FromSlash(name)), text)
	}
}

func opened(t testing.TB, sources ...Source) *Library {
	t.Helper()
	l, err := Open(sources, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// shelved is what a library of these files holds, under the name "team".
func shelved(t testing.TB, all files) *Snapshot {
	t.Helper()
	return opened(t, Source{Name: "team", Path: folderOf(t, all)}).Snapshot()
}

// refused is the refusal that an error is, or fails.
func refused(t testing.TB, err error) orchestration.Refusal {
	t.Helper()
	var r orchestration.Refusal
	if !errors.As(err, &r) {
		t.Fatalf("%v is no refusal", err)
	}
	return r
}

// findingsAt are the findings of one path, or below it where it ends in "/".
func findingsAt(s *Snapshot, path string) []Finding {
	var out []Finding
	for _, f := range s.Findings() {
		if f.Path == path || strings.HasSuffix(path, "/") && strings.HasPrefix(f.Path, path) {
			out = append(out, f)
		}
	}
	return out
}

// one is the only finding at a path, or fails.
func one(t *testing.T, s *Snapshot, path string, level Level, what string) {
	t.Helper()
	found := findingsAt(s, path)
	if len(found) != 1 || found[0].Level != level || !strings.Contains(found[0].What, what) || found[0].Remedy == "" {
		t.Errorf("%s: %+v, want %s %q", path, found, level, what)
	}
}

// corpus unpacks a real library, or skips the test where it is not there.
func corpus(t testing.TB, name string) string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "shared", "corpora", name+".md.tar.gz"))
	if err != nil {
		t.Skipf("the corpus %s is not there: %v", name, err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for in := tar.NewReader(unzipped); ; {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		unpack(t, filepath.Join(root, filepath.FromSlash(h.Name)), h, in)
	}
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v %v", entries, err)
	}
	return filepath.Join(root, entries[0].Name())
}

func unpack(t testing.TB, to string, h *tar.Header, in io.Reader) {
	t.Helper()
	switch h.Typeflag {
	case tar.TypeReg:
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		write(t, to, string(data))
	case tar.TypeSymlink:
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(h.Linkname, to); err != nil {
			t.Fatal(err)
		}
	}
}
