package discordtest

import (
	"maps"
	"regexp"
	"strconv"
	"strings"
)

// commandName is how commands and options may be called
// (D:interactions/application-commands, Application Command Naming).
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// Limits of one command (D:interactions/application-commands).
const (
	optionCount  = 25
	choiceText   = 100
	describeText = 100
	commandSize  = 8000
	stringOption = 6000
)

// Types of options (D:interactions/application-commands).
const (
	subCommand        = 1
	subCommandGroup   = 2
	stringOptionType  = 3
	integerOptionType = 4
	booleanOptionType = 5
	userOptionType    = 6
	channelOptionType = 7
	roleOptionType    = 8
	anyoneOptionType  = 9
	numberOptionType  = 10
	fileOptionType    = 11
)

var commandKeys = []string{
	"name", "name_localizations", "description", "description_localizations", "options", "default_member_permissions",
	"dm_permission", "integration_types", "contexts", "nsfw", "type", "default_permission", "handler",
}

// readCommand reads one command and gives it the shape of an answer.
func readCommand(f form, scope string) object {
	// Clients that compare with what they registered send its id along.
	f.known(append([]string{"id", "application_id", "guild_id", "version"}, commandKeys...)...)
	f.require("name")
	kind := chatInput
	if f.has("type") {
		kind = f.oneOf("type", chatInput, userCommand, messageCommand)
	}
	out := object{"type": kind, "description": "", "nsfw": f.flag("nsfw"), "default_member_permissions": nil, "dm_permission": true}
	if kind == chatInput {
		f.readName()
		f.require("description")
		f.text("description", 1, describeText)
		if f.has("options") {
			out["options"] = readCommandOptions(f, 0)
		}
	} else {
		f.text("name", 1, 32)
		f.readMenu()
	}
	f.readLocalized("name", 32)
	f.readLocalized("description", describeText)
	for _, key := range []string{"name", "description", "name_localizations", "description_localizations"} {
		if f.has(key) {
			out[key] = f.in[key]
		}
	}
	f.readPermissions(out)
	f.readContexts(out, scope)
	if n := f.size(); n > commandSize {
		f.fail("options", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (%d)", commandSize)
	}
	return out
}

// readName: letters as the pattern has them, in lower case where there is one.
func (f form) readName() {
	name, _ := f.in["name"].(string)
	if !commandName.MatchString(name) || strings.ToLower(name) != name {
		f.fail("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
}

// readMenu: a command of the context menu has no description and no options.
func (f form) readMenu() {
	if text, _ := f.in["description"].(string); text != "" {
		f.fail("description", "APPLICATION_COMMAND_INVALID_DESCRIPTION", "Context menu commands cannot have description")
	}
	if f.has("options") && !emptyList(f.in["options"]) {
		f.fail("options", "APPLICATION_COMMAND_INVALID_OPTIONS", "Context menu commands cannot have options")
	}
}

func (f form) readLocalized(key string, high int) {
	if all, ok := f.child(key + "_localizations"); ok {
		for locale := range all.in {
			all.text(locale, 1, high)
		}
	}
}

// readPermissions: a set of rights as a string of digits.
func (f form) readPermissions(out object) {
	if !f.has("default_member_permissions") {
		return
	}
	text, ok := f.in["default_member_permissions"].(string)
	if _, err := strconv.ParseUint(text, 10, 64); !ok || err != nil {
		f.fail("default_member_permissions", "BASE_TYPE_BAD_TYPE", "Must be a string of digits.")
	}
	out["default_member_permissions"] = text
}

// readContexts: where a command can be used is for global commands only.
func (f form) readContexts(out object, scope string) {
	for key, high := range map[string]int{"contexts": 2, "integration_types": 1} {
		all := f.list(key, 0, high+1)
		for _, v := range all {
			if n, ok := whole(v); !ok || n < 0 || n > high {
				f.fail(key, "BASE_TYPE_CHOICES", "Value must be from 0 to %d.", high)
			}
		}
		switch {
		case f.has(key) && scope != "":
			f.fail(key, "APPLICATION_COMMAND_GUILD_CONTEXTS", "Only global commands have %s", key)
		case f.has(key):
			out[key] = f.in[key]
		case scope == "" && key == "contexts":
			out[key] = nil
		case scope == "":
			out[key] = []int{0} // The default of an application that is only installed to guilds.
		}
	}
}

// readCommandOptions: depth 0 is the command, 1 a group, 2 a subcommand.
func readCommandOptions(f form, depth int) []object {
	out := []object{}
	names := map[string]bool{}
	optional, nested, plain := false, false, false
	for _, o := range f.each("options", 0, optionCount) {
		kind := readOption(o, depth)
		name, _ := o.in["name"].(string)
		if names[name] {
			o.fail("name", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
		}
		names[name] = true
		if kind <= subCommandGroup {
			nested = true
		} else {
			plain = true
		}
		switch required := o.flag("required"); {
		case required && optional:
			o.fail("required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		case !required:
			optional = true
		}
		kept := maps.Clone(o.in)
		maps.DeleteFunc(kept, func(_ string, v any) bool { return v == nil })
		if o.has("options") {
			next := depth + 1
			if kind == subCommand {
				next = 2
			}
			kept["options"] = readCommandOptions(o, next)
		}
		out = append(out, kept)
	}
	if nested && plain {
		f.fail("options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
	return out
}

// readOption: command, then group, then subcommand, and nothing deeper.
func readOption(f form, depth int) int {
	f.known("type", "name", "name_localizations", "description", "description_localizations", "required", "choices",
		"options", "channel_types", "min_value", "max_value", "min_length", "max_length", "autocomplete")
	f.require("type", "name", "description")
	kind := f.oneOf("type", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	f.readName()
	f.text("description", 1, describeText)
	f.readLocalized("name", 32)
	f.readLocalized("description", describeText)
	if kind == subCommandGroup && depth > 0 || kind == subCommand && depth > 1 {
		f.fail("type", "APPLICATION_COMMAND_OPTIONS_NESTED", "Groups hold subcommands, subcommands hold values")
	}
	if kind > subCommandGroup && f.has("options") && !emptyList(f.in["options"]) {
		f.fail("options", "APPLICATION_COMMAND_OPTIONS_NESTED", "Only subcommands and groups have options")
	}
	f.number("min_length", 0, stringOption)
	f.number("max_length", 1, stringOption)
	if f.flag("autocomplete") && len(f.list("choices", 0, optionCount)) > 0 {
		f.fail("autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", "Choices and autocomplete exclude each other")
	}
	names := map[string]bool{}
	for _, c := range f.each("choices", 0, optionCount) {
		readChoice(c, kind)
		name, _ := c.in["name"].(string)
		if names[name] {
			c.fail("name", "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_INVALID", "Choice names must be unique")
		}
		names[name] = true
	}
	return kind
}

func readChoice(f form, kind int) {
	f.known("name", "name_localizations", "value")
	f.require("name", "value")
	f.text("name", 1, choiceText)
	if kind == stringOptionType {
		f.text("value", 1, choiceText)
	}
}

// size is the characters of a command that count: names, descriptions and
// values, of each the longest localisation.
func (f form) size() int {
	n := f.longest("name") + f.longest("description")
	for _, o := range f.objects("options") {
		n += o.size()
	}
	for _, c := range f.objects("choices") {
		n += c.longest("name")
		if text, ok := c.in["value"].(string); ok {
			n += length(text)
		}
	}
	return n
}

func (f form) longest(key string) int {
	text, _ := f.in[key].(string)
	n := length(text)
	others, _ := f.in[key+"_localizations"].(object)
	for _, v := range others {
		text, _ := v.(string)
		n = max(n, length(text))
	}
	return n
}

// objects are those of an array, without a word about the others.
func (f form) objects(key string) []form {
	var out []form
	all, _ := f.in[key].([]any)
	for _, v := range all {
		if o, ok := v.(object); ok {
			out = append(out, form{in: o, found: &findings{}})
		}
	}
	return out
}
