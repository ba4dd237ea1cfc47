package library

// compare is what changed from one snapshot to the next.
func compare(before, after *Snapshot) Report {
	var r Report
	if before == nil {
		before = &Snapshot{}
	}
	for i := range after.items {
		it := &after.items[i]
		old, had := before.files[it.Pin.Source+":"+it.Pin.Path]
		switch {
		case !had:
			r.Added = append(r.Added, it.ID)
		case old.Pin.Hash != it.Pin.Hash:
			r.Changed = append(r.Changed, it.ID)
		}
	}
	for i := range before.items {
		it := &before.items[i]
		if _, has := after.files[it.Pin.Source+":"+it.Pin.Path]; !has {
			r.Removed = append(r.Removed, it.ID)
		}
	}
	return r
}
