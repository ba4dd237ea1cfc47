package discord

// Adapter is what stands here until the adapter's own file defines it.
type Adapter struct {
	o     Options
	rest  *rest
	known *known
}

func newAdapter(o Options) *Adapter {
	return &Adapter{o: o, rest: newRest(o), known: newKnown()}
}
