package library

import (
	"slices"
	"strings"
)

// Search ranks the entries of a kind by how well they fit every word of the
// query: by name first, then by title and description. page counts from 1.
// total is how many fit. An empty query lists all by name.
func (s *Snapshot) Search(kind Kind, query string, page, perPage int) (found []Entry, total int) {
	hits := s.rank(kind, strings.Fields(strings.ToLower(query)))
	page, perPage = max(page, 1), max(perPage, 1)
	from := min((page-1)*perPage, len(hits))
	for _, h := range hits[from:min(from+perPage, len(hits))] {
		found = append(found, h.Entry)
	}
	return found, len(hits)
}

// Complete offers at most n entries for what somebody has typed so far: names
// that begin so before names that hold it before descriptions that do.
func (s *Snapshot) Complete(kind Kind, prefix string, n int) []Entry {
	typed := strings.ToLower(strings.TrimSpace(prefix))
	if kind == PatternKind {
		found, _ := s.Search(kind, typed, 1, n)
		return found
	}
	var levels [worst][]*item
	others := make([]*item, 0, len(s.items))
	for _, it := range s.items {
		if it.Kind != kind {
			continue
		}
		if len(levels[0]) == n {
			break
		}
		if level := nameLevel(it, typed); level == worst {
			others = append(others, it)
		} else if len(levels[level]) < n {
			levels[level] = append(levels[level], it)
		}
	}
	out := slices.Concat(levels[:]...)
	for i := 0; len(out) < n && i < len(others); i++ {
		if strings.Contains(others[i].fold, typed) {
			out = append(out, others[i])
		}
	}
	entries := make([]Entry, min(n, len(out)))
	for i := range entries {
		entries[i] = out[i].Entry
	}
	return entries
}

// worst is the level of a name that does not hold the word at all.
const worst = 4

// nameLevel is how a name holds a word: 0 it begins so and the bare name finds
// it, 1 it begins so, 2 one of its words does, 3 anywhere.
func nameLevel(it *item, word string) int {
	at := strings.Index(it.Name, word)
	switch {
	case at == 0 && !it.covered:
		return 0
	case at == 0, strings.HasPrefix(it.Slug, word), strings.Contains(word, ":") && strings.HasPrefix(it.ID, word):
		return 1
	case at < 0:
		return worst
	case it.Name[at-1] == '-' || it.Name[at-1] == '/' || it.Name[at-1] == ':':
		return 2
	}
	return 3
}

type hit struct {
	*item
	score int
}

// rank scores every entry; lower is better, and every word has to be somewhere.
func (s *Snapshot) rank(kind Kind, words []string) []hit {
	var hits []hit
	items := s.items
	if kind == PatternKind {
		items = s.patternItems()
	}
	for _, it := range items {
		if it.Kind == kind {
			if score, ok := it.score(words); ok {
				hits = append(hits, hit{it, score})
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.score - b.score })
	return hits
}

func (it *item) score(words []string) (int, bool) {
	sum := 0
	for _, word := range words {
		level := nameLevel(it, word) + 1
		if it.Slug == word {
			level = 0
		}
		if level > worst {
			at := strings.Index(it.fold, word)
			if at < 0 {
				return 0, false
			}
			if at > 0 && it.fold[at-1] != ' ' && it.fold[at-1] != '\n' {
				level++ // inside a word
			}
		}
		sum += level
	}
	return sum, true
}

// patternItems are the patterns in the shape that ranking takes.
func (s *Snapshot) patternItems() []*item {
	out := make([]*item, len(s.patterns))
	for i, p := range s.patterns {
		name := p.Plan.Name()
		out[i] = &item{
			Entry: Entry{Kind: PatternKind, Name: name, ID: p.Source + ":" + name, Slug: name, Title: p.Plan.Title(), Description: p.Description},
			fold:  strings.ToLower(p.Plan.Title() + "\n" + p.Description + "\n" + p.BestFor),
		}
	}
	return out
}
