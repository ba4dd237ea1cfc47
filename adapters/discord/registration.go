package discord

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// rootCommand is the one command that people type; every verb is a subcommand of
// it (D:interactions/application-commands, Subcommands and Subcommand Groups).
const rootCommand = "baton"

// Limits of commands (D:interactions/application-commands).
const (
	maxSubcommands  = 25
	maxVerbOptions  = 25
	maxDescription  = 100
	maxCommandSize  = 8000
	maxStringOption = 6000
)

// commandName is how commands and options may be called
// (D:interactions/application-commands, Application Command Naming).
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// CommandSpec is a command as it is registered. Only what Baton says of it is
// here; what Discord adds is left out of comparisons.
type CommandSpec struct {
	Name             string       `json:"name"`
	Type             int          `json:"type"`
	Description      string       `json:"description,omitempty"`
	Options          []OptionSpec `json:"options,omitempty"`
	Contexts         []int        `json:"contexts,omitempty"`
	IntegrationTypes []int        `json:"integration_types,omitempty"`
	// DefaultPermissions is never set: everybody sees `/baton`, and who may do what
	// is decided when it is done.
	DefaultPermissions *string `json:"default_member_permissions,omitempty"`
}

// OptionSpec is a verb, or one of its options.
type OptionSpec struct {
	Type         int          `json:"type"`
	Name         string       `json:"name"`
	Description  string       `json:"description"`
	Required     bool         `json:"required,omitempty"`
	Choices      []choice     `json:"choices,omitempty"`
	Autocomplete bool         `json:"autocomplete,omitempty"`
	MaxLength    int          `json:"max_length,omitempty"`
	Options      []OptionSpec `json:"options,omitempty"`
}

// Options that a verb has beside its own.
const (
	formOption   = "form"
	reasonOption = "because"
	placeOption  = "in"
)

// Commands are what is registered for these verbs: `/baton`, and the commands of
// a message's menu. Those for one server have no contexts, which are for global
// commands only. What Discord would refuse is an error.
func Commands(specs []chat.Spec, global bool) ([]CommandSpec, error) {
	root := CommandSpec{Name: rootCommand, Type: chatInput, Description: "Run the team's orchestration protocol"}
	if len(specs) > maxSubcommands {
		return nil, fmt.Errorf("%d verbs are more than the %d subcommands that Discord takes", len(specs), maxSubcommands)
	}
	for _, s := range specs {
		root.Options = append(root.Options, subcommandOf(s))
	}
	if err := root.check(); err != nil {
		return nil, err
	}
	all := []CommandSpec{root}
	for _, m := range menu {
		if slices.ContainsFunc(specs, func(s chat.Spec) bool { return s.Name == m.verb }) {
			all = append(all, CommandSpec{Name: m.name, Type: messageCommand})
		}
	}
	if global {
		for i := range all { // in servers only, and installed there
			all[i].Contexts, all[i].IntegrationTypes = []int{0}, []int{0}
		}
	}
	return all, nil
}

// subcommandOf is a verb with its options. One that has a form requires nothing:
// sent without what it needs, it opens the form.
func subcommandOf(s chat.Spec) OptionSpec {
	out := OptionSpec{Type: subcommand, Name: s.Name, Description: short(s.Help, maxDescription)}
	for _, o := range s.Options {
		typed := optionOf(o)
		typed.Required = o.Required && s.Form == ""
		out.Options = append(out.Options, typed)
	}
	slices.SortStableFunc(out.Options, func(a, b OptionSpec) int { // D: required ones come first
		return cmp.Compare(boolean(b.Required), boolean(a.Required))
	})
	more := []OptionSpec{{Type: integerOption, Name: placeOption, Description: "the session, by its number here"}}
	if strings.Contains(s.Usage, "["+reasonOption+" …]") {
		more = append(more, OptionSpec{Type: stringOption, Name: reasonOption, Description: "the reason", MaxLength: maxStringOption})
	}
	if s.Form != "" {
		more = append(more, OptionSpec{Type: booleanOption, Name: formOption, Description: "open the form"})
	}
	for _, o := range more {
		if !slices.ContainsFunc(out.Options, func(own OptionSpec) bool { return own.Name == o.Name }) {
			out.Options = append(out.Options, o)
		}
	}
	return out
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

func optionOf(o chat.Option) OptionSpec {
	out := OptionSpec{Type: stringOption, Name: o.Name, Description: short(o.Help, maxDescription)}
	switch {
	case o.Complete != "":
		out.Autocomplete = true
	case len(o.Choices) > 0:
		for _, c := range o.Choices {
			out.Choices = append(out.Choices, choice{c, c})
		}
	case o.Kind == chat.Number:
		out.Type = integerOption
	case o.Kind == chat.Yes:
		out.Type = booleanOption
	case o.Kind == chat.Who:
		out.Type = userOption
	}
	if out.Type == stringOption && len(out.Choices) == 0 {
		out.MaxLength = maxStringOption
	}
	return out
}

// check finds what Discord would refuse.
func (c CommandSpec) check() error {
	size := units(c.Name) + units(c.Description)
	for _, verb := range c.Options {
		n, err := verb.check()
		if err != nil {
			return fmt.Errorf("`%s`: %w", verb.Name, err)
		}
		size += n
	}
	if size > maxCommandSize {
		return fmt.Errorf("the verbs take %d characters, and Discord takes %d: shorten what their options say", size, maxCommandSize)
	}
	return nil
}

func (o OptionSpec) check() (size int, err error) {
	if !commandName.MatchString(o.Name) || strings.ToLower(o.Name) != o.Name {
		return 0, fmt.Errorf("%q is no name that Discord takes: small letters, digits, - and _, at most 32", o.Name)
	}
	if o.Description == "" {
		return 0, fmt.Errorf("%q has no description", o.Name)
	}
	size = units(o.Name) + units(o.Description)
	if len(o.Options) > maxVerbOptions || len(o.Choices) > maxChoices {
		return 0, fmt.Errorf("%d options and %d choices are more than %d", len(o.Options), len(o.Choices), maxVerbOptions)
	}
	for _, c := range o.Choices {
		if c.Name == "" || units(c.Name) > maxChoiceText || units(c.Value) > maxChoiceText {
			return 0, fmt.Errorf("%q has the choice %.20q, which has to be 1 to %d characters", o.Name, c.Name, maxChoiceText)
		}
		size += units(c.Name) + units(c.Value)
	}
	names := map[string]bool{}
	for _, in := range o.Options {
		n, err := in.check()
		if err != nil {
			return 0, err
		}
		if names[in.Name] {
			return 0, fmt.Errorf("it has two options %q", in.Name)
		}
		names[in.Name] = true
		size += n
	}
	return size, nil
}

const (
	routeCommands      = "/applications/{application_id}/commands"
	routeGuildCommands = "/applications/{application_id}/guilds/{guild_id}/commands"
)
