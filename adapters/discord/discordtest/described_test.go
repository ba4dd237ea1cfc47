package discordtest_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// described are the events of the gateway as discord-api-types describes them.
// Discord itself has no description of them that a machine can read.
type described struct {
	events object // the schemas by the events' names
	all    *jsonschema.Resolved
}

// describe makes schemas of the types of discord-api-types.
func describe(t *testing.T) *described {
	t.Helper()
	node := nodeOrSkip(t, "ts-json-schema-generator")
	at := filepath.Join(t.TempDir(), "events.json")
	cmd := exec.CommandContext(t.Context(), node, "node_modules/ts-json-schema-generator/bin/ts-json-schema-generator.js",
		"--path", "events.ts", "--type", "Events", "--no-type-check", "--additional-properties", "--out", at)
	cmd.Dir = "clients"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	var root struct{ Definitions map[string]object }
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	names, defs := map[string]string{}, object{}
	for name := range root.Definitions {
		names[name] = fmt.Sprint("d", len(names))
	}
	for name, schema := range root.Definitions {
		if strings.HasSuffix(name, "Flags") {
			schema = object{"type": "number"} // A set of flags is described as one of them.
		}
		simplify(schema, names)
		defs[names[name]] = schema
	}
	d := &described{events: root.Definitions["Events"]["properties"].(object)}
	var schema jsonschema.Schema
	if err := json.Unmarshal(marshal(t, object{"$defs": defs, "properties": d.events}), &schema); err != nil {
		t.Fatal(err)
	}
	if d.all, err = schema.Resolve(nil); err != nil {
		t.Fatal(err)
	}
	return d
}

// simplify takes out the remarks on what is deprecated, which are sentences
// where JSON Schema has a yes or no, and gives definitions names that need no
// escaping.
func simplify(v any, names map[string]string) {
	switch v := v.(type) {
	case object:
		if _, ok := v["deprecated"].(string); ok {
			delete(v, "deprecated")
		}
		if ref, ok := v["$ref"].(string); ok {
			name, _ := url.PathUnescape(strings.TrimPrefix(ref, "#/definitions/"))
			v["$ref"] = "#/$defs/" + names[name]
		}
		for _, inner := range v {
			simplify(inner, names)
		}
	case []any:
		for _, inner := range v {
			simplify(inner, names)
		}
	}
}

// check says how an event is not as it is described.
func (d *described) check(t *testing.T, p packet) error {
	t.Helper()
	if d.events[p.Type] == nil {
		return fmt.Errorf("%s is not described: add it to events.ts", p.Type)
	}
	var whole any
	if err := json.Unmarshal(marshal(t, object{p.Type: object{"op": p.Op, "t": p.Type, "s": p.Seq, "d": p.Data}}), &whole); err != nil {
		t.Fatal(err)
	}
	if err := d.all.Validate(whole); err != nil {
		return fmt.Errorf("%s: %w: %.1500s", p.Type, err, p.Data)
	}
	return nil
}

// Every event the gateway sends is as discord-api-types describes it.
func TestEventsAreAsDescribed(t *testing.T) {
	d := describe(t)
	w := newTown(t, discordtest.Options{Limits: map[string]discordtest.Limit{}})
	w.app.Grant(1<<15 | 1<<1)
	w.register()
	c := w.connect()
	c.expect(10, "")
	c.send(2, identity(w, 1|1<<1|1<<9|1<<11|1<<15))
	first := []packet{c.expect(0, "READY"), c.expect(0, "GUILD_CREATE")}
	w.busy()
	w.app.DropConnections()
	told := append(first, c.all()...)
	var seen []string
	for _, p := range told {
		if err := d.check(t, p); err != nil {
			t.Error(err)
		}
		seen = append(seen, p.Type)
	}
	for kind := range d.events {
		if !slices.Contains(seen, kind) {
			t.Errorf("no %s was sent", kind)
		}
	}
	if d.check(t, packet{Type: "MESSAGE_DELETE", Data: json.RawMessage(`{"id":1}`)}) == nil {
		t.Error("an id that is a number passes")
	}
}

// all is what is still sent until the connection ends.
func (c *client) all() []packet {
	var out []packet
	for {
		p := c.next()
		if p.Op < 0 {
			return out
		}
		out = append(out, p)
	}
}

// busy makes everything happen that the gateway tells of.
func (w *town) busy() {
	w.Helper()
	ok := func(err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	w.app.Join(w.guild, 1<<52-1)
	w.guild.NewChannel("forum", discordtest.Forum).NewTag("idea", false)
	w.ana.SetRoles(w.guild.NewRole("lead", discordtest.ManageThreads))
	said, err := w.ana.Say(w.launch, w.app.Mention()+" hello")
	ok(err)
	_, err = w.ana.Reply(said, "again")
	ok(err)
	at := "/channels/" + w.launch.ID
	card := w.must("POST", at+"/messages", quiet(with(v2(object{"type": 17, "components": []object{text("a"), rowOf(pressable("go"))}}), object{"nonce": "n"}))).body["id"].(string)
	w.must("PUT", at+"/messages/pins/"+card, nil)
	w.must("POST", at+"/typing", nil)
	thread, err := w.ana.OpenThread(w.launch, "t", &said, discordtest.PublicThread)
	ok(err)
	w.post(thread, "in the thread")
	i, err := w.ana.Slash(thread, "baton assign", discordtest.Args{"who": w.mod})
	ok(err)
	w.must("POST", "/interactions/"+i.ID+"/"+i.Token+"/callback", object{"type": 4, "data": says("done")})
	form, err := w.ana.MessageCommand(said, "Record decision")
	ok(err)
	w.must("POST", "/interactions/"+form.ID+"/"+form.Token+"/callback", object{"type": 9, "data": modalOf(nil)})
	_, err = w.ana.Submit(form, discordtest.Values{"d": "Postgres"})
	ok(err)
	_, err = w.ana.Autocomplete(thread, "baton persona", "name", "s", nil)
	ok(err)
	shown, _ := w.launch.Message(card)
	_, err = w.ana.Click(shown, "Go")
	ok(err)
	w.must("PATCH", at+"/messages/"+card, quiet(v2(text("b"))))
	ok(w.mod.DeleteMessage(shown))
	ok(w.mod.Archive(thread))
	ok(w.mod.Delete(thread))
	other := w.guild.NewChannel("other", discordtest.Text)
	other.Overwrite(w.ana, discordtest.ViewChannel, discordtest.SendMessages)
	ok(w.guild.Owner().Delete(other))
	second := w.server.NewGuild("Second")
	w.app.Join(second, discordtest.Core)
	w.app.Leave(second)
}
