package console

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestKeysComeInAnyPieces(t *testing.T) {
	in := "a\x1b[Db\x03c\x1b[200~one\r\ntwo\r\n\x1b[201~d\x1b[200~short\x1b[201~\x04e\x1b"
	for name, r := range map[string]io.Reader{
		"whole":     strings.NewReader(in),
		"bytes":     iotest.OneByteReader(strings.NewReader(in)),
		"halves":    iotest.HalfReader(strings.NewReader(in)),
		"data+EOF":  iotest.DataErrReader(strings.NewReader(in)),
		"one + EOF": iotest.DataErrReader(iotest.OneByteReader(strings.NewReader(in))),
	} {
		k := &keys{in: r}
		got, err := io.ReadAll(k)
		want := "a\x1b[Db~\x05\x15c⟦paste 1: 2 lines⟧dshort\x04e\x1b"
		if string(got) != want || err != nil {
			t.Errorf("%s: %q, %v, want %q", name, got, err, want)
		}
		if text := k.expand("x ⟦paste 1: 2 lines⟧ ⟦paste 2: 2 lines⟧"); text != "x one\ntwo ⟦paste 2: 2 lines⟧" {
			t.Errorf("%s: expands to %q", name, text)
		}
	}
}

// Package term drops what goes beyond 4096 characters of a line; a paste does not.
func TestALongPasteIsWhole(t *testing.T) {
	h := &twin{}
	long := strings.Repeat("word ", 4000) + "end"
	typing(t, h, "note decision \x1b[200~"+long+"\x1b[201~\r\x04")
	if len(h.calls) != 1 || h.calls[0].Text != "note decision "+long {
		t.Errorf("%d calls; the text was changed", len(h.calls))
	}
}
