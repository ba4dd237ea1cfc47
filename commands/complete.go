package commands

import (
	"context"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/orchestration"
)

// mostSuggestions is what one list of suggestions holds: Discord shows 25
// (https://docs.discord.com/developers/interactions/application-commands#autocomplete).
const mostSuggestions = 25

// Complete suggests how the last word of a call may go on: verbs, then what the
// option at that place takes. A platform with typed options sets Verb and puts
// the one option being typed into Args, with the session's number where it knows it.
func (r *Router) Complete(ctx context.Context, call chat.Call) []chat.Suggestion {
	t := &turn{ctx: ctx, r: r, call: call, lib: r.library.Snapshot()}
	if call.Verb != "" {
		cmd, ok := r.byName[call.Verb]
		if !ok {
			return nil
		}
		var err error
		if t.in, err = sessionNumber(call.Args[inSession]); err != nil {
			return nil
		}
		for name, typed := range call.Args {
			if f := cmd.option(name); f.Name != "" && name != inSession {
				return t.suggest(f, typed)
			}
		}
		return nil
	}
	verb, rest := splitVerb(call.Text)
	cmd, ok := r.byName[strings.ToLower(verb)]
	if !ok || rest == "" && !strings.HasSuffix(call.Text, " ") {
		return r.suggestVerbs(verb)
	}
	f, typed := cmd.optionBeingTyped(rest, strings.HasSuffix(call.Text, " "))
	if f.Name == "" {
		return nil
	}
	return t.suggest(f, typed)
}

func (r *Router) suggestVerbs(prefix string) []chat.Suggestion {
	var out []chat.Suggestion
	for _, v := range r.verbs {
		if strings.HasPrefix(v.spec.Name, strings.ToLower(prefix)) {
			out = append(out, chat.Suggestion{Text: v.spec.Name, Label: v.spec.Name, Detail: v.spec.Help})
		}
	}
	return out
}

// optionBeingTyped is the option the end of a text belongs to, and what of its
// value is typed so far.
func (c *Command) optionBeingTyped(text string, space bool) (field, string) {
	if marks := findKeys(c, text); len(marks) > 0 {
		m := marks[len(marks)-1]
		return c.option(m.option), strings.TrimSpace(text[m.end:])
	}
	rest := text
	for _, f := range c.fields {
		if !f.positional {
			continue
		}
		word, after := nextWord(rest)
		if f.rest || after == "" && !(space && word != "") {
			return f, rest
		}
		rest = after
	}
	return field{}, ""
}

func (t *turn) suggest(f field, typed string) []chat.Suggestion {
	if len(f.Choices) > 0 {
		var out []chat.Suggestion
		for _, c := range f.Choices {
			if strings.HasPrefix(c, strings.ToLower(typed)) {
				out = append(out, chat.Suggestion{Text: c, Label: c})
			}
		}
		return out
	}
	head := ""
	if f.Kind == chat.Names {
		if i := strings.LastIndexAny(typed, ",+"); i >= 0 {
			head, typed = typed[:i+1]+" ", typed[i+1:]
		}
	}
	typed = strings.ToLower(strings.TrimSpace(typed))
	switch f.Complete {
	case "personas":
		return entries(head, t.lib.Complete(library.PersonaKind, typed, mostSuggestions))
	case "skills":
		return entries(head, t.lib.Complete(library.SkillKind, typed, mostSuggestions))
	case "patterns":
		return t.suggestPatterns(typed)
	case "loaded":
		return t.suggestLoaded(head, typed)
	case "override":
		return t.suggestOverride(typed)
	case "verbs":
		return t.r.suggestVerbs(typed)
	}
	return nil
}

func entries(head string, found []library.Entry) []chat.Suggestion {
	out := make([]chat.Suggestion, 0, len(found))
	for _, e := range found {
		out = append(out, chat.Suggestion{Text: head + e.Name, Label: e.Name, Detail: short(e.Description, 100)})
	}
	return out
}

func (t *turn) suggestPatterns(typed string) []chat.Suggestion {
	var out []chat.Suggestion
	for _, p := range t.lib.Patterns() {
		if strings.HasPrefix(p.Plan.Name(), typed) {
			out = append(out, chat.Suggestion{Text: p.Plan.Name(), Label: p.Plan.Name(), Detail: short(p.Description, 100)})
		}
	}
	return out
}

func (t *turn) suggestLoaded(head, typed string) []chat.Suggestion {
	skills := []orchestration.Skill{}
	if s, err := t.session(); err == nil {
		skills = s.Skills()
	}
	var out []chat.Suggestion
	for _, s := range skills {
		if strings.HasPrefix(s.Name.Last(), typed) {
			out = append(out, chat.Suggestion{Text: head + s.Name.Last(), Label: s.String()})
		}
	}
	return out
}

// suggestOverride suggests what the plan may be set aside for: whether a phase, a
// persona or a skill is meant is not known yet where this is asked.
func (t *turn) suggestOverride(typed string) []chat.Suggestion {
	var out []chat.Suggestion
	if s, err := t.session(); err == nil {
		for _, p := range s.Phases() {
			if strings.HasPrefix(strings.ToLower(p.Name), typed) {
				out = append(out, chat.Suggestion{Text: p.Name, Label: p.Name, Detail: "phase: " + short(p.Objective, 90)})
			}
		}
	}
	for _, kind := range []library.Kind{library.PersonaKind, library.SkillKind} {
		for _, e := range t.lib.Complete(kind, typed, mostSuggestions) {
			out = append(out, chat.Suggestion{Text: e.Name, Label: e.Name, Detail: string(kind) + ": " + short(e.Description, 90)})
		}
	}
	return out[:min(len(out), mostSuggestions)]
}
