package commands

import (
	"fmt"
	"strings"

	"github.com/synthoperator/baton/chat"
)

type helpArgs struct {
	Verb string `pos:"rest" complete:"verbs" help:"a verb to explain"`
}

func help() Command {
	return declare(about{Name: "help", Help: "What Baton understands, or one verb in full", Reads: true, Example: "help handoff"}, doHelp)
}

func doHelp(t *turn, a helpArgs) (chat.Message, error) {
	if a.Verb != "" {
		cmd, ok := t.r.byName[strings.ToLower(strings.Trim(a.Verb, "`/ "))]
		if !ok {
			return chat.Message{}, t.r.unknown(a.Verb)
		}
		return explainVerb(cmd), nil
	}
	m := chat.Message{Title: "Baton runs the orchestration protocol in this chat", Only: true}
	var fields chat.Fields
	for _, v := range t.r.verbs {
		fields = append(fields, chat.Field{Name: v.spec.Name, Value: v.spec.Help})
	}
	m.Blocks = append(m.Blocks, fields,
		chat.Paragraph("Begin with `start product-launch Launch an invoicing tool for freelancers`; `help <verb>` explains one."),
		chat.Remark("Every verb that changes something takes a trailing `because <reason>`. People decide: anything can be overridden and undone."))
	return m, nil
}

func explainVerb(c *Command) chat.Message {
	m := chat.Message{Title: c.spec.Name, Only: true}
	m.Blocks = append(m.Blocks, chat.Paragraph(c.spec.Help+"."), chat.Code(c.spec.Usage))
	if len(c.spec.Options) > 0 {
		var fields chat.Fields
		for _, o := range c.spec.Options {
			text := o.Help
			if len(o.Choices) > 0 {
				text += " (" + strings.Join(o.Choices, ", ") + ")"
			}
			if o.Required {
				text += "; needed"
			}
			fields = append(fields, chat.Field{Name: o.Name, Value: text})
		}
		m.Blocks = append(m.Blocks, fields)
	}
	m.Blocks = append(m.Blocks, chat.Remark(fmt.Sprintf("For example: `%s`", c.spec.Example)))
	return m
}
