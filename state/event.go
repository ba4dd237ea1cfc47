package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"github.com/synthoperator/baton/orchestration"
)

// codec is how one type of event is kept.
type codec struct {
	name    string
	version int // that this release writes
	event   reflect.Type
	encode  func(orchestration.Event) any
	decode  func(json.RawMessage) (orchestration.Event, error)
}

// upcast turns the data of one version of an event's form into the next one's.
// Old records are read through as many as it takes; they are never rewritten.
type upcast struct {
	name string
	from int
	up   func(json.RawMessage) (json.RawMessage, error)
}

// upcasts are all there are so far: none, every form is at version 1.
var upcasts []upcast

// as is the codec of event E in stored form S, by a function each way.
func as[E orchestration.Event, S any](name string, to func(E) S, from func(S) E) codec {
	return codec{
		name: name, version: 1, event: reflect.TypeFor[E](),
		encode: func(e orchestration.Event) any { return to(e.(E)) },
		decode: func(data json.RawMessage) (orchestration.Event, error) {
			var s S
			if len(data) > 0 {
				dec := json.NewDecoder(bytes.NewReader(data))
				dec.DisallowUnknownFields()
				if err := dec.Decode(&s); err != nil {
					return nil, err
				}
			}
			return from(s), nil
		},
	}
}

// codecs finds codecs by what they are of.
type codecs struct {
	byName map[string]codec
	byType map[reflect.Type]codec
	old    []upcast
}

func newCodecs(all []codec, old []upcast) codecs {
	c := codecs{map[string]codec{}, map[reflect.Type]codec{}, old}
	for _, one := range all {
		c.byName[one.name] = one
		c.byType[one.event] = one
	}
	return c
}

// forms are those of this release. They are never changed.
var forms = newCodecs(events, upcasts)

// append adds an event as a storedEvent in JSON. Names of types are plain.
func (c codecs) append(b []byte, e orchestration.Event) ([]byte, error) {
	one, ok := c.byType[reflect.TypeOf(e)]
	if !ok {
		return nil, fmt.Errorf("no stored form for %T", e)
	}
	data, err := json.Marshal(one.encode(e))
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", one.name, err)
	}
	b = append(append(append(b, `{"type":"`...), one.name...), '"')
	if one.version > 1 {
		b = strconv.AppendInt(append(b, `,"v":`...), int64(one.version), 10)
	}
	if len(data) > len("{}") {
		b = append(append(b, `,"data":`...), data...)
	}
	return append(b, '}'), nil
}

func (c codecs) decode(se storedEvent) (orchestration.Event, error) {
	version := max(se.Version, 1)
	one, ok := c.byName[se.Type]
	if !ok || version > one.version {
		return nil, &UnknownEvent{se.Type, version}
	}
	data := se.Data
	for ; version < one.version; version++ {
		var err error
		if data, err = c.up(se.Type, version, data); err != nil {
			return nil, fmt.Errorf("read %s, version %d: %w", se.Type, version, err)
		}
	}
	event, err := one.decode(data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", se.Type, err)
	}
	return event, nil
}

func (c codecs) up(name string, from int, data json.RawMessage) (json.RawMessage, error) {
	for _, u := range c.old {
		if u.name == name && u.from == from {
			return u.up(data)
		}
	}
	return nil, &UnknownEvent{name, from}
}
