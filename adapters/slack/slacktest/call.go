package slacktest

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Args are what a method was called with: texts from a form, or values of JSON.
type Args map[string]any

// Text is an argument as text; numbers and truth values as a form writes them.
func (a Args) Text(name string) string {
	switch v := a[name].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case nil:
		return ""
	default:
		b, _ := json.Marshal(v)
		return string(b)
	}
}

// Has reports whether an argument was given and is not empty.
func (a Args) Has(name string) bool {
	v, there := a[name]
	return there && v != nil && v != ""
}

// Bool is an argument as a truth value; what is none, and nothing, is false.
func (a Args) Bool(name string) bool {
	v, _ := strconv.ParseBool(a.Text(name))
	return v
}

// JSON is an argument that is structured: as JSON in a text, or as such.
func (a Args) JSON(name string) (any, error) {
	text, is := a[name].(string)
	if !is {
		return a[name], nil
	}
	return parseJSON([]byte(text))
}

// parseJSON reads one value and nothing after it, numbers as they were written.
func parseJSON(raw []byte) (any, error) {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("there is more after the value")
	}
	return v, nil
}

// Call is one call of a Web API method on its way.
type Call struct {
	Method string
	Args   Args
	At     time.Time
	// Name is the app that calls, empty for a token nobody has.
	App string
	// Team is the workspace of the token, empty for an org or app token.
	Team string

	token string
	facts Method
	grant *grant
}

// maxBody bounds what is read of a request.
const maxBody = 4 << 20

// decode reads a call. Slack takes the token in the header or in a form, and
// arguments as a form or as JSON (D:apis/web-api); JSON wants it in the header.
func decode(r *http.Request) (*Call, string) {
	c := &Call{Method: r.PathValue("method"), Args: Args{}}
	header, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if bearer {
		c.token = strings.TrimSpace(header)
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && r.Header.Get("Content-Type") != "" {
		return c, "invalid_post_type"
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	switch kind {
	case "application/json":
		if problem := c.fromJSON(r.Body); problem != "" {
			return c, problem
		}
	case "multipart/form-data":
		if err := r.ParseMultipartForm(maxBody); err != nil {
			return c, "invalid_form_data"
		}
		c.fromForm(r.Form)
	case "application/x-www-form-urlencoded", "":
		if err := r.ParseForm(); err != nil {
			return c, "invalid_form_data"
		}
		c.fromForm(r.Form)
	default:
		return c, "invalid_post_type"
	}
	if t, is := c.Args["token"].(string); is {
		if bearer && t != c.token {
			return c, "invalid_auth"
		}
		c.token = t
	}
	delete(c.Args, "token")
	if id, secret, basic := r.BasicAuth(); basic && c.Method == "oauth.v2.access" {
		c.Args["client_id"], c.Args["client_secret"] = id, secret
	}
	return c, ""
}

func (c *Call) fromForm(form map[string][]string) {
	for name, values := range form {
		c.Args[name] = values[0]
	}
}

func (c *Call) fromJSON(body io.Reader) string {
	raw, err := io.ReadAll(body)
	if err != nil {
		return "invalid_json"
	}
	if len(strings.TrimSpace(string(raw))) == 0 {
		return ""
	}
	v, err := parseJSON(raw)
	if err != nil {
		return "invalid_json"
	}
	args, is := v.(map[string]any)
	if !is {
		return "json_not_object"
	}
	c.Args = args
	return ""
}

// refusal is an answer with ok false.
type refusal struct {
	code     string
	messages []string
	more     map[string]any
	header   int // Retry-After in seconds; 0 is none
	status   int // 0 is 200
	fair     bool
}

// refuse is a refusal that a correct client never gets.
func refuse(code string, messages ...string) *refusal {
	return &refusal{code: code, messages: messages}
}

// refuseFairly is a refusal that a correct client may get too: the world was not
// as it thought.
func refuseFairly(code string) *refusal { return &refusal{code: code, fair: true} }

func (r *refusal) body() map[string]any {
	body := map[string]any{"ok": false, "error": r.code}
	if len(r.messages) > 0 {
		body["response_metadata"] = map[string]any{"messages": r.messages}
		body["errors"] = r.messages
	}
	for k, v := range r.more {
		body[k] = v
	}
	return body
}
