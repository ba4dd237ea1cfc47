package commands

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sahilm/fuzzy"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// explain dresses an error: a refusal as its sentence, several sessions as a
// picker, damage as what still works, anything else as a short apology whose
// key leads the operator to the chain in the log.
func (r *Router) explain(ctx context.Context, call chat.Call, err error) chat.Message {
	var refusal orchestration.Refusal
	if errors.As(err, &refusal) {
		return refused(refusal)
	}
	var several pick
	if errors.As(err, &several) {
		return r.picker(ctx, call, several)
	}
	key := strings.ToLower(rand.Text()[:6])
	r.log.Error("handle", "key", key, "call", call.ID, "thread", call.Thread.Key(), "err", err)
	var damaged *state.Damaged
	if errors.As(err, &damaged) {
		what := "The record of this thread is damaged, so nothing more is accepted here; other threads are not touched."
		if _, session := damaged.Stream.Session(); !session {
			what = "The settings of this channel or workspace are damaged, so nothing is accepted where they hold."
		}
		return fault(fmt.Sprintf("%s Whoever runs Baton should look at `bot verify` (%s).", what, key))
	}
	if errors.Is(err, state.ErrNotAccepted) || errors.Is(err, state.ErrClosed) {
		return fault(fmt.Sprintf("Not accepted: Baton could not write it down. Try again in a moment (%s).", key))
	}
	return fault(fmt.Sprintf("That failed on Baton's side (%s); `status` shows what was kept.", key))
}

func refused(r orchestration.Refusal) chat.Message {
	m := chat.Message{Refused: true, Only: true, Blocks: []chat.Block{chat.Paragraph(sentence(r))}}
	return m
}

// sentence is a refusal in words: what is wrong, and what to type instead.
func sentence(r orchestration.Refusal) string {
	text := stopped(upperFirst(r.Why))
	if len(r.Instead) > 0 {
		try := make([]string, len(r.Instead))
		for i, c := range r.Instead {
			try[i] = "`" + c + "`"
		}
		text += " Try " + orList(try) + "."
	}
	return text
}

func fault(text string) chat.Message {
	return chat.Message{Fault: true, Only: true, Blocks: []chat.Block{chat.Paragraph(text)}}
}

// errOther answers a delivery whose key was used for something else before.
var errOther = orchestration.Refuse("this was delivered before and answered then as something else").Try("history")

// first is the first event of an entry, where it is of the kind expected.
func first[E orchestration.Event](e orchestration.Entry) (E, bool) {
	var none E
	if len(e.Events()) == 0 {
		return none, false
	}
	event, ok := e.Events()[0].(E)
	return event, ok
}

// picker asks which of several sessions a verb means: one button each, which is
// the same command with the number filled in, or else what to type.
func (r *Router) picker(ctx context.Context, call chat.Call, p pick) chat.Message {
	m := chat.Message{Refused: true, Only: true, Blocks: []chat.Block{chat.Paragraph("Several sessions are open in this channel. Which one?")}}
	verb, text := call.Verb, call.Text
	if verb == "" {
		verb, text = splitVerb(text)
	}
	var lines chat.Bullets
	for _, l := range p.open[:min(len(p.open), mostPicked)] {
		title, what := "a session", ""
		if s, err := r.store.Session(ctx, l.ID); err == nil {
			title, what = s.Plan().Title(), s.Brief().Objective
		}
		again := strings.TrimSpace(fmt.Sprintf("%s in: %d %s", verb, l.Number, text))
		if p.args == nil {
			lines = append(lines, fmt.Sprintf("%s: %s: `%s`", title, short(what, 60), short(again, 120)))
			continue
		}
		args := maps.Clone(p.args)
		args[inSession] = strconv.Itoa(l.Number)
		label := fmt.Sprintf("%d: %s", l.Number, short(cmp.Or(what, title), 40))
		m.Buttons = append(m.Buttons, chat.Button{Label: label, Verb: p.verb, Args: args, Form: p.form, Typed: short(again, 120)})
	}
	if len(lines) > 0 {
		m.Blocks = append(m.Blocks, lines)
	}
	if len(p.open) > mostPicked {
		m.Blocks = append(m.Blocks, chat.Remark("There are more: `list sessions` shows all of them, and `in: 2` in a command names one."))
	}
	return m
}

// upperFirst begins a sentence. A name such as startup-cto stays as it is.
func upperFirst(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if s == "" || s[0] < 'a' || s[0] > 'z' || strings.ContainsAny(word, "-@/") {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// near are the words close to a mistyped one, best first: for suggesting, never
// for choosing.
func near(text string, words []string) []string {
	var out []string
	text = strings.ToLower(text)
	for _, w := range words {
		if distance(text, w) <= 2 && len(text) > 2 || strings.HasPrefix(w, text) && text != "" {
			out = append(out, w)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return distance(text, a) - distance(text, b) })
	for _, m := range fuzzy.Find(text, words) {
		if len(out) >= 3 {
			break
		}
		if !slices.Contains(out, m.Str) {
			out = append(out, m.Str)
		}
	}
	return out[:min(3, len(out))]
}

// distance is the Levenshtein distance in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := left
			if a[i] != b[j] {
				cost++
			}
			left, row[j+1] = row[j+1], min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
