package discordtest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// rule is one thing Discord holds a request to: what is refused, and the same
// one step back, which is not.
type rule struct {
	name  string
	bad   object
	good  object // nil where there is nothing near that is right
	code  int    // 0 is 50035, a form with something wrong in it
	where string // the field that is named
}

func chars(n int) string { return strings.Repeat("x", n) }

func embed(o object) object { return object{"embeds": []object{o}} }

func fields(n int) []object {
	out := []object{}
	for i := range n {
		out = append(out, object{"name": fmt.Sprint(i), "value": "v"})
	}
	return out
}

func rowOf(inner ...object) object { return object{"type": 1, "components": inner} }

func rows(all ...object) object { return object{"content": "x", "components": all} }

func pressable(id string) object {
	return object{"type": 2, "style": 1, "label": "Go", "custom_id": id}
}

func with(o object, more object) object {
	out := maps.Clone(o)
	maps.Copy(out, more)
	return out
}

func buttons(n int) []object {
	out := []object{}
	for i := range n {
		out = append(out, pressable(fmt.Sprint(i)))
	}
	return out
}

func selectOf(options int, more object) object {
	all := []object{}
	for i := range options {
		all = append(all, object{"label": "l", "value": fmt.Sprint(i)})
	}
	return with(object{"type": 3, "custom_id": "s", "options": all}, more)
}

func times(n int, one func(int) object) []object {
	out := []object{}
	for i := range n {
		out = append(out, one(i))
	}
	return out
}

func rowEach(n int) []object {
	return times(n, func(i int) object { return rowOf(pressable(fmt.Sprint(i))) })
}

func text(s string) object { return object{"type": 10, "content": s} }

func v2(all ...object) object { return object{"flags": 1 << 15, "components": all} }

// check sends both sides of each rule and looks at the answers: once to a fake
// that knows Discord's description, once to one that has only its own checks.
func check(t *testing.T, rules []rule, send func(*town, object) answered) {
	t.Helper()
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			r.hold(t, newBareTown(t, discordtest.Options{}), send, r.where)
			r.hold(t, newTown(t, discordtest.Options{}), send, "")
		})
	}
}

func (r rule) hold(t *testing.T, w *town, send func(*town, object) answered, where string) {
	t.Helper()
	code := r.code
	if code == 0 {
		code = 50035
	}
	if got := send(w, r.bad); got.code != code || !strings.Contains(got.raw, where) {
		t.Errorf("answered %d %.500s, not code %d that names %q", got.status, got.raw, code, where)
	}
	if r.good == nil {
		return
	}
	if got := send(w, r.good); got.status >= 300 {
		t.Errorf("the rule refuses too much: %d %.500s", got.status, got.raw)
	}
}

// Limits of messages, each with the last value that passes.
func TestRulesOfMessages(t *testing.T) {
	say := func(s string) object { return object{"content": s} }
	check(t, []rule{
		{name: "empty", bad: object{}, code: 50006},
		{name: "2000 characters", bad: say(chars(2001)), good: say(chars(2000)), where: "content"},
		{name: "counted in UTF-16", bad: say(strings.Repeat("🙂", 1001)), good: say(strings.Repeat("🙂", 1000)), where: "content"},
		{name: "nonce of 25", bad: object{"content": "x", "nonce": chars(26)}, good: object{"content": "x", "nonce": chars(25)}, where: "nonce"},
		{name: "10 embeds", bad: object{"embeds": times(11, func(int) object { return object{"title": "t"} })}, good: object{"embeds": times(10, func(int) object { return object{"title": "t"} })}, where: "embeds"},
		{name: "embed title", bad: embed(object{"title": chars(257)}), good: embed(object{"title": chars(256)}), where: "title"},
		{name: "embed description", bad: embed(object{"description": chars(4097)}), good: embed(object{"description": chars(4096)}), where: "description"},
		{name: "25 fields", bad: embed(object{"fields": fields(26)}), good: embed(object{"fields": fields(25)}), where: "fields"},
		{name: "field name", bad: embed(object{"fields": []object{{"name": chars(257), "value": "v"}}}), good: embed(object{"fields": []object{{"name": chars(256), "value": "v"}}}), where: "name"},
		{name: "field value", bad: embed(object{"fields": []object{{"name": "n", "value": chars(1025)}}}), good: embed(object{"fields": []object{{"name": "n", "value": chars(1024)}}}), where: "value"},
		{name: "footer", bad: embed(object{"footer": object{"text": chars(2049)}}), good: embed(object{"footer": object{"text": chars(2048)}}), where: "footer"},
		{name: "author", bad: embed(object{"author": object{"name": chars(257)}}), good: embed(object{"author": object{"name": chars(256)}}), where: "author"},
		{name: "embed address", bad: embed(object{"title": "t", "url": "javascript:x"}), good: embed(object{"title": "t", "url": "https://example.org/#x"}), where: "url"},
		{name: "author's picture", bad: embed(object{"author": object{"name": "n", "icon_url": "x.png"}}), good: embed(object{"author": object{"name": "n", "icon_url": "attachment://x.png"}}), where: "icon_url"},
		{name: "6000 in all embeds", bad: object{"embeds": []object{{"description": chars(4000)}, {"description": chars(2001)}}}, good: object{"embeds": []object{{"description": chars(4000)}, {"description": chars(2000)}}}, where: "embeds"},
		{name: "unknown kind of mention", bad: object{"content": "x", "allowed_mentions": object{"parse": []string{"all"}}}, good: object{"content": "x", "allowed_mentions": object{"parse": []string{"everyone"}}}},
		{name: "parsed and listed", bad: object{"content": "x", "allowed_mentions": object{"parse": []string{"users"}, "users": []string{"1"}}}, good: object{"content": "x", "allowed_mentions": object{"parse": []string{"roles"}, "users": []string{"1"}}}},
		{name: "100 ids", bad: object{"content": "x", "allowed_mentions": object{"users": ids(101)}}, good: object{"content": "x", "allowed_mentions": object{"users": ids(100)}}},
		{name: "ephemeral in a channel", bad: object{"content": "x", "flags": 64}, good: object{"content": "x", "flags": 4}, where: "flags"},
		{name: "poll of 10 answers", bad: poll(11), good: poll(10), where: "answers"},
	}, func(w *town, o object) answered { return w.do("POST", "/channels/"+w.launch.ID+"/messages", o) })
}

