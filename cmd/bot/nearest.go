package main

import "strings"

// nearest is the word that was meant: the one with the fewest letters to
// change, at most a third of them, or the only one that begins so.
func nearest(typed string, words []string) (string, bool) {
	typed = strings.ToLower(typed)
	best, least := "", max(1, (len(typed)+1)/3)+1
	for _, word := range words {
		if n := distance(typed, word); n < least {
			best, least = word, n
		}
	}
	if best != "" || typed == "" {
		return best, best != ""
	}
	for _, word := range words {
		if strings.HasPrefix(word, typed) {
			if best != "" {
				return "", false
			}
			best = word
		}
	}
	return best, best != ""
}

// distance is the number of letters to add, drop, change or swap with the next
// one (optimal string alignment).
func distance(a, b string) int {
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	before, last, row := rows[0], rows[1], rows[2]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
