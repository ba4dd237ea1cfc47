package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// object is a JSON object.
type object = map[string]any

// fault is one thing that is wrong with a form.
type fault struct{ path, code, text string }

// form reads a JSON object and gathers what is wrong with it: Discord answers
// all faults at once, each under the path of its field (D:reference, Error
// messages). Forms made from one another share what they gather.
type form struct {
	path  string
	in    object
	found *findings
}

type findings struct {
	faults  []fault
	unknown []string // keys that Discord does not know and would ignore
}

func newForm(in object) form { return form{in: in, found: &findings{}} }

func (f form) at(key string) string {
	if f.path == "" {
		return key
	}
	return f.path + "." + key
}

func (f form) fail(key, code, text string, args ...any) {
	f.found.faults = append(f.found.faults, fault{f.at(key), code, fmt.Sprintf(text, args...)})
}

// failure is the answer to all that was found, or nil.
func (f form) failure() error {
	if len(f.found.faults) == 0 {
		return nil
	}
	out := refuse(400, 50035, "Invalid Form Body")
	out.faults = f.found.faults
	return out
}

// known says which keys the object may have. Discord ignores others, so they
// are kept apart from the faults; those that say nothing are let pass.
func (f form) known(keys ...string) {
	for key, v := range f.in {
		if !slices.Contains(keys, key) && v != nil && v != "" && v != false && !emptyList(v) {
			f.found.unknown = append(f.found.unknown, f.at(key))
		}
	}
}

func (f form) has(key string) bool { v, ok := f.in[key]; return ok && v != nil }

func (f form) require(keys ...string) {
	for _, key := range keys {
		if !f.has(key) {
			f.fail(key, "BASE_TYPE_REQUIRED", "This field is required")
		}
	}
}

// text is a string of at least low and at most high characters, or "".
func (f form) text(key string, low, high int) string {
	if !f.has(key) {
		return ""
	}
	text, ok := f.in[key].(string)
	if !ok {
		f.fail(key, "BASE_TYPE_BAD_TYPE", "Must be a string.")
		return ""
	}
	switch n := length(text); {
	case n > high:
		f.fail(key, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", high)
	case n < low:
		f.fail(key, "BASE_TYPE_MIN_LENGTH", "Must be %d or more in length.", low)
	}
	return text
}

// length counts as strictly as Discord may: its unit is not documented, and a
// text has at least as many UTF-16 units as characters.
func length(text string) int { return len(utf16.Encode([]rune(text))) }

// number is a whole number from low to high, or 0.
func (f form) number(key string, low, high int) int {
	if !f.has(key) {
		return 0
	}
	n, ok := whole(f.in[key])
	if !ok {
		f.fail(key, "NUMBER_TYPE_COERCE", "Value %q is not int.", fmt.Sprint(f.in[key]))
		return 0
	}
	if n < low || n > high {
		f.fail(key, "NUMBER_TYPE_RANGE", "int value should be between %d and %d.", low, high)
	}
	return n
}

func whole(v any) (int, bool) {
	switch v := v.(type) {
	case json.Number:
		n, err := strconv.Atoi(v.String())
		return n, err == nil
	case int:
		return v, true
	}
	return 0, false
}

// oneOf is a number out of a few.
func (f form) oneOf(key string, allowed ...int) int {
	if !f.has(key) {
		return 0
	}
	n, ok := whole(f.in[key])
	if !ok || !slices.Contains(allowed, n) {
		f.fail(key, "BASE_TYPE_CHOICES", "Value must be one of %v.", allowed)
		return 0
	}
	return n
}

func (f form) flag(key string) bool {
	if !f.has(key) {
		return false
	}
	v, ok := f.in[key].(bool)
	if !ok {
		f.fail(key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
	}
	return v
}

func (f form) id(key string) string {
	if !f.has(key) {
		return ""
	}
	text := fmt.Sprint(f.in[key])
	if !isID(text) {
		f.fail(key, "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", text)
		return ""
	}
	return text
}

// list is an array of at least low and at most high elements.
func (f form) list(key string, low, high int) []any {
	if !f.has(key) {
		return nil
	}
	all, ok := f.in[key].([]any)
	if !ok {
		f.fail(key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
		return nil
	}
	if len(all) > high || len(all) < low {
		f.fail(key, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", low, high)
	}
	return all
}

// each is the objects of an array.
func (f form) each(key string, low, high int) []form {
	var out []form
	for i, v := range f.list(key, low, high) {
		path := fmt.Sprintf("%s.%d", f.at(key), i)
		in, ok := v.(object)
		if !ok {
			f.found.faults = append(f.found.faults, fault{path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"})
			continue
		}
		out = append(out, form{path, in, f.found})
	}
	return out
}

// child is an object inside this one.
func (f form) child(key string) (form, bool) {
	if !f.has(key) {
		return form{}, false
	}
	in, ok := f.in[key].(object)
	if !ok {
		f.fail(key, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		return form{}, false
	}
	return form{f.at(key), in, f.found}, true
}

// faultTree nests faults the way Discord answers them.
func faultTree(faults []fault) object {
	root := object{}
	for _, f := range faults {
		at := root
		for step := range strings.SplitSeq(f.path, ".") {
			next, ok := at[step].(object)
			if !ok {
				next = object{}
				at[step] = next
			}
			at = next
		}
		list, _ := at["_errors"].([]object)
		at["_errors"] = append(list, object{"code": f.code, "message": f.text})
	}
	return root
}
