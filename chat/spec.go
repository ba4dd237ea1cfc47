package chat

// Spec is a verb as a platform sees it: enough to register it, to complete it,
// to describe it and to ask for its options one by one.
type Spec struct {
	Name    string
	Help    string // one line, at most 100 characters (Discord's limit for a description)
	Usage   string // "handoff decisions: …; … artifacts: …"
	Example string // a line that works as it stands
	Options []Option
	Form    string // the title of the form that asks for the options, or ""
}

// Option is one argument of a verb.
type Option struct {
	Name     string
	Help     string // one line, at most 100 characters
	Kind     Kind
	Required bool
	Choices  []string // the only values, where there are such
	Complete string   // what the values are: "personas", "skills", "patterns", …; "" for free text
}

// Kind is what an option holds, so that a platform can ask for it well.
type Kind string

// The kinds.
const (
	Line   Kind = "line"   // one line of text
	Text   Kind = "text"   // several lines
	List   Kind = "list"   // several entries, one a line or separated by semicolons
	Names  Kind = "names"  // names separated by commas
	Number Kind = "number" // a whole number
	Choice Kind = "choice" // one of Choices
	Who    Kind = "person" // somebody
	When   Kind = "time"   // a moment or a duration
	Yes    Kind = "yes"    // yes or no
)
