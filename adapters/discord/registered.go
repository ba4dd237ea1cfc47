package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/synthoperator/baton/chat"
)

// Registration is what is registered beside what should be, for one server or for
// all of them.
type Registration struct {
	Guild       string   `json:"guild,omitempty"` // "" is everywhere
	Differences []string `json:"differences"`     // a line each; none where it is as it should be
	// None says that nothing of Baton's is registered there.
	None bool `json:"none,omitempty"`

	wanted      []CommandSpec
	route, path string
}

// Same reports whether there is nothing to change.
func (r Registration) Same() bool { return len(r.Differences) == 0 }

// Register makes Discord's list of commands what it should be, for one server or
// for all. It reports whether the list had to be changed: nothing is sent where
// it is as it should be. The list replaces the one before with all its kinds.
func (a *Adapter) Register(ctx context.Context, specs []chat.Spec, guild string) (changed bool, err error) {
	wanted, err := Commands(specs, guild == "")
	if err != nil {
		return false, fmt.Errorf("discord: %w", err)
	}
	me, err := a.self(ctx)
	if err != nil {
		return false, err
	}
	r, err := a.rest.compare(ctx, me.application, wanted, guild)
	if err != nil || r.Same() {
		return false, err
	}
	return true, a.rest.register(ctx, r)
}

// Compare says how what is registered differs from what these verbs take, for one
// server or for all. No verbs are no commands.
func (i Inspector) Compare(ctx context.Context, application string, specs []chat.Spec, guild string) (Registration, error) {
	wanted := []CommandSpec{}
	if len(specs) > 0 {
		var err error
		if wanted, err = Commands(specs, guild == ""); err != nil {
			return Registration{}, fmt.Errorf("discord: %w", err)
		}
	}
	return i.rest().compare(ctx, application, wanted, guild)
}

// Register puts what is wanted in the place of what is there.
func (i Inspector) Register(ctx context.Context, r Registration) error {
	return i.rest().register(ctx, r)
}

func (r *rest) register(ctx context.Context, to Registration) error {
	return r.patiently(ctx, http.MethodPut, to.route, to.path, to.wanted, nil, nil)
}

func (r *rest) compare(ctx context.Context, application string, wanted []CommandSpec, guild string) (Registration, error) {
	out := Registration{Guild: guild, Differences: []string{}, wanted: wanted, route: routeCommands, path: "/applications/" + application + "/commands"}
	if guild != "" {
		if !idRE.MatchString(guild) {
			return out, errors.New("discord: a server is named by its id, which is a number")
		}
		out.route, out.path = routeGuildCommands, "/applications/"+application+"/guilds/"+guild+"/commands"
	}
	var has []map[string]any
	if err := r.patiently(ctx, http.MethodGet, out.route, out.path, nil, nil, &has); err != nil {
		return out, err
	}
	want, err := asObjects(wanted)
	if err != nil {
		return out, err
	}
	out.None = len(has) == 0
	out.Differences = append(out.Differences, commandDifferences(want, has)...)
	return out, nil
}

func asObjects(wanted []CommandSpec) (out []map[string]any, err error) {
	text, err := json.Marshal(wanted)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		return nil, fmt.Errorf("discord: the commands: %w", err)
	}
	return out, nil
}

// added are the fields that Discord adds to a command, and those that say what
// something else says too.
var added = []string{"id", "application_id", "guild_id", "version", "dm_permission", "nsfw", "handler"}

// commandDifferences compares what is wanted with what is there, without what
// Discord adds and in any order of commands.
func commandDifferences(wanted, has []map[string]any) (out []string) {
	named := func(all []map[string]any) map[string]map[string]any {
		by := map[string]map[string]any{}
		for _, c := range all {
			c = maps.Clone(c)
			for _, key := range added {
				delete(c, key)
			}
			name := fmt.Sprintf("%q of the type %v", c["name"], c["type"])
			switch c["type"] {
			case float64(chatInput):
				name = "/" + fmt.Sprint(c["name"])
			case float64(messageCommand):
				name = fmt.Sprintf("%q", c["name"])
			}
			by[name], _ = normal(c).(map[string]any)
		}
		return by
	}
	return differ("", named(wanted), named(has))
}

// differ says what is missing, too much or other among things by their names.
func differ(path string, wanted, has map[string]map[string]any) (out []string) {
	all := map[string]bool{}
	for name := range wanted {
		all[name] = true
	}
	for name := range has {
		all[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w, want := wanted[name]
		h, there := has[name]
		at := strings.TrimSpace(path + " " + name)
		switch {
		case !there:
			out = append(out, at+" is missing")
		case !want:
			out = append(out, at+" is not Baton's any more")
		default:
			out = append(out, differences(at, w, h)...)
		}
	}
	return out
}

// differences are those between two commands, or two options, by their fields.
func differences(at string, wanted, has map[string]any) (out []string) {
	keys := maps.Clone(has)
	maps.Copy(keys, wanted)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		w, h := wanted[key], has[key]
		switch {
		case reflect.DeepEqual(w, h):
		case key == "options":
			more := differ(at, byName(w), byName(h))
			if len(more) == 0 {
				more = []string{at + ": its options come in another order"}
			}
			out = append(out, more...)
		default:
			out = append(out, fmt.Sprintf("%s: %s is %s, and should be %s", at, key, inALine(h), inALine(w)))
		}
	}
	return out
}

// byName are options by their names. Two of one name are told apart.
func byName(v any) map[string]map[string]any {
	all, _ := v.([]any)
	out := map[string]map[string]any{}
	for i, one := range all {
		o, _ := one.(map[string]any)
		name := fmt.Sprint(o["name"])
		if _, twice := out[name]; twice {
			name = fmt.Sprintf("%s (%d)", name, i+1)
		}
		out[name] = o
	}
	return out
}

// inALine is a value in a line.
func inALine(v any) string {
	if v == nil {
		return "not set"
	}
	text, _ := json.Marshal(v) // it was JSON before
	return short(string(text), maxDescription)
}

// normal is JSON without what says nothing: what is absent, null, false, empty or
// zero is the same here.
func normal(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, in := range v {
			if in := normal(in); in != nil {
				out[key] = in
			}
		}
		return out
	case []any:
		var out []any
		for _, in := range v {
			if n := normal(in); n != nil {
				out = append(out, n)
			} else {
				out = append(out, in) // of numbers in a list, zero is one
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	case string:
		if v == "" {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	}
	return v
}
