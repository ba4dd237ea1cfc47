package discordtest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

func TestDeliveries(t *testing.T) {
	d := newDesk(t)
	twice := d.note(d.ana.With(discordtest.Delivery{Times: 2}))
	for range 2 {
		if told := d.gw.expect(0, "INTERACTION_CREATE").object(d.town); told["id"] != twice.ID {
			t.Errorf("%v was delivered", told["id"])
		}
	}
	twice.Redeliver()
	d.gw.expect(0, "INTERACTION_CREATE")

	aged := d.note(d.ana.With(discordtest.Delivery{Age: 4 * time.Second}))
	d.gw.expect(0, "INTERACTION_CREATE")
	if age := d.clock.Now().Sub(discordtest.IDTime(aged.ID)); age != 4*time.Second {
		t.Errorf("the id is %v old", age)
	}
	if got := d.call(aged, object{"type": 5}); got.code != 10062 {
		t.Errorf("an aged one: %s", got.raw)
	}

	d.note(d.ana.With(discordtest.Delivery{Drop: true}))
	late := d.note(d.ana.With(discordtest.Delivery{Delay: 2 * time.Second}))
	d.clock.Advance(2 * time.Second)
	if told := d.gw.expect(0, "INTERACTION_CREATE").object(d.town); told["id"] != late.ID {
		t.Errorf("%v was delivered", told["id"])
	}

	// 10062 although it landed: the answer is there.
	d.server.AddFault(discordtest.Refusing(404, 10062, "Unknown interaction", true).On(discordtest.To("POST", "/interactions/{interaction_id}/{interaction_token}/callback"), 1))
	landed := d.note(d.ana)
	if got := d.call(landed, object{"type": 5}); got.code != 10062 || landed.Now().State != discordtest.Thinking {
		t.Errorf("%s, ana sees %+v", got.raw, landed.Now())
	}
	if got := d.hook(landed, "GET", "/messages/@original", nil); got.status != 200 {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

// What an interaction tells of: enough to decide who may do what.
func TestWhatAnInteractionTells(t *testing.T) {
	d := newDesk(t)
	lead := d.guild.NewRole("lead", discordtest.ManageThreads)
	d.mod.SetRoles(lead)
	i, err := d.mod.Slash(d.launch, "baton assign", discordtest.Args{"who": d.ana})
	if err != nil {
		t.Fatal(err)
	}
	told := d.gw.expect(0, "INTERACTION_CREATE").object(d.town)
	member := told["member"].(object)
	want := object{
		"id": i.ID, "token": i.Token, "type": 2.0, "version": 1.0, "application_id": d.app.ID, "guild_id": d.guild.ID,
		"channel_id": d.launch.ID, "context": 0.0, "locale": "en-US", "guild_locale": "en-US", "attachment_size_limit": 10485760.0,
		"authorizing_integration_owners": object{"0": d.guild.ID}, "entitlements": []any{},
	}
	for key, v := range want {
		if diff := cmp.Diff(v, told[key]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
	if diff := cmp.Diff([]any{lead.ID}, member["roles"]); diff != "" {
		t.Error(diff)
	}
	data := told["data"].(object)
	if diff := cmp.Diff([]any{object{"name": "assign", "type": 1.0, "options": []any{object{"name": "who", "type": 6.0, "value": d.ana.User.ID}}}}, data["options"]); diff != "" {
		t.Error(diff)
	}
	if _, ok := data["resolved"].(object)["users"].(object)[d.ana.User.ID]; !ok {
		t.Errorf("resolved: %v", data["resolved"])
	}
	if s, _ := oracle(); s != nil {
		for name, part := range map[string]any{"UserResponse": member["user"]} {
			if err := s.Object(name, marshal(t, part)); err != nil {
				t.Error(err)
			}
		}
	}
}

// What the client does not let a person do is no interaction.
func TestWhatPeopleCannotSend(t *testing.T) {
	d := newDesk(t)
	for name, send := range map[string]func() (*discordtest.Interaction, error){
		"the root":         func() (*discordtest.Interaction, error) { return d.ana.Slash(d.launch, "baton", nil) },
		"another command":  func() (*discordtest.Interaction, error) { return d.ana.Slash(d.launch, "nobody", nil) },
		"another verb":     func() (*discordtest.Interaction, error) { return d.ana.Slash(d.launch, "baton nothing", nil) },
		"a missing option": func() (*discordtest.Interaction, error) { return d.ana.Slash(d.launch, "baton persona", nil) },
		"another option": func() (*discordtest.Interaction, error) {
			return d.ana.Slash(d.launch, "baton note", discordtest.Args{"x": "y"})
		},
		"a wrong type": func() (*discordtest.Interaction, error) {
			return d.ana.Slash(d.launch, "baton note", discordtest.Args{"text": 7})
		},
		"no autocomplete": func() (*discordtest.Interaction, error) {
			return d.ana.Autocomplete(d.launch, "baton note", "text", "s", nil)
		},
		"a missing message": func() (*discordtest.Interaction, error) { return d.ana.Click(discordtest.Message{}, "Go") },
	} {
		if i, err := send(); err == nil {
			t.Errorf("%s was sent: %v", name, i)
		}
	}
	thread, err := d.mod.OpenThread(d.launch, "t", nil, discordtest.PublicThread)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.mod.Archive(thread); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ana.Slash(thread, "baton note", nil); err == nil {
		t.Error("a command was sent in an archived thread")
	}
}

// Nor does the client press what is disabled, or send a form that its fields
// refuse.
func TestWhatFieldsRefuse(t *testing.T) {
	d := newDesk(t)
	i := d.note(d.ana)
	d.call(i, object{"type": 4, "data": with(says("x"), object{"components": []object{rowOf(with(pressable("go"), object{"disabled": true})), rowOf(selectOf(3, object{"max_values": 2}))}})})
	if _, err := d.ana.Click(*i.Now().Message, "Go"); err == nil {
		t.Error("a disabled button was pressed")
	}
	for _, values := range [][]string{{}, {"0", "1", "2"}, {"9"}} {
		if _, err := d.ana.Select(*i.Now().Message, "s", values...); err == nil {
			t.Errorf("%v was selected", values)
		}
	}
	if _, err := d.ana.Select(*i.Now().Message, "s", "0", "1"); err != nil {
		t.Error(err)
	}
	form := d.note(d.ana)
	d.call(form, object{"type": 9, "data": modalOf(object{"components": []object{labelled(object{"min_length": 2, "max_length": 3})}})})
	for _, values := range []discordtest.Values{nil, {"d": "x"}, {"d": "xxxx"}, {"other": "xx"}} {
		if _, err := d.ana.Submit(form, values); err == nil {
			t.Errorf("the form was sent with %v", values)
		}
	}
	if _, err := d.mod.Submit(form, discordtest.Values{"d": "xx"}); err == nil {
		t.Error("somebody else sent the form")
	}
	if _, err := d.ana.Submit(form, discordtest.Values{"d": "xx"}); err != nil {
		t.Error(err)
	}
}