func ids(n int) []string {
	out := []string{}
	for i := range n {
		out = append(out, fmt.Sprint(i+1))
	}
	return out
}

func poll(n int) object {
	return object{"poll": object{"question": object{"text": "go?"}, "answers": times(n, func(i int) object {
		return object{"poll_media": object{"text": fmt.Sprint(i)}}
	})}}
}

func TestRulesOfComponents(t *testing.T) {
	check(t, []rule{
		{name: "5 rows", bad: rows(rowEach(6)...), good: rows(rowEach(5)...), where: "components"},
		{name: "5 buttons in a row", bad: rows(rowOf(buttons(6)...)), good: rows(rowOf(buttons(5)...))},
		{name: "a select stands alone", bad: rows(rowOf(selectOf(2, nil), pressable("b"))), good: rows(rowOf(selectOf(2, nil)))},
		{name: "custom_id of 100", bad: rows(rowOf(pressable(chars(101)))), good: rows(rowOf(pressable(chars(100)))), where: "custom_id"},
		{name: "custom_id not empty", bad: rows(rowOf(pressable(""))), good: rows(rowOf(pressable("1"))), where: "custom_id"},
		{name: "custom_id unique", bad: rows(rowOf(pressable("a")), rowOf(pressable("a"))), good: rows(rowOf(pressable("a")), rowOf(pressable("b"))), where: "custom_id"},
		{name: "label of 80", bad: rows(rowOf(with(pressable("a"), object{"label": chars(81)}))), good: rows(rowOf(with(pressable("a"), object{"label": chars(80)}))), where: "label"},
		{name: "a link has no custom_id", bad: rows(rowOf(with(pressable("a"), object{"style": 5, "url": "https://example.org"}))), good: rows(rowOf(object{"type": 2, "style": 5, "label": "l", "url": "https://example.org"}))},
		{name: "a button without label", bad: rows(rowOf(object{"type": 2, "style": 1, "custom_id": "a"})), good: nil, where: "label"},
		{name: "25 options", bad: rows(rowOf(selectOf(26, nil))), good: rows(rowOf(selectOf(25, nil))), where: "options"},
		{name: "values unique", bad: rows(rowOf(object{"type": 3, "custom_id": "s", "options": []object{{"label": "a", "value": "1"}, {"label": "b", "value": "1"}}})), good: nil, where: "value"},
		{name: "placeholder of 150", bad: rows(rowOf(selectOf(1, object{"placeholder": chars(151)}))), good: rows(rowOf(selectOf(1, object{"placeholder": chars(150)}))), where: "placeholder"},
		{name: "no more than there are", bad: rows(rowOf(selectOf(2, object{"max_values": 3}))), good: rows(rowOf(selectOf(2, object{"max_values": 2}))), where: "max_values"},
		{name: "a text display needs the flag", bad: object{"components": []object{text("x")}}, good: v2(text("x"))},
		{name: "V2 without content", bad: with(v2(text("x")), object{"content": "y"}), good: v2(text("x")), where: "content"},
		{name: "V2 without embeds", bad: with(v2(text("x")), embed(object{"title": "t"})), good: v2(text("x")), where: "embeds"},
		{name: "V2 not empty", bad: v2(), good: nil, where: "components"},
		{name: "40 components", bad: v2(times(41, func(int) object { return text("x") })...), good: v2(times(40, func(int) object { return text("x") })...)},
		{name: "40 with those inside", bad: v2(object{"type": 17, "components": times(40, func(int) object { return text("x") })}), good: v2(object{"type": 17, "components": times(39, func(int) object { return text("x") })})},
		{name: "4000 displayed", bad: v2(text(chars(2000)), text(chars(2001))), good: v2(text(chars(2000)), text(chars(2000)))},
		{name: "ids unique", bad: v2(with(text("a"), object{"id": 7}), with(text("b"), object{"id": 7})), good: v2(with(text("a"), object{"id": 7}), with(text("b"), object{"id": 8})), where: "id"},
		{name: "a section has an accessory", bad: v2(object{"type": 9, "components": []object{text("x")}}), good: v2(object{"type": 9, "components": []object{text("x")}, "accessory": pressable("a")})},
		{name: "a file that is not there", bad: v2(object{"type": 13, "file": object{"url": "attachment://a.md"}}), good: nil, where: "url"},
	}, func(w *town, o object) answered { return w.do("POST", "/channels/"+w.launch.ID+"/messages", o) })
}

