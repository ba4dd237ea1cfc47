package console

import (
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/synthoperator/baton/chat"
)

// maxShown bounds how much of a document is printed, in bytes. A whole six-week
// launch has about 20 KiB.
const maxShown = 64 << 10

// shown prints a document that is text, and says name and size of any other.
func (r renderer) shown(f chat.File) []row {
	rows := named(f)
	if !isText(f) {
		return rows
	}
	text, rest := string(f.Data), 0
	if len(text) > maxShown {
		text = text[:maxShown]
		text = text[:strings.LastIndexByte(text, '\n')+1]
		rest = len(f.Data) - len(text)
	}
	rows = append(rows, r.toCopy(text)...)
	if rest > 0 {
		rows = append(rows, row{text: "… " + size(rest) + " more: save it with --save DIR", dim: true})
	}
	return rows
}

// named says name and size of a document, and what a picture shows.
func named(f chat.File) []row {
	return append([]row{{text: "file " + oneLine(f.Name) + " (" + size(len(f.Data)) + ")"}}, plainRows(f.Alt)...)
}

func isText(f chat.File) bool {
	kind, _, err := mime.ParseMediaType(f.MediaType)
	return err == nil && (strings.HasPrefix(kind, "text/") || kind == "application/json") && utf8.Valid(f.Data)
}

// saver writes documents to a folder and says where they are.
func saver(dir string) func(chat.File) []row {
	return func(f chat.File) []row {
		path, err := save(dir, f)
		if err != nil {
			return []row{{text: fmt.Sprintf("file %s (%s) was not saved: %v", oneLine(f.Name), size(len(f.Data)), err)}}
		}
		return []row{{text: fmt.Sprintf("file %s (%s)", oneLine(path), size(len(f.Data)))}}
	}
}

// save writes a document under its own name, or a numbered one where that is
// taken: what was saved before is never overwritten.
func save(dir string, f chat.File) (string, error) {
	name := fileName(f.Name)
	ext := filepath.Ext(name)
	for n := 1; n < 10000; n++ {
		path := filepath.Join(dir, name)
		if n > 1 {
			path = filepath.Join(dir, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), n, ext))
		}
		out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = out.Write(f.Data)
		return path, errors.Join(err, out.Close())
	}
	return "", fmt.Errorf("%s: too many files of that name", name)
}

// fileName is a name that stays in its folder and is shown by ls.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < 0x20 || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, clean(name))
	if name = strings.TrimLeft(strings.TrimSpace(name), "."); name == "" {
		return "document"
	}
	return name
}

// size prints a number of bytes as people say it.
func size(n int) string {
	if n < 1024 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f KiB", float64(n)/1024)
}
