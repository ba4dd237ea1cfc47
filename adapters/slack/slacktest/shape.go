package slacktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// problems are what is wrong with blocks, each with a pointer to the place.
type problems []string

func (p *problems) add(at, format string, args ...any) {
	*p = append(*p, "[ERROR] "+fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// rule checks a value at a place.
type rule func(v any, at string, p *problems)

// text is a string of so many characters.
func text(least, most int) rule {
	return func(v any, at string, p *problems) {
		s, is := v.(string)
		if !is {
			p.add(at, "must be a string")
			return
		}
		if n := utf8.RuneCountInString(s); n < least || n > most {
			p.add(at, "must be %d to %d characters long, is %d", least, most, n)
		}
	}
}

var anyText = text(0, 1<<20)

func truth(v any, at string, p *problems) {
	if _, is := v.(bool); !is {
		p.add(at, "must be a boolean")
	}
}

func number(least, most int64) rule {
	return func(v any, at string, p *problems) {
		n, is := v.(json.Number)
		if !is {
			p.add(at, "must be a number")
			return
		}
		if f, err := n.Float64(); err != nil || f < float64(least) || f > float64(most) {
			p.add(at, "must be a number from %d to %d", least, most)
		}
	}
}

var anyNumber = number(-1<<53, 1<<53)

func oneOf(names ...string) rule {
	return func(v any, at string, p *problems) {
		if s, is := v.(string); !is || !slices.Contains(names, s) {
			p.add(at, "must be one of %s", strings.Join(names, ", "))
		}
	}
}

// array is so many values of one rule.
func array(least, most int, each rule) rule {
	return func(v any, at string, p *problems) {
		items, is := v.([]any)
		if !is {
			p.add(at, "must be an array")
			return
		}
		if len(items) < least || len(items) > most {
			p.add(at, "must have %d to %d items, has %d", least, most, len(items))
		}
		for i, item := range items {
			each(item, at+"/"+strconv.Itoa(i), p)
		}
	}
}

// fields are the rules of an object by field; a name that ends in ! has to be there.
type fields map[string]rule

// with is the fields and some more.
func (f fields) with(more fields) fields {
	all := maps.Clone(f)
	maps.Copy(all, more)
	return all
}

// object has these fields and no others.
func object(f fields, also ...func(o map[string]any, at string, p *problems)) rule {
	return func(v any, at string, p *problems) {
		o, is := v.(map[string]any)
		if !is {
			p.add(at, "must be an object")
			return
		}
		for name := range o {
			if f[name] == nil && f[name+"!"] == nil {
				p.add(at+"/"+name, "is no field here")
			}
		}
		for _, name := range slices.Sorted(maps.Keys(f)) {
			plain, needed := strings.CutSuffix(name, "!")
			value, there := o[plain]
			switch {
			case there:
				f[name](value, at+"/"+plain, p)
			case needed:
				p.add(at, "missing required field: %s", plain)
			}
		}
		for _, check := range also {
			check(o, at, p)
		}
	}
}

// kinds picks the rule by the field type.
type kinds map[string]rule

func (k kinds) check(v any, at string, p *problems) {
	o, is := v.(map[string]any)
	if !is {
		p.add(at, "must be an object")
		return
	}
	kind, _ := o["type"].(string)
	if k[kind] == nil {
		p.add(at+"/type", "unsupported type: %q", kind)
		return
	}
	k[kind](v, at, p)
}

// only is some of the kinds.
func (k kinds) only(names ...string) kinds {
	some := kinds{}
	for _, n := range names {
		some[n] = k[n]
	}
	return some
}

// and is these kinds and some more.
func (k kinds) and(more kinds) kinds {
	all := maps.Clone(k)
	maps.Copy(all, more)
	return all
}

func typed(name string) fields { return fields{"type!": oneOf(name)} }

// needsOne wants exactly one of two fields.
func needsOne(a, b string) func(map[string]any, string, *problems) {
	return func(o map[string]any, at string, p *problems) {
		if (o[a] != nil) == (o[b] != nil) {
			p.add(at, "must have either %s or %s", a, b)
		}
	}
}

// needsSome wants at least one of some fields.
func needsSome(names ...string) func(map[string]any, string, *problems) {
	return func(o map[string]any, at string, p *problems) {
		if !slices.ContainsFunc(names, func(n string) bool { return o[n] != nil }) {
			p.add(at, "must have %s", strings.Join(names, " or "))
		}
	}
}
