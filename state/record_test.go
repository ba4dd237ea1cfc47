package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	o "github.com/synthoperator/baton/orchestration"
)

var update = flag.Bool("update", false, "write the golden files anew")

// asKept compares decisions as the log keeps them: it does not tell an empty
// list from none.
var asKept = cmp.Options{
	cmp.AllowUnexported(o.Decision{}, o.Plan{}, o.PersonaName{}, o.SkillName{}, o.Human{}, o.Agent{}),
	cmpopts.EquateEmpty(),
}

// TestEveryEventIsKept: each event that the rules know has a stored form.
func TestEveryEventIsKept(t *testing.T) {
	known := map[string]bool{}
	for _, one := range events {
		if known[one.event.Name()] {
			t.Errorf("%s is kept in two forms", one.event.Name())
		}
		known[one.event.Name()] = true
	}
	if len(forms.byName) != len(events) {
		t.Error("two events are kept under one name")
	}
	paths, err := filepath.Glob("../orchestration/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Name.Name != "event" || f.Recv == nil {
				continue
			}
			found++
			if name := f.Recv.List[0].Type.(*ast.Ident).Name; !known[name] {
				t.Errorf("event %s has no stored form: add it to events", name)
			}
		}
	}
	if found != len(events) {
		t.Errorf("the rules have %d events, %d are kept", found, len(events))
	}
}

// TestDecisionsComeBack: whatever was decided reads back the same.
func TestDecisionsComeBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		from := drawn{rt}
		var happened []o.Event
		for range rapid.IntRange(1, 4).Draw(rt, "events") {
			one := events[rapid.IntRange(0, len(events)-1).Draw(rt, "type")]
			happened = append(happened, fill(from, one.event).Interface().(o.Event))
		}
		var by o.Actor = fill(from, reflect.TypeFor[o.Human]()).Interface().(o.Human)
		if rapid.Bool().Draw(rt, "agent") {
			by = o.NewAgent("agent-" + from.text("name"))
		}
		want := o.Entry{Seq: 7, At: from.moment(), Decision: o.Recall(by, from.text("because"), happened)}
		wantNote := note{number: from.number(), content: []string{from.text("hash")}}
		payload, err := encode(want, wantNote)
		if err != nil {
			rt.Fatal(err)
		}
		var read stored
		if err := json.Unmarshal(payload, &read); err != nil {
			rt.Fatal(err)
		}
		if plain, err := json.Marshal(read); err != nil || string(plain) != string(payload) {
			rt.Fatalf("%v: not what json.Marshal writes:\n%s\n%s", err, plain, payload)
		}
		got, gotNote, err := decode(7, payload)
		if err != nil {
			rt.Fatalf("%v: %s", err, payload)
		}
		if diff := cmp.Diff(want, got, asKept); diff != "" {
			rt.Fatalf("%s\n%s", diff, payload)
		}
		if diff := cmp.Diff(wantNote, gotNote, cmp.AllowUnexported(note{}), cmpopts.EquateEmpty()); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// TestStoredForms: the JSON of every event is what earlier releases wrote, and
// what they wrote reads back. A difference here is a new version and an
// upcast, never a new golden.
func TestStoredForms(t *testing.T) {
	var out bytes.Buffer
	for _, one := range events {
		e := o.Entry{Seq: 1, At: fixed{}.moment(), Decision: o.Recall(o.NewHuman("slack/T1/U7", "ana"), "#17",
			[]o.Event{fill(fixed{}, one.event).Interface().(o.Event)})}
		payload, err := encode(e, note{})
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(payload) {
			t.Fatalf("%s", payload)
		}
		fmt.Fprintf(&out, "%s\n", payload)
	}
	proposals := []o.Event{
		o.Proposed{ID: 1, Task: 2, Proposal: fill(fixed{}, reflect.TypeFor[o.ProposeItem]()).Interface().(o.Proposal)},
		o.Proposed{ID: 1, Task: 2, Proposal: fill(fixed{}, reflect.TypeFor[o.ProposePersona]()).Interface().(o.Proposal)},
		o.Proposed{ID: 1, Task: 2, Proposal: fill(fixed{}, reflect.TypeFor[o.ProposeSkills]()).Interface().(o.Proposal)},
	}
	e := o.Entry{Seq: 1, At: fixed{}.moment(), Decision: o.Recall(o.NewAgent("claude"), "", proposals)}
	payload, err := encode(e, note{number: 3, content: []string{"e3b0c442"}})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&out, "%s\n", payload)
	path := filepath.Join("testdata", "golden", "records.jsonl")
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), out.String()); diff != "" {
		t.Errorf("stored forms changed (-written by earlier releases +now):\n%s", diff)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(golden)), "\n") {
		e, _, err := decode(1, []byte(line))
		if err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		if i < len(events) {
			want := fill(fixed{}, events[i].event).Interface()
			if diff := cmp.Diff(want, e.Events()[0], asKept); diff != "" {
				t.Errorf("line %d: %s", i+1, diff)
			}
		}
	}
}

