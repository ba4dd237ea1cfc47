package state

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/synthoperator/baton/orchestration"
)

// Content is a text that was kept, by its SHA-256 in hexadecimal.
func (st *Store) Content(ctx context.Context, hash string) ([]byte, bool, error) {
	text, ok, err := st.row(ctx, SpaceContent, hash)
	if err != nil || !ok {
		return nil, false, err
	}
	if hashOf(text) != hash {
		return nil, false, st.damaged(&Damaged{Why: fmt.Sprintf("text %s is not what its hash says", hash)})
	}
	return text, true, nil
}

// Keeps reports whether a text is known to be kept, without looking: who is told
// so need not read it again.
func (st *Store) Keeps(hash string) bool {
	_, ok := st.texts.get(hash)
	return ok
}

// newContent adds the texts that are not kept yet to a write.
func (st *Store) newContent(ctx context.Context, c change, d orchestration.Decision, w *Write) ([]string, error) {
	texts := c.content
	if c.contents != nil {
		texts = maps.Clone(texts)
		if texts == nil {
			texts = map[string][]byte{}
		}
		maps.Copy(texts, c.contents(d))
	}
	if len(texts) == 0 {
		return nil, nil
	}
	var hashes []string
	for _, hash := range slices.Sorted(maps.Keys(texts)) {
		if _, ok := st.texts.get(hash); ok {
			continue
		}
		text := texts[hash]
		if hashOf(text) != hash {
			return nil, fmt.Errorf("keep text %s: that is not its hash", hash)
		}
		_, ok, err := st.row(ctx, SpaceContent, hash)
		if err != nil {
			return nil, err
		}
		if ok || len(text) == 0 {
			st.texts.put(hash, struct{}{}, nil)
			continue
		}
		hashes = append(hashes, hash)
		w.Rows = append(w.Rows, Row{SpaceContent, hash, text})
	}
	return hashes, nil
}

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