func modalOf(more object) object {
	return with(object{"custom_id": "m", "title": "Hand off", "components": []object{labelled(nil)}}, more)
}

func labelled(more object) object {
	return object{"type": 18, "label": "Decisions", "component": with(object{"type": 4, "custom_id": "d", "style": 2}, more)}
}

func TestRulesOfModals(t *testing.T) {
	inner := func(more object) object { return modalOf(object{"components": []object{labelled(more)}}) }
	many := func(n int) object {
		return modalOf(object{"components": times(n, func(i int) object { return labelled(object{"custom_id": fmt.Sprint(i)}) })})
	}
	radio := func(n int) object {
		return modalOf(object{"components": []object{{"type": 18, "label": "Go?", "component": object{"type": 21, "custom_id": "r", "options": times(n, func(i int) object {
			return object{"label": "l", "value": fmt.Sprint(i)}
		})}}}})
	}
	check(t, []rule{
		{name: "title of 45", bad: modalOf(object{"title": chars(46)}), good: modalOf(object{"title": chars(45)}), where: "title"},
		{name: "custom_id of 100", bad: modalOf(object{"custom_id": chars(101)}), good: modalOf(object{"custom_id": chars(100)}), where: "custom_id"},
		{name: "5 components", bad: many(6), good: many(5), where: "components"},
		{name: "at least one", bad: many(0), good: many(1), where: "components"},
		{name: "label of 45", bad: modalOf(object{"components": []object{with(labelled(nil), object{"label": chars(46)})}}), good: modalOf(object{"components": []object{with(labelled(nil), object{"label": chars(45)})}}), where: "label"},
		{name: "description of 100", bad: modalOf(object{"components": []object{with(labelled(nil), object{"description": chars(101)})}}), good: modalOf(object{"components": []object{with(labelled(nil), object{"description": chars(100)})}}), where: "description"},
		{name: "value of 4000", bad: inner(object{"value": chars(4001)}), good: inner(object{"value": chars(4000)}), where: "value"},
		{name: "value within its own limit", bad: inner(object{"value": "abc", "max_length": 2}), good: inner(object{"value": "ab", "max_length": 2}), where: "value"},
		{name: "placeholder of 100", bad: inner(object{"placeholder": chars(101)}), good: inner(object{"placeholder": chars(100)}), where: "placeholder"},
		{name: "no label inside a label", bad: inner(object{"label": "twice"}), good: inner(nil)},
		{name: "no button", bad: modalOf(object{"components": []object{rowOf(pressable("a"))}}), good: modalOf(object{"components": []object{rowOf(object{"type": 4, "custom_id": "d", "style": 1, "label": "Text"})}})},
		{name: "2 radio options", bad: radio(1), good: radio(2), where: "options"},
		{name: "10 radio options", bad: radio(11), good: radio(10), where: "options"},
	}, func(w *town, o object) answered {
		if len(w.server.Requests(discordtest.To("PUT", "/applications/{application_id}/commands"))) == 0 {
			w.register()
		}
		i, err := w.ana.Slash(w.launch, "baton note", nil)
		if err != nil {
			w.Fatal(err)
		}
		return w.do("POST", "/interactions/"+i.ID+"/"+i.Token+"/callback", object{"type": 9, "data": o})
	})
}