// TestUpcast: an old version is read through every step up to the present one.
func TestUpcast(t *testing.T) {
	type third struct {
		ID    int      `json:"id"`
		Lines []string `json:"lines"`
	}
	form := as("item-edited", func(e o.ItemEdited) third { return third{e.ID, strings.Split(e.Text, "\n")} },
		func(s third) o.ItemEdited { return o.ItemEdited{ID: s.ID, Text: strings.Join(s.Lines, "\n")} })
	form.version = 3
	c := newCodecs([]codec{form}, []upcast{
		{"item-edited", 2, func(data json.RawMessage) (json.RawMessage, error) {
			var old struct {
				ID    int
				Words string
			}
			err := json.Unmarshal(data, &old)
			return json.RawMessage(fmt.Sprintf(`{"id":%d,"lines":[%q]}`, old.ID, old.Words)), err
		}},
		{"item-edited", 1, func(data json.RawMessage) (json.RawMessage, error) {
			return bytes.Replace(data, []byte(`"text"`), []byte(`"words"`), 1), nil
		}},
	})
	want := o.ItemEdited{ID: 4, Text: "Postgres"}
	for _, stored := range []string{
		`{"type":"item-edited","data":{"id":4,"text":"Postgres"}}`,
		`{"type":"item-edited","v":2,"data":{"id":4,"words":"Postgres"}}`,
		`{"type":"item-edited","v":3,"data":{"id":4,"lines":["Postgres"]}}`,
	} {
		var se storedEvent
		if err := json.Unmarshal([]byte(stored), &se); err != nil {
			t.Fatal(err)
		}
		got, err := c.decode(se)
		if err != nil || got != o.Event(want) {
			t.Errorf("%s: %v, %v", stored, got, err)
		}
	}
	now, err := c.append(nil, want)
	if err != nil || string(now) != `{"type":"item-edited","v":3,"data":{"id":4,"lines":["Postgres"]}}` {
		t.Errorf("%s, %v", now, err)
	}
	var unknown *UnknownEvent
	if _, err := newCodecs([]codec{form}, nil).decode(storedEvent{Type: "item-edited"}); !errors.As(err, &unknown) {
		t.Errorf("a version without its upcast: %v", err)
	}
}

// TestUnknownEvent: what a newer release wrote is an error of its own.
func TestUnknownEvent(t *testing.T) {
	for _, se := range []storedEvent{{Type: "brain-uploaded"}, {Type: "paused", Version: 2}} {
		var unknown *UnknownEvent
		if _, err := forms.decode(se); !errors.As(err, &unknown) || unknown.Type != se.Type {
			t.Errorf("%+v: %v", se, err)
		}
	}
	if _, err := forms.decode(storedEvent{Type: "bound", Data: json.RawMessage(`{"thread":"x","since":4}`)}); err == nil {
		t.Error("a field that this release does not know was dropped")
	}
}

