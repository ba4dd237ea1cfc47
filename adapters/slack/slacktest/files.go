package slacktest

import (
	"io"
	"net/http"
	"strconv"
)

// File is something that was uploaded.
type File struct {
	ID, Name, Title string
	Content         []byte
	Channel         string // where it was shared; empty before that
	length          int
	put, done       bool
	app             *App
}

func (f *File) wire() any {
	return map[string]any{"id": f.ID, "name": f.Name, "title": f.Title, "size": len(f.Content), "mode": "hosted"}
}

// Files are the files that were shared, by id.
func (s *Server) Files() map[string]File {
	s.mu.Lock()
	defer s.mu.Unlock()
	shared := map[string]File{}
	for id, f := range s.files {
		if f.done {
			shared[id] = *f
		}
	}
	return shared
}

func (s *Server) getUploadURL(c *Call) (map[string]any, *refusal) {
	n, err := strconv.Atoi(c.Args.Text("length"))
	if err != nil || n <= 0 {
		return nil, refuse("invalid_arguments", "[ERROR] length "+c.Args.Text("length"))
	}
	f := &File{ID: s.id("F"), Name: c.Args.Text("filename"), length: n, app: c.grant.app}
	s.files[f.ID] = f
	return map[string]any{"upload_url": s.base + "/upload/" + f.ID, "file_id": f.ID}, nil
}

// serveUpload takes the bytes: raw, or as a form with a file (D:messaging/working-with-files).
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	var content []byte
	body := io.Reader(http.MaxBytesReader(w, r.Body, 64<<20))
	if r.MultipartForm == nil && r.Header.Get("Content-Type") != "" {
		r.Body = io.NopCloser(body)
		if parts, err := r.MultipartReader(); err == nil {
			for part, err := parts.NextPart(); err == nil; part, err = parts.NextPart() {
				if part.FileName() != "" || part.FormName() == "body" || part.FormName() == "file" {
					content, _ = io.ReadAll(part)
				}
			}
			s.finishUpload(w, r.PathValue("id"), content)
			return
		}
	}
	content, _ = io.ReadAll(body)
	s.finishUpload(w, r.PathValue("id"), content)
}

func (s *Server) finishUpload(w http.ResponseWriter, id string, content []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[id]
	switch {
	case f == nil || f.put:
		s.violate("upload", "to an address that is unknown or was used")
		http.Error(w, "no such upload", http.StatusNotFound)
	case len(content) != f.length:
		s.violate("upload", "%d bytes, announced were %d", len(content), f.length)
		http.Error(w, "length differs", http.StatusBadRequest)
	default:
		f.Content, f.put = content, true
		_, _ = io.WriteString(w, "OK - "+strconv.Itoa(len(content)))
	}
}

func (s *Server) completeUpload(c *Call) (map[string]any, *refusal) {
	items, refused := list(c.Args, "files", "invalid_arguments")
	if refused != nil {
		return nil, refused
	}
	var wrong problems
	array(1, 10, object(fields{"id!": text(1, 100), "title": anyText}))(items, "/files", &wrong)
	if len(wrong) > 0 {
		return nil, refuse("invalid_arguments", wrong...)
	}
	var done []*File
	for _, item := range items {
		o := item.(map[string]any)
		f := s.files[o["id"].(string)]
		if f == nil || f.app != c.grant.app || !f.put || f.done {
			return nil, refuse("file_not_found")
		}
		f.Title, _ = o["title"].(string)
		done = append(done, f)
	}
	if refused := s.shareFiles(c, done); refused != nil {
		return nil, refused
	}
	told := []any{}
	for _, f := range done {
		f.done = true
		told = append(told, f.wire())
	}
	return map[string]any{"files": told}, nil
}

// shareFiles posts files where the call says; without a channel they stay private.
func (s *Server) shareFiles(c *Call, done []*File) *refusal {
	if !c.Args.Has("channel_id") {
		return nil
	}
	ch, in, refused := s.channelOf(c, "channel_id")
	if refused != nil {
		return refused
	}
	if !ch.members[in.UserID] {
		return refuseFairly("not_in_channel")
	}
	m := &Message{Text: c.Args.Text("initial_comment"), ThreadTS: c.Args.Text("thread_ts")}
	if m.ThreadTS != "" {
		if refused := ch.threadRoot(m.ThreadTS); refused != nil {
			return refused
		}
	}
	if refused := s.composeBlocks(c.Args, m); refused != nil {
		return refused
	}
	m.author(in, Args{})
	for _, f := range done {
		m.Files = append(m.Files, f.ID)
		f.Channel = ch.ID
	}
	ch.store(m)
	return nil
}
