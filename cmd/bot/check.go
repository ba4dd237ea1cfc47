package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/library"
)

// checkCmd is bot check.
type checkCmd struct {
	All    bool  `help:"Tell of every finding in full: each shadowed file, and what is only worth knowing."`
	config error // why the configuration was refused
}

// checked is what a check found.
type checked struct {
	OK            bool              `json:"ok"`
	Configuration configChecked     `json:"configuration"`
	Database      databaseChecked   `json:"database"`
	Sources       []sourceChecked   `json:"sources"`
	Slack         *slackChecked     `json:"slack,omitempty"` // where it is enabled
	Discord       *discordChecked   `json:"discord,omitempty"`
	Calendars     []calendarChecked `json:"calendars"`
	Findings      []findingChecked  `json:"findings"`
	Code          int               `json:"code"` // the exit code
}

type configChecked struct {
	Path     string    `json:"path,omitempty"` // without one the defaults hold
	Problems []Problem `json:"problems"`
	NotYet   []string  `json:"notYet"`  // what is enabled and not part of this release
	Secrets  []string  `json:"secrets"` // what is wrong with the files of secrets
}

type databaseChecked struct {
	Path  string `json:"path"`
	State string `json:"state"` // "ready", "not there yet", "in use", "cannot be written", "damaged" or "newer"
	What  string `json:"what,omitempty"`
}

type sourceChecked struct {
	Name      string `json:"name"`
	Path      string `json:"path,omitempty"`
	Personas  int    `json:"personas"`
	Subagents int    `json:"subagents"` // other tools' subagents, personas too
	Skills    int    `json:"skills"`
	Patterns  int    `json:"patterns"`
}

type findingChecked struct {
	Path   string `json:"path"` // source:path
	Line   int    `json:"line,omitempty"`
	Level  string `json:"level"` // refused, missing, repaired, shadowed, skipped or noted
	What   string `json:"what"`
	Remedy string `json:"remedy,omitempty"`
	cover  library.Cover
}

// Run says whether Baton would start and what it would leave out. The exit code
// is 0 where nothing is refused; 1 where a file or a folder is (of the library,
// a calendar, or the data directory), or a platform refuses something; 2 where
// the configuration is, lacks a secret or enables what this release does not
// have; 3 where the database is damaged or newer.
func (c *checkCmd) Run(j *job) error {
	all := checked{Sources: []sourceChecked{}, Calendars: []calendarChecked{}, Findings: []findingChecked{}}
	all.Configuration = checkConfig(j, c.config)
	var err error
	if c.config == nil {
		if all.Database, err = checkDatabase(j); err != nil {
			return err
		}
		if all.Slack = checkSlack(j, j.config.Slack); all.Slack != nil && j.config.Slack.ClientID != "" &&
			(all.Database.State == "ready" || all.Database.State == "in use") {
			all.Slack.installed(j)
		}
		all.Discord = checkDiscord(j, j.config.Discord)
		if all.Database.State == "in use" {
			all.running(j, all.Database.Path)
		}
		all.Calendars = checkCalendars(j.config, time.Now())
		if err := all.library(j); err != nil {
			return err
		}
	}
	all.Code = all.code()
	all.OK = all.Code == exitDone
	if j.JSON {
		err = printJSON(j.out, all)
	} else {
		err = all.print(j.out, c.All)
	}
	if err != nil || all.OK {
		return err
	}
	return ended{all.Code}
}

// platforms are the checks of those that are enabled, by their names.
func (c *checked) platforms() map[string]platformChecks {
	all := map[string]platformChecks{}
	if c.Slack != nil {
		all[slack.Platform] = c.Slack.Checks
	}
	if c.Discord != nil {
		all[discord.Platform] = c.Discord.Checks
	}
	return all
}

// platformCode is the exit code that the platforms come to.
func (c *checked) platformCode() int {
	code := exitDone
	for _, checks := range c.platforms() {
		code = max(code, checks.code()) // wrong use comes before what failed
	}
	return code
}

func (c *checked) code() int {
	switch {
	case len(c.Configuration.Problems)+len(c.Configuration.NotYet) > 0, c.platformCode() == exitUsage:
		return exitUsage
	case c.Database.State == "damaged", c.Database.State == "newer":
		return exitDamaged
	case c.Database.State == "cannot be written", c.Database.State == "cannot be read", len(c.Configuration.Secrets) > 0,
		c.platformCode() == exitFailed:
		return exitFailed
	}
	for _, one := range c.Calendars {
		if one.What != "" {
			return exitFailed
		}
	}
	for _, f := range c.Findings {
		if f.Level == string(library.Refused) {
			return exitFailed
		}
	}
	return exitDone
}

func checkConfig(j *job, refused error) configChecked {
	c := configChecked{Path: j.Config, Problems: []Problem{}, NotYet: notYet(j.config), Secrets: []string{}}
	var bad ConfigError
	if errors.As(refused, &bad) {
		c.Problems = bad.Problems
	} else if refused != nil {
		c.Problems = []Problem{{What: refused.Error()}}
	}
	for _, file := range secretFiles(j.config) {
		if _, err := readSecret(file.variable, file.path); err != nil {
			c.Secrets = append(c.Secrets, err.Error())
		} else if readableByOthers(file.path) {
			c.Secrets = append(c.Secrets, fmt.Sprintf("%s can be read by other users of this machine: chmod 600 %s", file.path, file.path))
		}
	}
	return c
}

// checkDatabase looks at the database, or at where it would be made, and
// leaves both as they are.
func checkDatabase(j *job) (databaseChecked, error) {
	path, err := j.database()
	if err != nil {
		return databaseChecked{}, err
	}
	d := databaseChecked{Path: path}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		d.State = "not there yet"
		if err := writable(filepath.Dir(path)); err != nil {
			d.State, d.What = "cannot be written", cause(err)
		}
		return d, nil
	}
	found, err := inspect(j, path, looking{quick: true, patience: waitAgain})
	if err != nil {
		return d, err
	}
	switch {
	case found.OK:
		d.State = "ready"
		if err := writable(filepath.Dir(path)); err != nil {
			d.State, d.What = "cannot be written", cause(err)
		}
	case found.InUse:
		d.State, d.What = "in use", "a bot is running on it"
	case found.Newer:
		d.State, d.What = "newer", found.Error
	case found.Code == exitDamaged:
		d.State, d.What = "damaged", found.err().Error()
	default:
		d.State, d.What = "cannot be read", found.Error
	}
	return d, nil
}

// writable tries to write a file into a folder, or into the nearest folder
// above that exists.
func writable(dir string) error {
	for {
		f, err := os.CreateTemp(dir, ".baton-*.tmp")
		if err == nil {
			return errors.Join(f.Close(), os.Remove(f.Name()))
		}
		up := filepath.Dir(dir)
		if _, statErr := os.Stat(dir); !errors.Is(statErr, fs.ErrNotExist) || up == dir {
			return err
		}
		dir = up
	}
}

// library reads every source and counts what is on the shelf.
func (c *checked) library(j *job) error {
	lib, err := openLibrary(j.config, j.log.Logger)
	if err != nil {
		return err
	}
	now := lib.Snapshot()
	for _, s := range sources(j.config) {
		n := now.BySource(s.Name)
		c.Sources = append(c.Sources, sourceChecked{s.Name, s.Path, n.Personas, n.Subagents, n.Skills, n.Patterns})
	}
	for _, f := range now.Findings() {
		c.Findings = append(c.Findings, findingChecked{f.Path, f.Line, string(f.Level), f.What, f.Remedy, f.Cover})
	}
	return nil
}
