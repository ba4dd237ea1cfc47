package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	slackgo "github.com/slack-go/slack"

	"github.com/synthoperator/baton/chat"
)

type rendered struct {
	Text                         string
	Blocks                       []slackgo.Block
	Username, IconEmoji, IconURL string
	Files                        []chat.File
}

func (a *Adapter) render(m chat.Message, _ string) []rendered {
	var parts []string
	if m.Title != "" {
		parts = append(parts, m.Title)
	}
	for _, b := range m.Blocks {
		parts = append(parts, fmt.Sprint(b))
	}
	r := rendered{Text: strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(strings.Join(parts, "\n"))}
	if len(m.Buttons) > 0 {
		r.Blocks = append(r.Blocks, slackgo.NewSectionBlock(slackgo.NewTextBlockObject("mrkdwn", or(r.Text, "-"), false, false), nil, nil))
		var es []slackgo.BlockElement
		for i, b := range m.Buttons {
			v, _ := buttonValue(b)
			es = append(es, slackgo.NewButtonBlockElement(fmt.Sprint("b", i), v, plainText(b.Label, 75)))
		}
		r.Blocks = append(r.Blocks, slackgo.NewActionBlock("", es...))
	}
	return []rendered{r}
}

type formMeta struct {
	Verb   string            `json:"v"`
	Args   map[string]string `json:"a,omitempty"`
	Thread string            `json:"t"`
}

func parseMeta(text string) (m formMeta, err error) {
	err = json.Unmarshal([]byte(text), &m)
	if err == nil && m.Verb == "" {
		err = fmt.Errorf("no form of Baton's")
	}
	return m, err
}

func modal(f chat.Form, meta formMeta) (slackgo.ModalViewRequest, error) {
	data, _ := json.Marshal(meta)
	v := slackgo.ModalViewRequest{
		Type: slackgo.VTModal, Title: plainText(f.Title, 24), Submit: plainText(or(f.Submit, "Send"), 24), Close: plainText("Cancel", 24),
		PrivateMetadata: string(data), CallbackID: "baton_form",
	}
	for _, in := range f.Inputs {
		e := slackgo.NewPlainTextInputBlockElement(nil, in.Name)
		e.InitialValue, e.Multiline = in.Value, in.Kind != chat.Line
		b := slackgo.NewInputBlock(in.Name, plainText(in.Name, 100), nil, e)
		b.Optional = !in.Required
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, b)
	}
	return v, nil
}

func formValues(state *slackgo.ViewState, _ formMeta) map[string]string {
	out := map[string]string{}
	if state == nil {
		return out
	}
	for block, actions := range state.Values {
		for _, act := range actions {
			out[block] = act.Value
		}
	}
	return out
}

func (a *Adapter) say(ctx context.Context, in chat.Thread, parts []rendered, only chat.Person) error {
	if a.o.Turn != nil && only.ID == "" {
		done, err := a.o.Turn(ctx, in)
		if err != nil {
			return err
		}
		defer done()
	}
	api, _, err := a.client(ctx, in.Workspace())
	if err != nil {
		return err
	}
	for _, p := range parts {
		o := []slackgo.MsgOption{slackgo.MsgOptionText(p.Text, false), slackgo.MsgOptionBlocks(p.Blocks...)}
		if in.Root() != "" {
			o = append(o, slackgo.MsgOptionTS(in.Root()))
		}
		if only.ID != "" {
			_, err = api.PostEphemeralContext(ctx, in.Channel(), only.ID, o...)
		} else {
			_, _, err = api.PostMessageContext(ctx, in.Channel(), o...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *Adapter) heardKey(_ workspace, e event) (string, bool) {
	if e.Metadata == nil {
		return "", false
	}
	key, ok := e.Metadata.EventPayload["key"].(string)
	return key, ok && e.Metadata.EventType == "baton"
}
