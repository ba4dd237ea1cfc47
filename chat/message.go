package chat

// Message is what Baton says, without a word of how a platform draws it. What a
// platform cannot show it says in words; it drops nothing. The zero Message says
// nothing.
//
// All text in it is data. People, agents and files wrote much of it, so no
// platform may find a mention, a command or markup of its own in it; who is to
// be notified stands in To and nowhere else.
type Message struct {
	As      Speaker  // who says it, where that is not Baton itself
	To      []Person // who is to notice it, and is notified where a platform can do that
	Title   string
	Short   string // all of it in one line: for a notification, or where the whole was shown before
	Blocks  []Block
	Buttons []Button
	Selects []Select
	Form    *Form  // to be opened for the person who called
	Files   []File // documents and pictures that belong to it
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
	return m.Title == "" && m.Short == "" && len(m.Blocks) == 0 && len(m.Buttons) == 0 && len(m.Selects) == 0 &&
		m.Form == nil && len(m.Files) == 0
}

// Speaker is a persona as the one who speaks. The zero Speaker is Baton.
type Speaker struct {
	Name   string
	Emoji  string // one emoji as it is, not its name
	Avatar string // the address of a picture, or ""
	Color  uint32 // 0xRRGGBB, 0 for none
}

// Block is one part of a message.
//
//sumtype:decl
type Block interface{ block() }

type (
	// Paragraph is a piece of text; it may hold several lines. In it, as in
	// bullets, values and remarks, what stands between two backticks of one line
	// is code, and everything else is shown as it stands.
	Paragraph string
	// Rich is Markdown that a person or an agent wrote: headings, emphasis, code,
	// lists, tables, links. A platform shows as much of it as it can.
	Rich string
	// Bullets is a list.
	Bullets []string
	// Fields are short pairs of a name and a value.
	Fields []Field
	// Code is text that is shown as it stands, to be copied.
	Code string
	// Remark is small print: where a value comes from, what was repaired.
	Remark string
	// Progress is how much of something is done.
	Progress struct{ Done, Of int }
	// Pointer leads to what was said elsewhere, or where To is a channel and no
	// message in it, to that channel: a platform names it as people there know it.
	Pointer struct {
		Label string
		To    Ref
	}
)

// Field is a name and its value.
type Field struct{ Name, Value string }

func (Paragraph) block() {}
func (Rich) block()      {}
func (Bullets) block()   {}
func (Fields) block()    {}
func (Code) block()      {}
func (Remark) block()    {}
func (Progress) block()  {}
func (Pointer) block()   {}

// Button is a command that somebody else typed for you.
type Button struct {
	Label string
	Verb  string
	Args  map[string]string
	Form  bool   // it opens the verb's form
	Typed string // what to type where there are no buttons: "approve 3"
}

// Select is a command with one value still to be chosen.
type Select struct {
	Label   string
	Verb    string
	Args    map[string]string
	Option  string // the argument that the choice becomes
	Choices []Suggestion
	Typed   string // what to type where there are no selects: "persona …"
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
	Label string // what to call it, where the option's name is not what people call it
	Value string
}

// File is a document, or a picture where its media type is one. Alt says what a
// picture shows, for whoever cannot see it.
type File struct {
	Name, MediaType string
	Data            []byte
	Alt             string
}
