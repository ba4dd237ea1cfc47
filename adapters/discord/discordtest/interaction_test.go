package discordtest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// desk is a town with a clock that a test moves, and one command under way.
type desk struct {
	*town
	clock *discordtest.ManualClock
	gw    *client
}

func newDesk(t *testing.T) *desk {
	clock := atNoon()
	w := newTown(t, discordtest.Options{Clock: clock, Limits: map[string]discordtest.Limit{}})
	w.register()
	return &desk{w, clock, w.connect().login(1)}
}

func (d *desk) note(by *discordtest.Member) *discordtest.Interaction {
	d.Helper()
	i, err := by.Slash(d.launch, "baton note", discordtest.Args{"text": "Postgres"})
	if err != nil {
		d.Fatal(err)
	}
	return i
}

func (d *desk) call(i *discordtest.Interaction, body object) answered {
	d.Helper()
	return d.do("POST", "/interactions/"+i.ID+"/"+i.Token+"/callback", body)
}

func (d *desk) hook(i *discordtest.Interaction, method, rest string, body any) answered {
	d.Helper()
	return d.do(method, "/webhooks/"+d.app.ID+"/"+i.Token+rest, body)
}

func says(text string) object { return quiet(object{"content": text}) }

func TestAnInteractionIsAnsweredOnceAndInTime(t *testing.T) {
	d := newDesk(t)
	i := d.note(d.ana)
	if got := d.hook(i, "POST", "", says("early")); got.code != 10015 {
		t.Errorf("a follow-up before the answer: %s", got.raw)
	}
	if got := d.do("POST", "/interactions/"+i.ID+"/wrong/callback", object{"type": 5}); got.code != 10062 {
		t.Errorf("another token: %s", got.raw)
	}
	d.clock.Advance(3*time.Second - 1)
	if got := d.call(i, object{"type": 4, "data": says("done")}); got.status != 204 {
		t.Errorf("in time: %d %s", got.status, got.raw)
	}
	if got := d.call(i, object{"type": 4, "data": says("done")}); got.status != 400 || got.code != 40060 {
		t.Errorf("a second answer: %s", got.raw)
	}

	late := d.note(d.ana)
	d.clock.Advance(3 * time.Second)
	if seen := late.Now(); seen.State != discordtest.Failed {
		t.Errorf("after three seconds ana sees %+v", seen)
	}
	if got := d.call(late, object{"type": 5}); got.status != 404 || got.code != 10062 {
		t.Errorf("a late answer: %s", got.raw)
	}
	if v := d.server.Violations(discordtest.LateAnswer); len(v) != 1 {
		t.Errorf("violations: %v", v)
	}
}

