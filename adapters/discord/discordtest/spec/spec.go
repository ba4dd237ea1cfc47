// Package spec checks requests and answers against Discord's own description of
// its HTTP API (discord-api-spec). It is a package of its own so that only tests
// that ask for it link a validator of JSON Schema.
package spec

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/google/jsonschema-go/jsonschema"
)

// Spec is the description. It is safe for concurrent use.
type Spec struct {
	root       map[string]any
	operations []operation

	mu       sync.Mutex
	resolved map[string]*jsonschema.Resolved
}

type operation struct {
	method string
	path   string
	steps  []string
	body   any // the schema of a request, or nil
	answer map[string]any
}

// Shared is where the description lies beside the repository, or "".
func Shared() string {
	_, here, _, _ := runtime.Caller(0)
	at := filepath.Join(filepath.Dir(here), "../../../../../shared/specs/discord-openapi.json")
	if _, err := os.Stat(at); err != nil {
		return ""
	}
	return at
}

// Load reads the description.
func Load(path string) (*Spec, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	// A schema is resolved on its own, with the others as its definitions.
	text := strings.ReplaceAll(string(data), "#/components/schemas/", "#/$defs/")
	var doc struct {
		Paths      map[string]map[string]json.RawMessage
		Components struct{ Schemas, Responses map[string]any }
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s := &Spec{root: doc.Components.Schemas, resolved: map[string]*jsonschema.Resolved{}}
	relax(s.root)
	for path, methods := range doc.Paths {
		for method, raw := range methods {
			if method == "parameters" {
				continue
			}
			op, err := readOperation(strings.ToUpper(method), path, raw)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			s.operations = append(s.operations, op)
		}
	}
	if len(s.operations) == 0 {
		return nil, fmt.Errorf("%s describes no operation", path)
	}
	return s, nil
}

// relax takes back the three things in which the description is known to
// disagree with the documentation and with clients. The code of one faulty field
// is a word (D:reference, Error messages), not an integer. The id of a file that
// comes with the request is its number (D:reference, Uploading Files). And
// default_member_permissions of a request is a string of digits; the
// description's README says that such strings are accepted for integers.
func relax(schemas map[string]any) {
	if file, ok := schemas["MessageAttachmentRequest"].(map[string]any); ok {
		file["properties"].(map[string]any)["id"] = map[string]any{"type": []any{"string", "integer"}}
	}
	if inner, ok := schemas["InnerErrors"].(map[string]any); ok {
		list := inner["properties"].(map[string]any)["_errors"].(map[string]any)
		list["items"] = map[string]any{
			"type": "object", "required": []any{"code", "message"},
			"properties": map[string]any{"code": map[string]any{"type": "string"}, "message": map[string]any{"type": "string"}},
		}
	}
	for name, schema := range schemas {
		properties, _ := schema.(map[string]any)["properties"].(map[string]any)
		p, ok := properties["default_member_permissions"].(map[string]any)
		if !ok || !strings.Contains(name, "Request") && !strings.Contains(name, "Update") && !strings.Contains(name, "Create") {
			continue
		}
		for key := range p {
			delete(p, key)
		}
		p["type"] = []any{"integer", "string", "null"}
	}
}

func readOperation(method, path string, raw json.RawMessage) (operation, error) {
	type content map[string]struct{ Schema any }
	var in struct {
		RequestBody struct{ Content content }
		Responses   map[string]struct {
			Ref     string `json:"$ref"`
			Content content
		}
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return operation{}, err
	}
	op := operation{method: method, path: path, steps: strings.Split(path, "/"), answer: map[string]any{}}
	if c, ok := in.RequestBody.Content["application/json"]; ok {
		op.body = c.Schema
	}
	for status, r := range in.Responses {
		op.answer[status] = nil
		if c, ok := r.Content["application/json"]; ok {
			op.answer[status] = c.Schema
		}
		if r.Ref != "" {
			op.answer[status] = map[string]any{"$ref": "#/$defs/ErrorResponse"}
		}
	}
	return op, nil
}

// find is the operation of a request; a step that is written out is preferred.
func (s *Spec) find(method, path string) (operation, bool) {
	steps := strings.Split(strings.TrimSuffix(path, "/"), "/")
	best, most := operation{}, -1
	for _, op := range s.operations {
		if op.method != method || len(op.steps) != len(steps) {
			continue
		}
		n := 0
		for i, step := range op.steps {
			if step == steps[i] {
				n++
			} else if !strings.HasPrefix(step, "{") || strings.HasPrefix(steps[i], "@") {
				n = -len(steps)
			}
		}
		if n > most {
			best, most = op, n
		}
	}
	return best, most >= 0
}

// Request checks the JSON body of a request.
func (s *Spec) Request(method, path string, body []byte) error {
	op, ok := s.find(method, path)
	if !ok {
		return fmt.Errorf("no operation %s %s is described", method, path)
	}
	if op.body == nil {
		return nil // Only a form is described, or nothing.
	}
	return s.validate(method+" "+op.path, op.body, body)
}

// Response checks an answer: that its status is one that is described, and its
// body.
func (s *Spec) Response(method, path string, status int, body []byte) error {
	op, ok := s.find(method, path)
	if !ok {
		return fmt.Errorf("no operation %s %s is described", method, path)
	}
	name := strconv.Itoa(status)
	if _, ok := op.answer[name]; !ok {
		name = name[:1] + "XX"
	}
	schema, ok := op.answer[name]
	switch {
	case !ok && status >= 500:
		return nil
	case !ok:
		return fmt.Errorf("%s %s does not answer %d", method, op.path, status)
	case schema == nil && len(body) > 0 && status < 300:
		return fmt.Errorf("%s %s answers %d without a body", method, op.path, status)
	case schema == nil || status == 429:
		return nil // The body of a 429 is described in words only.
	}
	return s.validate(method+" "+op.path+" "+name, schema, body)
}

// Object checks a value against one of the named schemas.
func (s *Spec) Object(name string, value []byte) error {
	return s.validate(name, map[string]any{"$ref": "#/$defs/" + name}, value)
}

func (s *Spec) validate(name string, schema any, body []byte) error {
	r, err := s.resolve(name, schema)
	if err != nil {
		return err
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := r.Validate(v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (s *Spec) resolve(name string, schema any) (*jsonschema.Resolved, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.resolved[name]; r != nil {
		return r, nil
	}
	needed := map[string]any{}
	s.collect(schema, needed)
	data, err := json.Marshal(map[string]any{"$defs": needed, "allOf": []any{schema}})
	if err != nil {
		return nil, err
	}
	var parsed jsonschema.Schema
	if err := json.Unmarshal(data, &parsed); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r, err := parsed.Resolve(nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s.resolved[name] = r
	return r, nil
}

// collect finds the definitions a schema refers to. All 539 with every schema
// would take a tenth of a second each time.
func (s *Spec) collect(schema any, needed map[string]any) {
	switch schema := schema.(type) {
	case map[string]any:
		for key, v := range schema {
			ref, _ := v.(string)
			name, ok := strings.CutPrefix(ref, "#/$defs/")
			if key != "$ref" || !ok {
				s.collect(v, needed)
			} else if _, had := needed[name]; !had {
				needed[name] = s.root[name]
				s.collect(s.root[name], needed)
			}
		}
	case []any:
		for _, v := range schema {
			s.collect(v, needed)
		}
	}
}
