package discordtest

// Limits of modals (D:interactions/receiving-and-responding;
// D:components/reference).
const (
	modalTitle       = 45
	modalComponents  = 5
	labelText        = 45
	labelDescription = 100
	inputText        = 4000
	inputPlaceholder = 100
)

// Modal is a form as a person sees it.
type Modal struct {
	CustomID, Title string
	Fields          []Field
}

// Field is one field of a modal.
type Field struct {
	Type               int // of the component
	CustomID           string
	Label, Description string
	Value              string // what is filled in already
	Placeholder        string
	Required           bool
	MinLength          int
	MaxLength          int
	Options            []Option
	MinValues          int
	MaxValues          int
	labelled           bool // inside a component of type 18
}

// Option is one of a select's or a group's values.
type Option struct {
	Label, Value, Description string
	Default                   bool
}

// readModal reads the data of a callback that opens a modal.
func readModal(f form) []object {
	f.known("custom_id", "title", "components")
	f.require("custom_id", "title", "components")
	f.text("custom_id", 1, customID)
	f.text("title", 1, modalTitle)
	r := &components{modal: true, ids: map[string]bool{}, nums: map[int]bool{}, next: 1}
	return r.all(f, "components", 1, modalComponents, actionRow, textDisplay, label)
}

func (r *components) label(f form, out object) {
	f.known("type", "id", "label", "description", "component")
	f.require("label", "component")
	f.text("label", 1, labelText)
	f.text("description", 1, labelDescription)
	if c, ok := f.child("component"); ok {
		out["component"] = r.one(c, textInput, stringSelect, userSelect, roleSelect, mentionableSelect, channelSelect, fileUpload, radioGroup, checkboxGroup, checkbox)
		if c.has("label") {
			c.fail("label", "COMPONENT_LABEL_IN_LABEL", "The label stands in the Label component")
		}
	}
}

func (r *components) textInput(f form, _ object) {
	f.known("type", "id", "custom_id", "style", "label", "value", "placeholder", "required", "min_length", "max_length")
	f.require("style")
	f.oneOf("style", 1, 2)
	r.name(f)
	f.text("label", 1, labelText)
	f.text("placeholder", 0, inputPlaceholder)
	f.flag("required")
	low, high := f.number("min_length", 0, inputText), f.number("max_length", 1, inputText)
	if high != 0 && low > high {
		f.fail("min_length", "TEXT_INPUT_MIN_LENGTH", "min_length is more than max_length")
	}
	f.text("value", 0, or(high, inputText))
}

func (r *components) fileUpload(f form, _ object) {
	f.known("type", "id", "custom_id", "min_values", "max_values", "required", "file_types")
	r.name(f)
	f.number("min_values", 0, 10)
	f.number("max_values", 1, 10)
}

func (r *components) radio(f form, _ object) {
	f.known("type", "id", "custom_id", "options", "required")
	r.name(f)
	f.require("options")
	readOptions(f, 2, 10)
}

func (r *components) checkboxes(f form, _ object) {
	f.known("type", "id", "custom_id", "options", "required", "min_values", "max_values")
	r.name(f)
	f.require("options")
	f.choose(len(readOptions(f, 1, 10)))
}

func (r *components) checkbox(f form, _ object) {
	f.known("type", "id", "custom_id", "default")
	r.name(f)
}

// modal is what a person sees of a modal's data.
func modalOf(data object, all []object) *Modal {
	out := &Modal{}
	out.CustomID, _ = data["custom_id"].(string)
	out.Title, _ = data["title"].(string)
	for _, c := range all {
		if kind, _ := whole(c["type"]); kind == label {
			inner, _ := c["component"].(object)
			field := fieldOf(inner)
			field.Label, _ = c["label"].(string)
			field.Description, _ = c["description"].(string)
			field.labelled = true
			out.Fields = append(out.Fields, field)
			continue
		}
		row, _ := c["components"].([]object)
		for _, inner := range row {
			out.Fields = append(out.Fields, fieldOf(inner))
		}
	}
	return out
}

func fieldOf(c object) Field {
	out := Field{Required: true} // D:components/reference: required defaults to true
	out.Type, _ = whole(c["type"])
	out.CustomID, _ = c["custom_id"].(string)
	out.Label, _ = c["label"].(string)
	out.Value, _ = c["value"].(string)
	out.Placeholder, _ = c["placeholder"].(string)
	if v, ok := c["required"].(bool); ok {
		out.Required = v
	}
	out.MinLength, _ = whole(c["min_length"])
	out.MaxLength, _ = whole(c["max_length"])
	out.MaxLength = or(out.MaxLength, inputText)
	out.Options = optionsOf(c)
	out.MinValues, out.MaxValues = 1, 1
	if n, ok := whole(c["min_values"]); ok {
		out.MinValues = n
	}
	if n, ok := whole(c["max_values"]); ok {
		out.MaxValues = n
	} else if out.Type == checkboxGroup {
		out.MaxValues = len(out.Options) // Spec: a group without a maximum takes all
	}
	return out
}

func optionsOf(c object) []Option {
	var out []Option
	all, _ := c["options"].([]any)
	for _, v := range all {
		o, _ := v.(object)
		var option Option
		option.Label, _ = o["label"].(string)
		option.Value, _ = o["value"].(string)
		option.Description, _ = o["description"].(string)
		option.Default, _ = o["default"].(bool)
		out = append(out, option)
	}
	return out
}
