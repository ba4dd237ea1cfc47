package orchestration

// Only is the decision with those of its events that keep says yes to: for
// screens that may not show all of them.
func (d Decision) Only(keep func(Event) bool) Decision {
	out := Decision{by: d.by, because: d.because}
	for _, e := range d.events {
		if keep(e) {
			out.events = append(out.events, e)
		}
	}
	return out
}
