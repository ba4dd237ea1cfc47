package slacktest

import "net/http"

type View struct{}
type File struct{}

func (f *File) wire() any { return nil }

type code struct{}
type stream struct{}
type Session struct{}
type trigger struct{ view *View }

func (s *Server) newTrigger(p *Person, in *Install, v *View) string     { return s.id("x") }
func (s *Server) alive(m *Message) bool                                 { return false }
func (s *Server) permalink(ch *Channel, m *Message) string              { return "" }
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request)    {}
func (s *Server) serveAuthorize(w http.ResponseWriter, r *http.Request) {}
