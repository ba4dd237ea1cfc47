package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/synthoperator/baton/export"
	"github.com/synthoperator/baton/state"
)

// historyCmd is bot history.
type historyCmd struct {
	Session string `arg:"" optional:"" help:"Channel and number, as in launch/1, or the session's id."`
}

// Run prints what was decided in a session.
func (c *historyCmd) Run(j *job) error { return j.tell("history", c.Session) }

// tell prints what is asked about a session, or which there are.
func (j *job) tell(do, session string) error {
	text, err := j.print(asking(do, session, j.JSON))
	if err != nil {
		return err
	}
	if _, err := j.out.Write(text); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func asking(do, session string, asJSON bool) request {
	if session == "" {
		return request{Do: "sessions", For: do, JSON: asJSON}
	}
	return request{Do: do, Session: session, JSON: asJSON}
}

// history prints what was decided in a session.
func (j *job) history(st *state.Store, session string) error {
	l, page, err := j.page(st, session)
	if err != nil {
		return err
	}
	if j.JSON {
		return j.historyJSON(st, l, page)
	}
	for _, line := range page.Lines(-1, 0) {
		if _, err := fmt.Fprintln(j.out, printable(line)); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	return nil
}

// historyJSON prints the session and its decisions, as an export has them.
func (j *job) historyJSON(st *state.Store, l state.Listed, page export.Page) error {
	one, err := j.describe(st, l)
	if err != nil {
		return err
	}
	whole, err := page.JSON()
	if err != nil {
		return fmt.Errorf("history of %s: %w", one.Session, err)
	}
	var part struct {
		Log json.RawMessage `json:"log"`
	}
	if err := json.Unmarshal(whole, &part); err != nil {
		return fmt.Errorf("history of %s: %w", one.Session, err)
	}
	return printJSON(j.out, struct {
		listedSession
		Decisions json.RawMessage `json:"decisions"`
	}{one, part.Log})
}

// page is a session with its log.
func (j *job) page(st *state.Store, name string) (state.Listed, export.Page, error) {
	l, err := j.find(st, name)
	if err != nil {
		return l, export.Page{}, err
	}
	s, err := st.Session(j, l.ID)
	if err != nil {
		return l, export.Page{}, err
	}
	channel, err := st.Channel(j, l.Channel)
	if err != nil {
		return l, export.Page{}, err
	}
	page := export.Page{Session: s, Zone: channel.Zone()}
	for e, err := range st.Entries(j, state.SessionStream(l.ID), 0) {
		if err != nil {
			return l, page, err
		}
		page.Entries = append(page.Entries, e)
	}
	return l, page, nil
}

// exportCmd is bot export.
type exportCmd struct {
	Session string `arg:"" optional:"" help:"Channel and number, as in launch/1, or the session's id."`
	To      string `help:"Write it into this file." placeholder:"FILE" type:"path"`
	Force   bool   `help:"Replace a file that is there."`
}

// Run prints a whole session.
func (c *exportCmd) Run(j *job) error {
	if c.To != "" && c.Session == "" {
		return usageError{errors.New("--to needs a session to write: name it, as in `bot export launch/1 --to launch.md`")}
	}
	if c.To == "" {
		return j.tell("export", c.Session)
	}
	text, err := j.print(asking("export", c.Session, j.JSON))
	if err != nil {
		return err
	}
	if err := mayWrite(c.To, c.Force); err != nil {
		return err
	}
	if err := os.WriteFile(c.To, text, 0o600); err != nil {
		return fmt.Errorf("write %s: %s", c.To, cause(err))
	}
	_, err = fmt.Fprintf(j.err, "%s (%s)\n", c.To, bytesText(int64(len(text))))
	return err
}

// export prints a whole session.
func (j *job) export(st *state.Store, session string) error {
	_, page, err := j.page(st, session)
	if err != nil {
		return err
	}
	text := []byte(page.Markdown())
	if j.JSON {
		if text, err = page.JSON(); err != nil {
			return fmt.Errorf("export %s: %w", session, err)
		}
		text = append(text, '\n')
	}
	_, err = j.out.Write(text)
	return err
}
