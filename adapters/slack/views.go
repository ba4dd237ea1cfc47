package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// formCallback is the callback_id of all forms.
const formCallback = "baton-form"

// formMeta is what a form stands for, kept in its private_metadata.
type formMeta struct {
	Verb   string            `json:"v,omitempty"`
	Args   map[string]string `json:"a,omitempty"`
	Thread string            `json:"t,omitempty"` // key of the [chat.Thread]
	Kept   string            `json:"k,omitempty"` // where the rest is kept: see [Adapter.stow]
}

// modal is a form as a modal. An input's block_id is the option's name, so that
// what is wrong with a value can be said beside it; more inputs of an option that
// is too long for one have names that [formValues] knows.
func modal(f chat.Form, meta formMeta) (slackgo.ModalViewRequest, error) {
	data, err := json.Marshal(meta)
	if err != nil {
		return slackgo.ModalViewRequest{}, err
	}
	if units(string(data)) > maxPrivate {
		return slackgo.ModalViewRequest{}, errors.New("a form carries too much: stow what it is about first")
	}
	v := slackgo.ModalViewRequest{
		Type: slackgo.VTModal, Title: plain(shorten(orElse(oneLine(f.Title), "Baton"), maxViewTitle)),
		Close: plain("Cancel"), Submit: plain(shorten(orElse(oneLine(f.Submit), "Send"), maxViewTitle)),
		PrivateMetadata: string(data), CallbackID: formCallback, NotifyOnClose: true,
	}
	var blocks []slackgo.Block
	for _, name := range []string{f.Title, f.Submit} {
		if units(oneLine(name)) > maxViewTitle {
			blocks = append(blocks, slackgo.NewSectionBlock(plain(shorten(oneLine(name), maxSection)), nil, nil))
		}
	}
	for _, in := range f.Inputs {
		blocks = append(blocks, inputs(f.Verb, in)...)
	}
	if len(blocks) == 0 {
		v.Submit = nil
		blocks = append(blocks, slackgo.NewSectionBlock(plain("There is nothing to fill in."), nil, nil))
	}
	if len(blocks) > maxViewBlocks {
		return slackgo.ModalViewRequest{}, fmt.Errorf("the form has %d inputs, and Slack shows %d at most", len(blocks), maxViewBlocks)
	}
	v.Blocks = slackgo.Blocks{BlockSet: blocks}
	if data, err = json.Marshal(v); err != nil || len(data) > maxView {
		return slackgo.ModalViewRequest{}, fmt.Errorf("the form is too large for Slack: %d bytes (%w)", len(data), err)
	}
	return v, nil
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// formValues are a form's arguments: what it was opened with, and over it what
// stands in its inputs. An input that was left empty has the empty text.
func formValues(state *slackgo.ViewState, meta formMeta) map[string]string {
	values := map[string]string{}
	for name, arg := range meta.Args {
		values[name] = arg
	}
	if state == nil {
		return values
	}
	more := map[string][]string{}
	for block, actions := range state.Values {
		for _, action := range actions {
			if name, _, _, part := continued(block); part {
				more[name] = append(more[name], block)
			} else {
				values[block] = entered(action)
			}
		}
	}
	for name, blocks := range more {
		slices.SortFunc(blocks, func(a, b string) int {
			_, i, _, _ := continued(a)
			_, j, _, _ := continued(b)
			return i - j
		})
		for _, block := range blocks {
			_, _, between, _ := continued(block)
			for _, action := range state.Values[block] {
				if text := entered(action); text != "" {
					values[name] += between + text
				}
			}
		}
	}
	return values
}

// entered is what stands in an input.
func entered(b slackgo.BlockAction) string {
	switch {
	case b.SelectedUser != "":
		return "<@" + b.SelectedUser + ">"
	case b.SelectedOption.Value != "":
		return b.SelectedOption.Value
	case len(b.SelectedOptions) > 0:
		var all []string
		for _, o := range b.SelectedOptions {
			all = append(all, o.Value)
		}
		return strings.Join(all, ", ")
	}
	return b.Value
}
