package commands

// All is every verb, in the order help shows them. Discord takes at most 25.
func All() []Command {
	return []Command{
		start(), status(), list(), persona(), load(), unload(), note(), handoff(), override(), undo(),
		run(), stop(), approve(), deny(), prompted(), announce(), remind(), catchup(), history(), exported(),
		pause(), resume(), end(), settings(), help(),
	}
}
