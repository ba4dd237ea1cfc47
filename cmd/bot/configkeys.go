package main

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/synthoperator/baton/internal/redact"
)

// position is a place in a file, counted from 1.
type position struct{ line, column int }

// positions says where the keys of a document are, as "slack.transport";
// entries of a list are numbered, as in "library.source.0".
func positions(doc []byte) map[string]position {
	at := map[string]position{}
	count := map[string]int{}
	var table []string
	p := &unstable.Parser{}
	p.Reset(doc)
	for p.NextExpression() {
		e := p.Expression()
		var path []string
		if e.Kind == unstable.KeyValue {
			path = slices.Clone(table)
		}
		var where position
		for key := e.Key(); key.Next(); {
			path = append(path, string(key.Node().Data))
			if start := p.Shape(key.Node().Raw).Start; where.line == 0 {
				where = position{start.Line, start.Column}
			}
		}
		if e.Kind == unstable.ArrayTable {
			name := strings.Join(path, ".")
			path = append(path, fmt.Sprint(count[name]))
			count[name]++
		}
		if e.Kind != unstable.KeyValue {
			table = path
		}
		at[strings.Join(path, ".")] = where
	}
	return at
}

// findSecrets finds what looks like a secret, wherever in the file it stands,
// and never repeats it.
func findSecrets(doc []byte) []Problem {
	var out []Problem
	for i, line := range bytes.Split(doc, []byte("\n")) {
		if redact.Holds(string(line)) {
			out = append(out, Problem{Line: i + 1, Column: 1, What: "a secret is written here", Instead: whereSecretsGo +
				"; and change the secret, since it has been in a file that is shared"})
		}
	}
	return out
}

const whereSecretsGo = "secrets come from the environment (SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_CLIENT_SECRET, BATON_ENCRYPTION_KEY, DISCORD_BOT_TOKEN, " +
	"ANTHROPIC_API_KEY, OPENAI_API_KEY) or from a file of their own that a key ending in _file names"

// unknownKey says that a key is not one, and which was meant.
func unknownKey(e toml.DecodeError) Problem {
	line, column := e.Position()
	path := e.Key()
	last := path[len(path)-1]
	p := Problem{Line: line, Column: column, What: fmt.Sprintf("unknown key %q", short(strings.Join(path, ".")))}
	if secretKey(last) {
		p.What = fmt.Sprintf("%s would hold a secret", short(strings.Join(path, ".")))
		p.Instead = whereSecretsGo
		return p
	}
	here := keysAt(reflect.TypeFor[Config](), path[:len(path)-1])
	if best, ok := nearest(last, here); ok {
		p.Instead = fmt.Sprintf("did you mean %q?", best)
		return p
	}
	if elsewhere := tablesWith(last); elsewhere != "" {
		p.Instead = fmt.Sprintf("%q belongs under %s", last, elsewhere)
		return p
	}
	if len(here) > 0 {
		p.Instead = "known here: " + strings.Join(here, ", ")
	}
	return p
}

// secretKey reports whether a key's name says that its value is secret.
func secretKey(name string) bool {
	name = strings.ToLower(strings.ReplaceAll(name, "-", "_"))
	for _, word := range []string{"token", "secret", "password", "passwd", "api_key", "apikey", "private_key", "encryption_key", "credential"} {
		if strings.Contains(name, word) && !strings.HasSuffix(name, "_file") {
			return true
		}
	}
	return false
}

// wrongType says that a value does not fit its key, or where the file is no
// TOML. The reader's own words name Go types and may quote the value.
func wrongType(e toml.DecodeError) Problem {
	line, column := e.Position()
	p := Problem{Line: line, Column: column}
	t, known := typeAt(reflect.TypeFor[Config](), e.Key())
	if len(e.Key()) == 0 || !known || !strings.Contains(e.Error(), "cannot decode") && !strings.Contains(e.Error(), "cannot store") {
		p.What = strings.TrimPrefix(e.Error(), "toml: ")
		return p
	}
	p.What = strings.Join(e.Key(), ".") + " is of the wrong kind"
	switch t.Kind() {
	case reflect.String:
		p.Instead = `it is a text in quotes, as in "…"`
	case reflect.Bool:
		p.Instead = "it is true or false, without quotes"
	case reflect.Slice:
		p.Instead = `it is a list, as in ["…", "…"]`
		if t.Elem().Kind() == reflect.Struct {
			p.Instead = "write [[" + strings.Join(e.Key(), ".") + "]] on a line of its own, once for each"
		}
	default:
		p.Instead = "write [" + strings.Join(e.Key(), ".") + "] on a line of its own and its keys below"
	}
	return p
}

// keysAt are the keys known below a path.
func keysAt(t reflect.Type, path []string) []string {
	t, ok := typeAt(t, path)
	if !ok {
		return nil
	}
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var keys []string
	for i := range t.NumField() {
		keys = append(keys, t.Field(i).Tag.Get("toml"))
	}
	return keys
}

// typeAt is the type of the value at a path.
func typeAt(t reflect.Type, path []string) (reflect.Type, bool) {
	for _, name := range path {
		if t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.Map:
			t = t.Elem()
			continue
		case reflect.Struct:
		default:
			return t, false
		}
		found := false
		for i := range t.NumField() {
			if t.Field(i).Tag.Get("toml") == name {
				t, found = t.Field(i).Type, true
				break
			}
		}
		if !found {
			return t, false
		}
	}
	return t, true
}

// tablesWith are the tables that know a key, as they are written.
func tablesWith(key string) string {
	var out []string
	for _, table := range keysAt(reflect.TypeFor[Config](), nil) {
		if slices.Contains(keysAt(reflect.TypeFor[Config](), []string{table}), key) {
			out = append(out, "["+table+"]")
		}
	}
	return strings.Join(out, " or ")
}
