package library

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"

	"github.com/synthoperator/baton/internal/frontmatter"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/personas"
	"github.com/synthoperator/baton/skills"
)

// Raw is the bytes whose SHA-256 is pin.Hash, read anew, for keeping what a
// session pinned. It is false where the file is gone or has other bytes by now.
func (s *Snapshot) Raw(pin orchestration.Pin) ([]byte, bool) {
	src := s.open(pin.Source)
	if src == nil || src.tree == nil {
		return nil, false
	}
	if _, known := s.pinned(pin); !known {
		return nil, false
	}
	data, err := readFile(src.tree, pin.Path, nil, frontmatter.MaxFile)
	if err != nil {
		return nil, false
	}
	sum := sha256.Sum256(data)
	if hex.EncodeToString(sum[:]) != pin.Hash {
		return nil, false
	}
	return data, true
}

// Body is the text of a pinned persona or skill without its frontmatter, the way
// a prompt gets it. It is false where those bytes are to be had no more; then
// [Text] reads what was kept of them.
func (s *Snapshot) Body(pin orchestration.Pin) (string, bool) {
	data, ok := s.Raw(pin)
	if !ok {
		return "", false
	}
	return Text(pin, data)
}

// Text is the text of a persona or skill without its frontmatter, from its
// file's bytes: those of [Snapshot.Raw], or kept ones. It is false where the
// bytes are not the pinned ones. Bytes that were pinned once are always read,
// even where today's rules would refuse the file.
func Text(pin orchestration.Pin, raw []byte) (string, bool) {
	sum := sha256.Sum256(raw)
	if hex.EncodeToString(sum[:]) != pin.Hash {
		return "", false
	}
	if isSkill(pin.Path) {
		if skill, _, err := skills.Parse(pin.Path, raw); err == nil {
			return skill.Body, true
		}
	} else if persona, _, err := personas.Parse(pin.Path, raw); err == nil {
		return persona.Body, true
	}
	text, _ := frontmatter.Visible(strings.ToValidUTF8(string(raw), ""))
	return text, true
}

// Cost is the tokens of the text a pin speaks of, without reading it. It is
// false where the library holds other bytes by now.
func (s *Snapshot) Cost(pin orchestration.Pin) (tokens int, ok bool) {
	it, ok := s.pinned(pin)
	if !ok || it.Pin.Hash != pin.Hash {
		return 0, false
	}
	return it.Tokens, true
}

func isSkill(file string) bool {
	name, _ := skillFile([]string{path.Base(file)})
	return name != ""
}

// Changed compares a pin with the file there now: now is what it would be pinned
// as today, changed whether that has other bytes, gone whether no such persona
// or skill is there any more.
func (s *Snapshot) Changed(pin orchestration.Pin) (now orchestration.Pin, changed, gone bool) {
	it, ok := s.pinned(pin)
	if !ok {
		return orchestration.Pin{}, false, true
	}
	return it.Pin, it.Pin.Hash != pin.Hash, false
}

// Resource is one of the files that are listed beside a skill, as text. It is
// read only now, and never run.
func (s *Snapshot) Resource(pin orchestration.Pin, name string) ([]byte, error) {
	it, ok := s.pinned(pin)
	if ok {
		for _, r := range it.Resources {
			if r == name {
				return readFile(it.source.tree, join(path.Dir(pin.Path), r), nil, frontmatter.MaxFile)
			}
		}
	}
	refusal := orchestration.Refuse("%q does not lie beside this skill", abridge(name))
	if ok {
		for _, near := range nearest(name, it.Resources, maxSuggestions) {
			refusal = refusal.Try(near)
		}
	}
	return nil, refusal
}
