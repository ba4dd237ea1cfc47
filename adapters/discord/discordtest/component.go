package discordtest

import (
	"slices"
	"strings"
)

// Types of components (D:components/reference).
const (
	actionRow         = 1
	button            = 2
	stringSelect      = 3
	textInput         = 4
	userSelect        = 5
	roleSelect        = 6
	mentionableSelect = 7
	channelSelect     = 8
	section           = 9
	textDisplay       = 10
	thumbnail         = 11
	mediaGallery      = 12
	fileComponent     = 13
	separator         = 14
	container         = 17
	label             = 18
	fileUpload        = 19
	radioGroup        = 21
	checkboxGroup     = 22
	checkbox          = 23
)

// Limits of components (D:components/reference; Spec).
const (
	customID        = 100
	rowsLegacy      = 5
	rowButtons      = 5
	buttonLabel     = 80
	buttonURL       = 512
	selectOptions   = 25
	placeholder     = 150
	optionText      = 100
	componentsTotal = 40
	displayedTotal  = 4000 // GH: discord/discord-api-docs#8562; Spec
)

// components reads the components of one message or modal.
type components struct {
	modal bool
	v2    bool
	files []file
	count int
	next  int // the id the next one without an id gets
	ids   map[string]bool
	nums  map[int]bool
}

// readComponents reads a message's components, gives each an id, as Discord
// does, and holds them to the rules.
func readComponents(f form, v2 bool, files []file) []object {
	r := &components{v2: v2, files: files, ids: map[string]bool{}, nums: map[int]bool{}, next: 1}
	most, top := rowsLegacy, []int{actionRow}
	if v2 {
		most, top = componentsTotal, []int{actionRow, section, textDisplay, mediaGallery, fileComponent, separator, container}
	}
	out := r.all(f, "components", 0, most, top...)
	if v2 && r.count > componentsTotal {
		f.fail("components", "COMPONENTS_TOTAL_MAX", "Must be %d or fewer in total.", componentsTotal)
	}
	if n := length(strings.Join(displayed(out), "")); v2 && n > displayedTotal {
		f.fail("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The total displayable text size of %d exceeds %d", n, displayedTotal)
	}
	return out
}

func (r *components) all(f form, key string, low, high int, types ...int) []object {
	var out []object
	for _, c := range f.each(key, low, high) {
		out = append(out, r.one(c, types...))
	}
	return out
}

// one reads a component of one of the types that may stand here.
func (r *components) one(f form, types ...int) object {
	r.count++
	out := said(f.in)
	kind, ok := whole(f.in["type"])
	if !ok || !slices.Contains(types, kind) {
		f.fail("type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of %v.", types)
		return out
	}
	r.number(f, out)
	if read, ok := readers[kind]; ok {
		read(r, f, out)
	}
	return out
}

// number gives a component its id: unique in the message, and made up where it
// is missing or 0.
func (r *components) number(f form, out object) {
	n := f.number("id", 0, 1<<31-1)
	if n == 0 {
		for r.nums[r.next] {
			r.next++
		}
		n = r.next
	} else if r.nums[n] {
		f.fail("id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated.")
	}
	r.nums[n] = true
	out["id"] = n
}