func TestATokenLivesFifteenMinutes(t *testing.T) {
	d := newDesk(t)
	i := d.note(d.ana)
	d.call(i, object{"type": 5})
	d.clock.Advance(15*time.Minute - 1)
	if got := d.hook(i, "PATCH", "/messages/@original", says("just in time")); got.status != 200 {
		t.Errorf("%d %s", got.status, got.raw)
	}
	d.clock.Advance(1)
	if got := d.hook(i, "GET", "/messages/@original", nil); got.status != 401 || got.code != 50027 {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

// The first follow-up fills in a deferred answer; that it is ephemeral was
// decided when it was deferred.
func TestDeferredThenSaid(t *testing.T) {
	d := newDesk(t)
	i := d.note(d.ana)
	got := d.do("POST", "/interactions/"+i.ID+"/"+i.Token+"/callback?with_response=true", object{"type": 5, "data": object{"flags": 64}})
	about := got.body["interaction"].(object)
	if got.status != 200 || about["response_message_ephemeral"] != true || about["response_message_loading"] != true {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if seen := i.Now(); seen.State != discordtest.Thinking || !seen.Ephemeral || !seen.Message.Loading {
		t.Errorf("ana sees %+v", seen)
	}
	if got := d.hook(i, "PATCH", "/messages/@original", object{}); got.code != 50006 {
		t.Errorf("an empty answer: %s", got.raw)
	}
	first := d.hook(i, "POST", "", says("done"))
	if seen := i.Now(); seen.State != discordtest.Replied || seen.Message.Content != "done" || !seen.Ephemeral || first.body["id"] != seen.Message.ID {
		t.Errorf("ana sees %+v", seen)
	}
	d.hook(i, "POST", "", says("more"))
	if seen := i.Now(); len(seen.FollowUps) != 1 || seen.FollowUps[0].Ephemeral {
		t.Errorf("ana sees %+v", seen)
	}
	// Nobody else sees the first, the bot's own token included.
	if got := d.do("GET", "/channels/"+d.launch.ID+"/messages/"+first.body["id"].(string), nil); got.code != 10008 {
		t.Errorf("an ephemeral message is read: %d %s", got.status, got.raw)
	}
	if all := d.launch.Messages(); len(all) != 1 || all[0].Content != "more" {
		t.Errorf("in the channel stands %+v", all)
	}
	if got := d.must("GET", "/channels/"+d.launch.ID+"/messages", nil); len(got.list) != 1 {
		t.Errorf("a list shows %s", got.raw)
	}
	d.hook(i, "DELETE", "/messages/@original", nil)
	if got := d.hook(i, "GET", "/messages/@original", nil); got.code != 10008 {
		t.Errorf("a deleted answer: %s", got.raw)
	}
}

func TestWhichAnswersFit(t *testing.T) {
	d := newDesk(t)
	card := d.note(d.ana)
	d.call(card, object{"type": 4, "data": with(says("Approve?"), object{"components": []object{rowOf(pressable("go"))}})})
	form := d.note(d.ana)
	d.call(form, object{"type": 9, "data": modalOf(nil)})
	begin := map[string]func() (*discordtest.Interaction, error){
		"command": func() (*discordtest.Interaction, error) { return d.note(d.ana), nil },
		"button":  func() (*discordtest.Interaction, error) { return d.ana.Click(*card.Now().Message, "Go") },
		"autocomplete": func() (*discordtest.Interaction, error) {
			return d.ana.Autocomplete(d.launch, "baton persona", "name", "s", nil)
		},
	}
	answers := map[int]object{
		1: nil, 4: says("x"), 5: nil, 6: nil, 7: says("x"), 8: {"choices": []object{}}, 9: modalOf(nil), 12: nil,
	}
	fit := map[string][]int{"command": {4, 5, 9}, "button": {4, 5, 6, 7, 9}, "autocomplete": {8}}
	for what, start := range begin {
		var took []int
		for _, kind := range []int{1, 4, 5, 6, 7, 8, 9, 12} {
			i, err := start()
			if err != nil {
				t.Fatal(err)
			}
			if kind == 7 && what == "button" { // So that there is a button the next time.
				answers[7] = with(says("x"), object{"components": []object{rowOf(pressable("go"))}})
			}
			switch got := d.call(i, object{"type": kind, "data": answers[kind]}); {
			case got.status == 204:
				took = append(took, kind)
			case got.code != 50035:
				t.Errorf("%s answered with %d: %s", what, kind, got.raw)
			}
		}
		if diff := cmp.Diff(fit[what], took); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	sent, err := d.ana.Submit(form, discordtest.Values{"d": "Postgres"})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.call(sent, object{"type": 9, "data": modalOf(nil)}); got.code != 50035 {
		t.Errorf("a form after a form: %s", got.raw)
	}
	if _, err := d.ana.Submit(form, nil); err == nil {
		t.Error("a form was sent twice")
	}
}

func TestRulesOfAnswers(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		body object
		code int
	}{
		"deferred with another flag": {object{"type": 5, "data": object{"flags": 64 | 1<<15}}, 50035},
		"empty":                      {object{"type": 4, "data": object{}}, 50006},
		"without data":               {object{"type": 4}, 50006},
		"2001 characters":            {object{"type": 4, "data": says(chars(2001))}, 50035},
		"an unknown type":            {object{"type": 99}, 50035},
	} {
		i := d.note(d.ana)
		if got := d.call(i, c.body); got.code != c.code {
			t.Errorf("%s: %d %.300s", name, got.status, got.raw)
		}
		if seen := i.Now(); seen.State != discordtest.Waiting {
			t.Errorf("%s: ana sees %+v", name, seen)
		}
	}
	i, err := d.ana.Autocomplete(d.launch, "baton persona", "name", "s", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, all := range map[string][]object{"26 choices": choices(26), "a name of 101": {{"name": chars(101), "value": "x"}}, "a value of 101": {{"name": "x", "value": chars(101)}}} {
		if got := d.call(i, object{"type": 8, "data": object{"choices": all}}); got.code != 50035 {
			t.Errorf("%s: %d %.300s", name, got.status, got.raw)
		}
	}
	d.call(i, object{"type": 8, "data": object{"choices": choices(25)}})
	if seen := i.Now(); len(seen.Choices) != 25 {
		t.Errorf("ana is suggested %d", len(seen.Choices))
	}
}
