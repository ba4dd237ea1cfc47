package chat

// Message is what Baton says, without a word of how a platform draws it. The
// zero Message says nothing.
type Message struct {
	Title   string
	Blocks  []Block
	Buttons []Button
	Form    *Form  // to be opened for the person who called
	Files   []File // documents that belong to it
	Only    bool   // for the person who called alone, where a platform can do that

	// Thread is where it belongs if that is not where the call came from: the
	// thread of a session that was just started. Zero otherwise.
	Thread Thread

	// Refused says that nothing was done; Fault that something broke.
	Refused bool
	Fault   bool
}

// IsZero reports whether the message says nothing.
func (m Message) IsZero() bool {
	return m.Title == "" && len(m.Blocks) == 0 && len(m.Buttons) == 0 && m.Form == nil && len(m.Files) == 0
}

// Block is one part of a message.
//
//sumtype:decl
type Block interface{ block() }

type (
	// Paragraph is a piece of text; it may hold several lines.
	Paragraph string
	// Bullets is a list.
	Bullets []string
	// Fields are short pairs of a name and a value.
	Fields []Field
	// Code is text that is shown as it stands, to be copied.
	Code string
	// Remark is small print: where a value comes from, what was repaired.
	Remark string
)

// Field is a name and its value.
type Field struct{ Name, Value string }

func (Paragraph) block() {}
func (Bullets) block()   {}
func (Fields) block()    {}
func (Code) block()      {}
func (Remark) block()    {}

// Button is a command that somebody else typed for you.
type Button struct {
	Label string
	Verb  string
	Args  map[string]string
	Form  bool   // it opens the verb's form
	Typed string // what to type where there are no buttons: "approve 3"
}

// Form asks for several values at once; what is entered comes back as a call of
// Verb with Args and one argument for each input.
type Form struct {
	Title  string
	Verb   string
	Args   map[string]string
	Inputs []Input
	Submit string
}

// Input is one value a form asks for, with what stands in it at first.
type Input struct {
	Option
	Value string
}

// File is a document.
type File struct {
	Name, MediaType string
	Data            []byte
}