// name reads custom_id: 1 to 100 characters, unique in the message.
func (r *components) name(f form) {
	id := f.text("custom_id", 1, customID)
	if id == "" && !f.has("custom_id") {
		f.require("custom_id")
		return
	}
	if r.ids[id] {
		f.fail("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	r.ids[id] = true
}

// readers read what the types have of their own.
var readers map[int]func(*components, form, object)

func init() {
	readers = map[int]func(*components, form, object){
		actionRow: (*components).row, button: (*components).button,
		stringSelect: (*components).selection, userSelect: (*components).selection, roleSelect: (*components).selection,
		mentionableSelect: (*components).selection, channelSelect: (*components).selection,
		section: (*components).section, textDisplay: (*components).display, thumbnail: (*components).media,
		mediaGallery: (*components).gallery, fileComponent: (*components).file, separator: (*components).separator,
		container: (*components).container,
		textInput: (*components).textInput, label: (*components).label, fileUpload: (*components).fileUpload,
		radioGroup: (*components).radio, checkboxGroup: (*components).checkboxes, checkbox: (*components).checkbox,
	}
}

// row: five buttons or one select; in a modal one text input, which is
// deprecated.
func (r *components) row(f form, out object) {
	f.known("type", "id", "components")
	if r.modal {
		out["components"] = r.all(f, "components", 1, 1, textInput)
		return
	}
	inner := r.all(f, "components", 1, rowButtons, button, stringSelect, userSelect, roleSelect, mentionableSelect, channelSelect)
	for _, c := range inner {
		if kind, _ := whole(c["type"]); kind != button && len(inner) > 1 {
			f.fail("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
			break
		}
	}
	out["components"] = inner
}

func (r *components) button(f form, _ object) {
	f.known("type", "id", "custom_id", "style", "label", "disabled", "url", "sku_id", "emoji")
	f.require("style")
	style := f.oneOf("style", 1, 2, 3, 4, 5, 6)
	f.text("label", 0, buttonLabel)
	f.text("url", 1, buttonURL)
	f.flag("disabled")
	switch style {
	case 5:
		f.require("url")
		if f.has("custom_id") {
			f.fail("custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
	case 6:
		f.require("sku_id")
	default:
		r.name(f)
		if f.has("url") {
			f.fail("url", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
	}
	if style != 6 && !f.has("label") && !f.has("emoji") {
		f.fail("label", "BUTTON_COMPONENT_INVALID_LABEL", "A button needs a label or an emoji")
	}
}

func (r *components) selection(f form, out object) {
	f.known("type", "id", "custom_id", "placeholder", "min_values", "max_values", "disabled", "required", "options", "default_values", "channel_types")
	r.name(f)
	f.text("placeholder", 0, placeholder)
	f.flag("disabled")
	high := selectOptions
	if kind, _ := whole(f.in["type"]); kind == stringSelect {
		f.require("options")
		high = len(readOptions(f, 1, selectOptions))
	}
	f.choose(high)
	for _, key := range []string{"min_values", "max_values"} {
		if out[key] == nil {
			out[key] = 1 // D:components/reference
		}
	}
}

// choose reads how many of n options may be chosen.
func (f form) choose(n int) {
	low, most := f.number("min_values", 0, selectOptions), f.number("max_values", 1, selectOptions)
	if most > n {
		f.fail("max_values", "SELECT_COMPONENT_MAX_VALUES", "max_values is more than the %d options", n)
	}
	if f.has("max_values") && low > most {
		f.fail("min_values", "SELECT_COMPONENT_MIN_VALUES", "min_values is more than max_values")
	}
}

func readOptions(f form, low, high int) []form {
	seen := map[string]bool{}
	all := f.each("options", low, high)
	for _, o := range all {
		o.known("label", "value", "description", "emoji", "default")
		o.require("label", "value")
		o.text("label", 1, optionText)
		o.text("description", 0, optionText)
		if v := o.text("value", 1, optionText); seen[v] {
			o.fail("value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		} else {
			seen[v] = true
		}
	}
	return all
}

// displayed are the texts that text displays show, however deep.
func displayed(all []object) []string {
	var out []string
	walk(all, func(c object) {
		if kind, _ := whole(c["type"]); kind == textDisplay {
			text, _ := c["content"].(string)
			out = append(out, text)
		}
	})
	return out
}

// walk visits components and those inside them.
func walk(all []object, visit func(object)) {
	for _, c := range all {
		visit(c)
		inner, _ := c["components"].([]object)
		walk(inner, visit)
		for _, key := range []string{"accessory", "component"} {
			if one, ok := c[key].(object); ok {
				walk([]object{one}, visit)
			}
		}
	}
}

// checkV2: with Components V2 a message is its components and nothing else
// (D:components/reference).
func checkV2(f form, d *draft) {
	if d.flags&flagComponentsV2 == 0 {
		return
	}
	for _, key := range []string{"content", "embeds", "poll", "sticker_ids"} {
		if v, ok := f.in[key]; ok && v != nil && v != "" && !emptyList(v) {
			f.fail(key, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The %q field cannot be used when using MessageFlags.IS_COMPONENTS_V2", key)
		}
	}
	if d.content != "" && !f.has("content") || len(d.embeds) > 0 && !f.has("embeds") {
		f.fail("flags", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The message still has content or embeds")
	}
	if len(d.components) == 0 {
		f.fail("components", "BASE_TYPE_REQUIRED", "This field is required")
	}
}

func emptyList(v any) bool { all, ok := v.([]any); return ok && len(all) == 0 }
