package orchestration

import (
	"fmt"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// size prints a number of bytes as people say it.
func size(n int) string {
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

func skillList(skills []Skill) string {
	if len(skills) == 0 {
		return "no skills"
	}
	names := make([]string, len(skills))
	for i, s := range skills {
		names[i] = s.Name.Last()
	}
	return strings.Join(names, ", ")
}