func commandOf(more object) object {
	return with(object{"name": "baton", "description": "d"}, more)
}

func optionsOf(all ...object) object { return commandOf(object{"options": all}) }

func option(name string, more object) object {
	return with(object{"type": 3, "name": name, "description": "d"}, more)
}

func TestRulesOfCommands(t *testing.T) {
	subs := func(n int) object {
		return optionsOf(times(n, func(i int) object { return object{"type": 1, "name": fmt.Sprint("v", i), "description": "d"} })...)
	}
	// 25 subcommands with two options of 100 each make up the size.
	sized := func(last int) object {
		all := times(25, func(i int) object {
			return object{"type": 1, "name": fmt.Sprintf("verb%02d", i), "description": chars(100), "options": []object{
				option("ab", object{"description": chars(100)}), option("cd", object{"description": chars(100)}),
			}}
		})
		all[0]["options"] = append(all[0]["options"].([]object), option("ef", object{"description": chars(100)}))
		all[1]["options"] = append(all[1]["options"].([]object), option("gh", object{"description": chars(50)}))
		all[2]["options"] = append(all[2]["options"].([]object), option("ij", object{"description": chars(last)}))
		return optionsOf(all...)
	}
	if n := sizeOf(sized(88)); n != 8000 {
		t.Fatalf("the command weighs %d", n)
	}
	check(t, []rule{
		{name: "lower case", bad: commandOf(object{"name": "Baton"}), good: commandOf(nil), where: "name"},
		{name: "no spaces", bad: optionsOf(option("launch review", nil)), good: optionsOf(option("launch-review", nil)), where: "name"},
		{name: "name of 32", bad: commandOf(object{"name": chars(33)}), good: commandOf(object{"name": chars(32)}), where: "name"},
		{name: "description of 100", bad: commandOf(object{"description": chars(101)}), good: commandOf(object{"description": chars(100)}), where: "description"},
		{name: "description given", bad: object{"name": "baton"}, good: commandOf(nil), where: "description"},
		{name: "25 subcommands", bad: subs(26), good: subs(25), where: "options"},
		{name: "required first", bad: optionsOf(option("a", nil), option("b", object{"required": true})), good: optionsOf(option("b", object{"required": true}), option("a", nil)), where: "required"},
		{name: "choices or autocomplete", bad: optionsOf(option("a", object{"autocomplete": true, "choices": []object{{"name": "x", "value": "x"}}})), good: optionsOf(option("a", object{"autocomplete": true}))},
		{name: "subcommands or values", bad: optionsOf(option("a", nil), object{"type": 1, "name": "b", "description": "d"}), good: optionsOf(object{"type": 1, "name": "b", "description": "d"})},
		{name: "options unique", bad: optionsOf(option("a", nil), option("a", nil)), good: nil, where: "name"},
		{name: "25 choices", bad: optionsOf(option("a", object{"choices": choices(26)})), good: optionsOf(option("a", object{"choices": choices(25)})), where: "choices"},
		{name: "no menu with a description", bad: object{"name": "Record decision", "type": 3, "description": "d"}, good: object{"name": "Record decision", "type": 3}},
		{name: "8000 in all", bad: sized(89), good: sized(88)},
		{name: "8000 by a localisation", bad: with(sized(88), object{"description_localizations": object{"de": "da"}}), good: with(sized(88), object{"description_localizations": object{"de": "d"}})},
		{name: "permissions as a string", bad: commandOf(object{"default_member_permissions": 8}), good: commandOf(object{"default_member_permissions": "8"})},
	}, func(w *town, o object) answered {
		return w.do("PUT", "/applications/"+w.app.ID+"/commands", []object{o})
	})
}

func choices(n int) []object {
	return times(n, func(i int) object { return object{"name": fmt.Sprint(i), "value": fmt.Sprint(i)} })
}

// sizeOf counts by hand what a command weighs: its names and descriptions.
func sizeOf(o object) int {
	data, _ := json.Marshal(o)
	var plain object
	_ = json.Unmarshal(data, &plain)
	n := len(plain["name"].(string)) + len(plain["description"].(string))
	inner, _ := plain["options"].([]any)
	for _, v := range inner {
		n += sizeOf(v.(object))
	}
	return n
}
