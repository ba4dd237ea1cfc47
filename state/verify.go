package state

// Finding is something that is not as it was written.
type Finding struct {
	Stream Stream // or "" where it concerns none, or cannot be told
	Seq    uint64 // the decision in it, or 0
	What   string
}
