package library

import (
	"fmt"
	"slices"
)

// publish shows what the sources hold, where that is not what is shown already.
func (l *Library) publish(next []*open) Report {
	before := l.now.Load()
	edits, simple := edited(l.sources, next)
	l.sources = next
	if before != nil && simple && len(edits) == 0 {
		return Report{}
	}
	var after *Snapshot
	var report Report
	if before != nil && simple {
		after, report, simple = before.patch(next, edits)
	}
	if after == nil || !simple {
		after = build(next)
		report = compare(before, after)
	}
	l.now.Store(after)
	if n := len(report.Added) + len(report.Changed) + len(report.Removed); n > 0 && before != nil {
		l.log.Info("library changed", "added", len(report.Added), "changed", len(report.Changed), "removed", len(report.Removed))
	}
	return report
}

// edit is one file whose content has changed and nothing else about it.
type edit struct{ source, at int }

// edited are the files that differ. simple is false where more than contents
// changed: files came, went or moved, or a source was lost or found.
func edited(before, after []*open) (edits []edit, simple bool) {
	for i, o := range after {
		b := before[i]
		if o == b {
			continue
		}
		if len(o.order) == 0 || len(o.order) != len(b.order) || &o.order[0] != &b.order[0] || fmt.Sprint(o.lost) != fmt.Sprint(b.lost) {
			return nil, false
		}
		for at, r := range o.records {
			if r != b.records[at] && !r.sameContent(b.records[at]) {
				edits = append(edits, edit{i, at})
			}
		}
	}
	return edits, true
}

func (r *record) sameContent(o *record) bool {
	return r.loaded == o.loaded && r.entry.Pin == o.entry.Pin && slices.Equal(r.findings, o.findings)
}

// patch is the snapshot with these files read anew. ok is false where more
// changes than the entries themselves: what a name finds, or a pattern.
func (s *Snapshot) patch(sources []*open, edits []edit) (p *Snapshot, r Report, ok bool) {
	next := *s
	next.sources = sources
	next.items = slices.Clone(s.items)
	next.findings = slices.Clone(s.findings)
	for _, e := range edits {
		src := sources[e.source]
		rec, c := src.records[e.at], src.order[e.at]
		at, known := s.files[file{src.Name, c.path}]
		if !known || !rec.loaded {
			return nil, Report{}, false
		}
		old := s.items[at]
		if rec.entry.Declared != old.Declared || rec.entry.Slug != old.Slug || len(s.slugs[slot{old.Kind, old.Slug}]) > 1 {
			return nil, Report{}, false
		}
		it := newItem(e.source, src, c, rec)
		it.Name, it.ID, it.bare = old.Name, old.ID, old.bare
		next.items[at] = it
		next.retell(src, c.path, rec, it)
		r.Changed = append(r.Changed, it.ID)
	}
	sortFindings(next.findings)
	return &next, r, true
}

// retell puts the findings of one file in the place of its old ones.
func (s *Snapshot) retell(src *open, path string, r *record, it *item) {
	where := src.Name + ":" + path
	s.findings = slices.DeleteFunc(s.findings, func(f Finding) bool { return f.Path == where })
	for _, f := range src.findings {
		if f.Path == where {
			s.findings = append(s.findings, f)
		}
	}
	for _, f := range r.findings {
		f.Path = where
		s.findings = append(s.findings, f)
	}
	s.checkLoadout(it)
}

// compare is what changed from one snapshot to the next.
func compare(before, after *Snapshot) Report {
	var r Report
	if before == nil {
		before = &Snapshot{}
	}
	for _, it := range after.items {
		old, had := before.pinned(it.Pin)
		switch {
		case !had:
			r.Added = append(r.Added, it.ID)
		case old.Pin.Hash != it.Pin.Hash:
			r.Changed = append(r.Changed, it.ID)
		}
	}
	for _, it := range before.items {
		if _, has := after.pinned(it.Pin); !has {
			r.Removed = append(r.Removed, it.ID)
		}
	}
	return r
}
