package main

import (
	"fmt"
	"strings"
)

// served is what a platform is served as, told once it is.
type served struct {
	Platform  string   `json:"platform"`
	Transport string   `json:"transport"`
	Workspace string   `json:"workspace,omitempty"`
	ID        string   `json:"id,omitempty"`
	Servers   []string `json:"servers,omitempty"` // where a bot is in several at once
	As        string   `json:"as,omitempty"`
	Listen    string   `json:"listen,omitempty"`
	Install   string   `json:"install,omitempty"` // where others install the app
}

func (s served) String() string {
	text := "Baton serves " + s.Platform + " over " + s.Transport
	var more []string
	if s.Workspace != "" {
		more = append(more, withDetail(s.Workspace, s.ID))
	}
	if len(s.Servers) > 0 {
		more = append(more, strings.Join(s.Servers, ", "))
	}
	if s.As != "" {
		more = append(more, "as @"+s.As)
	}
	if len(more) > 0 {
		text += ": " + strings.Join(more, ", ")
	}
	if s.Listen != "" {
		text += " on " + s.Listen
	}
	if s.Install != "" {
		text += "; others install it at " + s.Install
	}
	return text
}

// announceStart prints that a platform is served. With --json it is one line.
func (j *job) announceStart(s served) error {
	if j.JSON {
		return printLine(j.out, s)
	}
	_, err := fmt.Fprintln(j.out, s)
	return err
}
