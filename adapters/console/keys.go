package console

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// What a terminal sends around a paste, once asked to
// (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Bracketed-Paste-Mode).
var (
	pasteStart = []byte("\x1b[200~")
	pasteEnd   = []byte("\x1b[201~")
)

// Keys that package term would take for the end of the input.
const (
	controlC = 3
	controlD = 4
)

// longPaste is the length from which a paste is not shown in the line, in
// bytes; package term takes 4096 characters in a line and drops the others.
const longPaste = 1000

// emptyLine empties the line and leaves it open: it goes to the end (Ctrl-E) and
// deletes up to the start (Ctrl-U). The tilde ends a half-typed escape sequence,
// which would swallow the keys after it, and is deleted with the rest.
const emptyLine = "~\x05\x15"

// keys is what is typed, with two changes. Ctrl-C clears the line, as it does
// elsewhere; while a form is asked for, Ctrl-C and Ctrl-D end it whatever the
// line holds. And a paste of several lines is put aside and stands in the line
// as a sign for it, so that it is one text, is not cut, and does not run before
// Enter.
type keys struct {
	in      io.Reader
	leaves  bool   // a form is asked for
	raw     []byte // read and not looked at
	ready   []byte // sorted, to be handed on
	out     []byte // the part of it that is handed on now
	pasting bool
	paste   []byte
	pastes  []string
	err     error
}

// Read hands on what was typed, at most up to the end of a line, a Ctrl-C or a
// Ctrl-D: what follows is read later, when it is known what it is typed into,
// and is not lost with an end.
func (k *keys) Read(p []byte) (int, error) {
	for len(k.out)+len(k.ready) == 0 {
		if k.err != nil {
			return 0, k.err
		}
		buf := make([]byte, 4096)
		n, err := k.in.Read(buf)
		k.raw, k.err = append(k.raw, buf[:n]...), err
		k.sort(err != nil)
	}
	if len(k.out) == 0 {
		k.part()
	}
	n := copy(p, k.out)
	k.out = k.out[n:]
	return n, nil
}

// part takes the next piece off what is ready.
func (k *keys) part() {
	end := bytes.IndexAny(k.ready, "\r\n\x03\x04")
	if end < 0 {
		k.out, k.ready = k.ready, nil
		return
	}
	key := string(k.ready[end])
	if rest := k.ready[end:]; bytes.HasPrefix(rest, []byte("\r\n")) {
		key = "\r\n"
	}
	after := k.ready[end+len(key):]
	switch ends := key[0] == controlC || key[0] == controlD; {
	case ends && k.leaves:
		key = emptyLine + "\x04"
	case key[0] == controlC:
		key = emptyLine
	}
	k.out, k.ready = append(bytes.Clone(k.ready[:end]), key...), after
}

// sort tells what was typed from what was pasted.
func (k *keys) sort(last bool) {
	for {
		mark := pasteStart
		if k.pasting {
			mark = pasteEnd
		}
		before, after, found := bytes.Cut(k.raw, mark)
		if !found {
			held := partOf(k.raw, mark)
			if last {
				held = 0
			}
			k.give(k.raw[:len(k.raw)-held])
			k.raw = bytes.Clone(k.raw[len(k.raw)-held:])
			return
		}
		k.give(before)
		if k.raw = after; k.pasting {
			k.ready = append(k.ready, k.sign()...)
		}
		k.pasting = !k.pasting
	}
}

// partOf is how many bytes at the end of raw may begin the mark.
func partOf(raw, mark []byte) int {
	for n := min(len(mark)-1, len(raw)); n > 0; n-- {
		if bytes.HasSuffix(raw, mark[:n]) {
			return n
		}
	}
	return 0
}

func (k *keys) give(data []byte) {
	if k.pasting {
		k.paste = append(k.paste, data[:min(len(data), maxSaid+1-min(len(k.paste), maxSaid+1))]...)
		return
	}
	k.ready = append(k.ready, data...)
}

// sign is what stands in the line for a paste: a short one itself.
func (k *keys) sign() string {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(k.paste))
	text = strings.TrimRight(text, "\n")
	k.paste = nil
	if !strings.Contains(text, "\n") && len(text) < longPaste {
		return clean(text)
	}
	k.pastes = append(k.pastes, text)
	what := size(len(text))
	if n := strings.Count(text, "\n"); n > 0 {
		what = fmt.Sprintf("%d lines", n+1)
	}
	return fmt.Sprintf("⟦paste %d: %s⟧", len(k.pastes), what)
}

var signRE = regexp.MustCompile(`⟦paste (\d{1,6}): [^⟧]{1,20}⟧`)

// expand puts the pastes where their signs stand.
func (k *keys) expand(line string) string {
	return signRE.ReplaceAllStringFunc(line, func(sign string) string {
		n, err := strconv.Atoi(signRE.FindStringSubmatch(sign)[1])
		if err != nil || n < 1 || n > len(k.pastes) {
			return sign
		}
		return k.pastes[n-1]
	})
}
