package discordtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// maxBody is the largest request: 25 MiB (D:reference, Uploading Files).
const maxBody = 25 << 20

// call is one request that is being answered.
type call struct {
	s      *Server
	app    *Application // whose token the request bears; nil for webhooks of nobody
	req    *Request
	route  *route
	params map[string]string
	query  url.Values
	body   object // the JSON, if that is an object
	list   []any  // the JSON, if that is an array
	files  []upload
}

// reply is an answer that does what was asked.
type reply struct {
	status int
	body   any // nil for no body
}

type upload struct {
	id, name, kind string
	data           []byte
}

var (
	versioned = regexp.MustCompile(`^/api/v(\d+)(/.*)$`)
	botAgent  = regexp.MustCompile(`^DiscordBot \(\S+, \S+\)`) // D:reference, User Agent
)

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/gateway"), strings.HasPrefix(r.URL.Path, "/resume"):
		s.serveGateway(w, r)
	case strings.HasPrefix(r.URL.Path, "/attachments/"):
		s.serveFile(w, r)
	default:
		s.serveAPI(w, r)
	}
}

func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f, ok := s.files[r.URL.Path]
	s.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.kind)
	_, _ = w.Write(f.data)
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return
	}
	c := s.newCall(r)
	s.mu.Lock()
	c.req.Time = s.clock.Now()
	s.requests = append(s.requests, c.req)
	f := s.faultFor(c.req)
	s.happened()
	s.mu.Unlock()
	if f == nil {
		s.respond(w, c, s.answer(c, r, raw))
		return
	}
	s.misbehave(w, r, c, raw, f)
}

func (s *Server) newCall(r *http.Request) *call {
	c := &call{s: s, query: r.URL.Query(), req: &Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: maps.Clone(r.Header),
	}}
	if m := versioned.FindStringSubmatch(r.URL.Path); m != nil {
		c.req.Version, _ = strconv.Atoi(m[1])
		c.req.Path = m[2]
		c.route, c.params = match(r.Method, m[2])
		if c.route != nil {
			c.req.Route = c.route.path
		}
	}
	return c
}

// answer does what a request asks for, or refuses it.
func (s *Server) answer(c *call, r *http.Request, raw []byte) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.happened()
	out, err := s.decide(c, r, raw)
	a := answer{header: http.Header{}}
	var f *failure
	switch {
	case errors.As(err, &f):
		a.status, a.code = f.status, f.code
		a.body, _ = json.Marshal(f.body())
		maps.Copy(a.header, f.header)
		if f.raw != "" {
			a.body = []byte(f.raw)
			a.header.Set("Content-Type", "text/html")
		}
	case err != nil:
		panic("discordtest: " + err.Error())
	default:
		a.status = out.status
		if out.body != nil {
			a.body, _ = json.Marshal(out.body)
		}
	}
	s.limitHeaders(c, a.header)
	s.countInvalid(c, a.status, a.header)
	if c.route != nil && s.opts.Oracle != nil && f.isJSON() {
		if err := s.opts.Oracle.Response(c.req.Method, c.req.Path, a.status, a.body); err != nil {
			s.violate(c.req, SpecAnswer, "%v: %.800s", err, a.body)
		}
	}
	return a
}

func (f *failure) isJSON() bool { return f == nil || f.raw == "" }

// decide refuses in the order Discord is known to: who, how often, where, what.
func (s *Server) decide(c *call, r *http.Request, raw []byte) (reply, error) {
	if agent := r.Header.Get("User-Agent"); !botAgent.MatchString(agent) {
		s.violate(c.req, NoUserAgent, "the User-Agent is %q", agent)
	}
	if f := s.shutOut(c); f != nil {
		return reply{}, f
	}
	if c.route == nil || c.req.Version < 9 || c.req.Version > 10 {
		s.violate(c.req, UnknownRoute, "the fake has no such route")
		return reply{}, notFound()
	}
	if err := c.authenticate(r); err != nil {
		return reply{}, err
	}
	if f := s.limited(c); f != nil {
		return reply{}, f
	}
	if len(raw) > maxBody {
		return reply{}, refuse(413, 40005, "Request entity too large")
	}
	if err := c.parse(r, raw); err != nil {
		return reply{}, err
	}
	if s.opts.Oracle != nil && c.req.Body != nil {
		if err := s.opts.Oracle.Request(c.req.Method, c.req.Path, c.req.Body); err != nil {
			s.violate(c.req, SpecRequest, "%v", err)
			f := refuse(400, 50035, "Invalid Form Body")
			f.extra = object{"errors": object{"_errors": []object{{"code": "SPECIFICATION", "message": err.Error()}}}}
			return reply{}, f
		}
	}
	return c.route.do(c)
}

// authenticate finds whose request it is. Routes with a token in their path
// need no other.
func (c *call) authenticate(r *http.Request) error {
	header := r.Header.Get("Authorization")
	if c.route.public && header == "" {
		return nil
	}
	token, isBot := strings.CutPrefix(header, "Bot ")
	for _, app := range c.s.apps {
		if isBot && app.Token == token && !app.revoked {
			c.app, c.req.AppID = app, app.ID
			return nil
		}
	}
	if c.route.public {
		return nil
	}
	return unauthorized()
}

// parse reads the body: JSON, or a multipart form with files and the JSON in
// payload_json (D:reference, Uploading Files).
func (c *call) parse(r *http.Request, raw []byte) error {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		var err error
		if raw, err = c.parseForm(raw, params["boundary"]); err != nil {
			return refuse(400, 50109, "The request body contains invalid JSON.")
		}
	} else if len(raw) > 0 && kind != "application/json" {
		return refuse(400, 50035, "Invalid Form Body")
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		c.body = object{}
		return nil
	}
	c.req.Body = raw
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return refuse(400, 50109, "The request body contains invalid JSON.")
	}
	c.body, _ = v.(object)
	c.list, _ = v.([]any)
	if c.body == nil && c.list == nil {
		return refuse(400, 50035, "Invalid Form Body")
	}
	return nil
}

func (c *call) parseForm(raw []byte, boundary string) (payload []byte, err error) {
	form, err := multipart.NewReader(bytes.NewReader(raw), boundary).ReadForm(maxBody)
	if err != nil {
		return nil, err
	}
	if all := form.Value["payload_json"]; len(all) == 1 {
		payload = []byte(all[0])
	}
	// Some clients send the JSON as a file with a Content-Type of its own.
	if all := form.File["payload_json"]; len(all) == 1 && payload == nil {
		f, err := readPart(all[0])
		if err != nil {
			return nil, err
		}
		payload = f
		delete(form.File, "payload_json")
	}
	for field, files := range form.File {
		n, ok := strings.CutPrefix(field, "files[")
		if !ok {
			return nil, errors.New("a file that is not named files[n]")
		}
		for _, f := range files {
			data, err := readPart(f)
			if err != nil {
				return nil, err
			}
			c.files = append(c.files, upload{strings.TrimSuffix(n, "]"), f.Filename, or(f.Header.Get("Content-Type"), "application/octet-stream"), data})
		}
	}
	return payload, nil
}

func readPart(f *multipart.FileHeader) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(in)
}

// answer is a reply or a failure as bytes.
type answer struct {
	status, code int
	header       http.Header
	body         []byte
}

func (s *Server) respond(w http.ResponseWriter, c *call, a answer) {
	maps.Copy(w.Header(), a.header)
	if len(a.body) > 0 && w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	s.mu.Lock()
	c.req.Status, c.req.Code = a.status, a.code
	s.happened()
	s.mu.Unlock()
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}
