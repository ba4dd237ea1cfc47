package orchestration

import (
	"fmt"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// size prints a number of bytes as people say it.
func size(n int) string {
	if n == 1 {
		return "1 byte"
	}
	if n < 1024 {
		return itoa(n) + " bytes"
	}
	return fmt.Sprintf("%.1f KiB", float64(n)/1024)
}

func withArticle(noun string) string {
	if noun != "" && strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// orNobody is a person's name, or the word for none.
func orNobody(name string) string {
	if name == "" {
		return "nobody"
	}
	return name
}

// sealedNow refuses what belongs to a review that is kept back.
func sealedNow(id int) Refusal {
	return Refuse("#%d is sealed until the decision", id).Try("status")
}

// skillList is a stack in words, by the names people say.
func skillList(skills []Skill) string {
	names := make([]SkillName, len(skills))
	for i, s := range skills {
		names[i] = s.Name
	}
	return nameList(names)
}

func nameList(names []SkillName) string {
	if len(names) == 0 {
		return "no skills"
	}
	last := make([]string, len(names))
	for i, n := range names {
		last[i] = n.Last()
	}
	return strings.Join(last, ", ")
}