// TestRecordsAreChained: a record opens only whole, in its place, after the
// one that it was written after.
func TestRecordsAreChained(t *testing.T) {
	p := place{stream: "s/x", seq: 1}
	record, link := p.seal([]byte(`{"a":1}`))
	if payload, got, err := p.open(record); err != nil || string(payload) != `{"a":1}` || got != link {
		t.Fatal(string(payload), err)
	}
	next := place{stream: "s/x", seq: 2, before: link}
	second, _ := next.seal([]byte(`{"a":2}`))
	for name, elsewhere := range map[string]place{
		"another stream":  {"s/y", 2, link},
		"another number":  {"s/x", 3, link},
		"another history": {"s/x", 2, chain{1}},
	} {
		if _, _, err := elsewhere.open(second); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range len(second) * 8 {
		flipped := slices.Clone(second)
		flipped[i/8] ^= 1 << (i % 8)
		if _, _, err := next.open(flipped); !errors.Is(err, ErrDamaged) {
			t.Errorf("bit %d: %v", i, err)
		}
	}
	for n := range len(second) {
		if _, _, err := next.open(second[:n]); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

// FuzzDecode: no bytes make decoding panic, and what it accepts it writes again.
func FuzzDecode(f *testing.F) {
	golden, err := os.ReadFile(filepath.Join("testdata", "golden", "records.jsonl"))
	if err != nil {
		f.Fatal(err)
	}
	for _, line := range bytes.Split(bytes.TrimSpace(golden), []byte("\n")) {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		at := place{stream: "s/x", seq: 1}
		_, _, _ = at.open(payload)
		e, n, err := decode(1, payload)
		if err != nil {
			return
		}
		again, err := encode(e, n)
		if err != nil {
			t.Fatalf("%v: %s", err, payload)
		}
		e2, n2, err := decode(1, again)
		if err != nil {
			t.Fatalf("%v: %s", err, again)
		}
		if diff := cmp.Diff(e, e2, asKept); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(n, n2, cmp.AllowUnexported(note{}), cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

// source gives values to fill events with.
type source interface {
	text(label string) string
	number() int
	length() int
	moment() time.Time
	pick(n int) int
}

// drawn are random values, fixed ones that say where they stand.
type (
	drawn struct{ t *rapid.T }
	fixed struct{}
)

func (d drawn) text(label string) string { return rapid.String().Draw(d.t, label) }
func (d drawn) number() int              { return rapid.IntRange(0, 1<<40).Draw(d.t, "number") }
func (d drawn) length() int              { return rapid.IntRange(0, 3).Draw(d.t, "length") }
func (d drawn) pick(n int) int           { return rapid.IntRange(0, n-1).Draw(d.t, "pick") }
func (d drawn) moment() time.Time {
	if rapid.Bool().Draw(d.t, "zero") {
		return time.Time{}
	}
	return time.Unix(0, rapid.Int64Range(0, 1<<62).Draw(d.t, "moment")).UTC()
}

func (fixed) text(label string) string { return strings.ToLower(label) }
func (fixed) number() int              { return 42 }
func (fixed) length() int              { return 2 }
func (fixed) pick(int) int             { return 0 }
func (fixed) moment() time.Time        { return time.Date(2026, 11, 23, 9, 30, 0, 123456789, time.UTC) }

// fill makes a value of a type with all its fields filled.
func fill(from source, t reflect.Type) reflect.Value { return filled(from, t, t.Name()) }

func filled(from source, t reflect.Type, label string) reflect.Value {
	names := func() (o.PersonaName, o.SkillName) {
		return o.RecallPersonaName(from.text(label)), o.RecallSkillName(from.text(label))
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		return reflect.ValueOf(from.moment())
	case reflect.TypeFor[o.Date]():
		return reflect.ValueOf(o.DateOf(from.moment()))
	case reflect.TypeFor[o.PersonaName]():
		name, _ := names()
		return reflect.ValueOf(name)
	case reflect.TypeFor[o.SkillName]():
		_, name := names()
		return reflect.ValueOf(name)
	case reflect.TypeFor[o.Human]():
		return reflect.ValueOf(o.RecallHuman(o.PersonID(from.text("id")), from.text("name")))
	case reflect.TypeFor[o.Plan]():
		phases := filled(from, reflect.TypeFor[[]o.Phase](), "phases").Interface().([]o.Phase)
		return reflect.ValueOf(o.RecallPlan(o.Title{Name: from.text("name"), Text: from.text("title")},
			o.Kind(from.text("kind")), from.pick(2) == 0, phases))
	case reflect.TypeFor[o.Proposal]():
		kinds := []reflect.Type{
			reflect.TypeFor[o.ProposeHandoff](), reflect.TypeFor[o.ProposeItem](),
			reflect.TypeFor[o.ProposePersona](), reflect.TypeFor[o.ProposeSkills](),
		}
		return fill(from, kinds[from.pick(len(kinds))])
	}
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.String:
		v.SetString(from.text(label))
	case reflect.Int:
		v.SetInt(int64(from.number()))
	case reflect.Uint64:
		v.SetUint(uint64(from.number()))
	case reflect.Bool:
		v.SetBool(from.pick(2) == 0)
	case reflect.Slice:
		for range from.length() {
			v = reflect.Append(v, filled(from, t.Elem(), label))
		}
	case reflect.Struct:
		for i := range t.NumField() {
			v.Field(i).Set(filled(from, t.Field(i).Type, t.Field(i).Name))
		}
	default:
		panic("no value for " + t.String())
	}
	return v
}
