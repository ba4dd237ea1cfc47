package slack

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// inputs asks for one value: by one input, or by several where it is longer than
// one holds.
func inputs(verb string, in chat.Input) []slackgo.Block {
	if e := chooser(verb, in); e != nil {
		return []slackgo.Block{input(in.Name, in, e)}
	}
	long := in.Kind == chat.Text || in.Kind == chat.List || strings.Contains(in.Value, "\n") || units(in.Value) > maxInput
	var blocks []slackgo.Block
	for i, piece := range inputPieces(in.Value) {
		e := slackgo.NewPlainTextInputBlockElement(nil, "value")
		e.Multiline, e.InitialValue, e.MaxLength = long, piece.text, maxInput
		id := in.Name
		if i > 0 {
			id = continuation(in.Name, i+1, piece.between)
		}
		b := input(id, in, e)
		if i > 0 {
			b.Optional = true
			b.Label = plain(shorten(title(orElse(in.Label, in.Name)), maxInputLabel-10) + fmt.Sprintf(" (%d)", i+1))
			b.Hint = nil
		}
		blocks = append(blocks, b)
	}
	return blocks
}

func input(id string, in chat.Input, e slackgo.BlockElement) *slackgo.InputBlock {
	b := slackgo.NewInputBlock(id, plain(shorten(title(orElse(in.Label, in.Name)), maxInputLabel)), nil, e)
	b.Optional = !in.Required
	if help := oneLine(in.Help); help != "" {
		b.Hint = plain(shorten(help, maxInputLabel))
	}
	return b
}

// title is an option's name as a label.
func title(name string) string {
	name = orElse(oneLine(strings.ReplaceAll(name, "_", " ")), "Value")
	return strings.ToUpper(name[:1]) + name[1:]
}

// chooser is the element that chooses a value; nil where it has to be typed, or
// what stands there cannot be shown as chosen.
func chooser(verb string, in chat.Input) slackgo.BlockElement {
	switch {
	case in.Kind == chat.Yes:
		return radio(in)
	case in.Kind == chat.Choice, len(in.Choices) > 0 && in.Kind != chat.Names && in.Kind != chat.List:
		return listed(in)
	case in.Kind == chat.Who:
		return somebody(in)
	case in.Kind == chat.Number && (in.Value == "" || numberRE.MatchString(in.Value)):
		e := slackgo.NewNumberInputBlockElement(nil, "value", false)
		e.InitialValue = in.Value
		return e
	case in.Complete != "" && in.Kind == chat.Names:
		return searchedMany(verb, in)
	case in.Complete != "" && in.Kind == chat.Line:
		return searched(verb, in)
	}
	return nil
}

var numberRE = regexp.MustCompile(`^-?[0-9]{1,15}$`)

func radio(in chat.Input) slackgo.BlockElement {
	yes, no := slackgo.NewOptionBlockObject("yes", plain("Yes"), nil), slackgo.NewOptionBlockObject("no", plain("No"), nil)
	e := slackgo.NewRadioButtonsBlockElement("value", yes, no)
	switch strings.ToLower(in.Value) {
	case "yes", "true", "on":
		e.InitialOption = yes
	case "no", "false", "off":
		e.InitialOption = no
	case "":
	default:
		return nil
	}
	return e
}

// listed is a menu of all values there are.
func listed(in chat.Input) slackgo.BlockElement {
	if len(in.Choices) == 0 || len(in.Choices) > maxChoices || in.Value != "" && !slices.Contains(in.Choices, in.Value) {
		return nil
	}
	e := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, nil, "value")
	for _, choice := range in.Choices {
		if !holdsChoice(chat.Suggestion{Text: choice}) {
			return nil
		}
		o := slackgo.NewOptionBlockObject(choice, plain(choice), nil)
		e.Options = append(e.Options, o)
		if choice == in.Value {
			e.InitialOption = o
		}
	}
	return e
}

var namedRE = regexp.MustCompile(`^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$`)

func somebody(in chat.Input) slackgo.BlockElement {
	e := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeUser, nil, "value")
	if in.Value == "" {
		return e
	}
	id := in.Value
	if m := namedRE.FindStringSubmatch(in.Value); m != nil {
		id = m[1]
	}
	if !userRE.MatchString(id) {
		return nil
	}
	e.InitialUser = id
	return e
}

// searchAction is the action_id of a menu that is searched: it says which verb's
// option is to be completed.
func searchAction(verb, option string) string { return "search:" + verb + ":" + option }

// searchedFor reads what [searchAction] wrote.
func searchedFor(action string) (verb, option string, ok bool) {
	rest, ok := strings.CutPrefix(action, "search:")
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, ":")
}

// searched is a menu whose choices Baton completes.
func searched(verb string, in chat.Input) slackgo.BlockElement {
	e := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeExternal, nil, searchAction(verb, in.Name))
	e.MinQueryLength = new(int)
	if in.Value == "" {
		return e
	}
	if !holdsChoice(chat.Suggestion{Text: in.Value}) {
		return nil
	}
	e.InitialOption = slackgo.NewOptionBlockObject(in.Value, plain(in.Value), nil)
	return e
}

// searchedMany is searched for several names.
func searchedMany(verb string, in chat.Input) slackgo.BlockElement {
	e := slackgo.NewOptionsMultiSelectBlockElement(slackgo.MultiOptTypeExternal, nil, searchAction(verb, in.Name))
	e.MinQueryLength = new(int)
	for name := range strings.SplitSeq(in.Value, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if !holdsChoice(chat.Suggestion{Text: name}) {
			return nil
		}
		e.InitialOptions = append(e.InitialOptions, slackgo.NewOptionBlockObject(name, plain(name), nil))
	}
	if len(e.InitialOptions) > maxChoices {
		return nil
	}
	return e
}

// inputPiece is what stands in one of several inputs, and what was between it and
// the one before: nothing, a space or a line end.
type inputPiece struct{ between, text string }

// inputPieces are a value in pieces that an input holds. Nothing is lost: what
// was between two of them is known from their names.
func inputPieces(value string) []inputPiece {
	value = clean(value)
	pieces := []inputPiece{{"", value}}
	for units(pieces[len(pieces)-1].text) > maxInput {
		last := &pieces[len(pieces)-1]
		end := fitting(last.text, maxInput, units)
		head, rest, between := last.text[:end], last.text[end:], ""
		if i := strings.LastIndexAny(head, "\n"); i > 0 {
			head, rest, between = last.text[:i], last.text[i+1:], "\n"
		} else if i := strings.LastIndexByte(head, ' '); i > 0 {
			head, rest, between = last.text[:i], last.text[i+1:], " "
		}
		last.text = head
		pieces = append(pieces, inputPiece{between, rest})
	}
	return pieces
}

// betweens are what may be between two pieces, by the letter that stands for it.
var betweens = map[string]string{"n": "\n", "s": " ", "x": ""}

// continuation is the block_id of a further input of an option.
func continuation(name string, n int, between string) string {
	for letter, text := range betweens {
		if text == between {
			return name + "~" + strconv.Itoa(n) + letter
		}
	}
	return name
}

var continuationRE = regexp.MustCompile(`^(.*)~([0-9]+)([nsx])$`)

// continued reads what [continuation] wrote.
func continued(block string) (name string, n int, between string, ok bool) {
	m := continuationRE.FindStringSubmatch(block)
	if m == nil {
		return block, 1, "", false
	}
	n, _ = strconv.Atoi(m[2])
	return m[1], n, betweens[m[3]], true
}
