package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/announce"
	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/commands"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/bolt"
)

// parts is the assembled bot.
type parts struct {
	backend state.Backend
	store   *state.Store
	library *library.Library
	router  *commands.Router
	speaker *announce.Announcer // nil where nothing is said unasked
	log     *slog.Logger
	closers []func() error
}

// around is what surrounds the bot.
type around struct {
	now     func() time.Time
	log     *slog.Logger
	fatal   func(error)   // the log cannot be written: the process has to end
	rest    time.Duration // see announce.Deps
	posters opening       // nil where nothing is said unasked
	step    func(string)  // for tests, see announce.Deps
}

// opening makes what says by platform what Baton says by itself, over the parts
// that are there by then: log, library and router.
type opening func(p *parts) (map[string]chat.Poster, error)

// fixed are posters that need none of the parts.
func fixed(posters map[string]chat.Poster) opening {
	return func(*parts) (map[string]chat.Poster, error) { return posters, nil }
}

// assemble builds every part over a backend, which it closes with the rest.
func assemble(b state.Backend, c Config, a around) (p *parts, err error) {
	p = &parts{backend: b, log: a.log}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	p.closers = append(p.closers, b.Close)
	if p.store, err = state.Open(b, state.Options{Now: a.now, Log: a.log, Fatal: a.fatal}); err != nil {
		return p, fmt.Errorf("open the log: %w", err)
	}
	p.closers[0] = p.store.Close
	if p.library, err = openLibrary(c, a.log); err != nil {
		return p, err
	}
	calendars, err := openCalendars(c, a.now())
	if err != nil {
		return p, err
	}
	admins := make([]orchestration.PersonID, len(c.Roles.Admins))
	for i, id := range c.Roles.Admins {
		admins[i] = orchestration.PersonID(id)
	}
	p.router = commands.New(commands.Deps{Store: p.store, Library: p.library, Log: a.log, Now: a.now, Admins: admins, Calendars: calendars})
	if a.posters == nil {
		return p, nil
	}
	posters, err := a.posters(p)
	if err != nil {
		return p, err
	}
	p.speaker, err = announce.New(context.Background(), announce.Deps{
		Store: p.store, Words: p.router, Posters: posters, Log: a.log, Now: a.now, Rest: a.rest, Step: a.step, Calendars: calendars,
	})
	return p, err
}

// speak says by itself what there is to say.
func speak(ctx context.Context, p *parts) error { return p.speaker.Run(ctx) }

// sources are where personas, skills and patterns come from.
func sources(c Config) []library.Source {
	all := []library.Source{library.Shipped()}
	for _, s := range c.Library.Source {
		all = append(all, library.Source{Name: s.Name, Path: s.Path})
	}
	return all
}

func openLibrary(c Config, log *slog.Logger) (*library.Library, error) {
	lib, err := library.Open(sources(c), library.Options{Log: log})
	if err != nil {
		return nil, fmt.Errorf("open the library: %w", err)
	}
	return lib, nil
}

// watch keeps the library in step with its folders. Where the system cannot
// watch, it serves what was read at the start.
func watch(ctx context.Context, p *parts) error {
	if err := p.library.Watch(ctx); err != nil {
		p.log.Warn("the library is not read again when files change", "err", err)
	}
	<-ctx.Done()
	return nil
}

// close closes the parts in reverse.
func (p *parts) close() error {
	var all []error
	for _, fn := range slices.Backward(p.closers) {
		all = append(all, fn())
	}
	p.closers = nil
	return errors.Join(all...)
}

// part is something that runs until ctx is cancelled or it is done; when one
// is done, so is the program.
type part func(ctx context.Context, p *parts) error

// errDone is what the other parts are told when one is done.
var errDone = errors.New("done")

// serve assembles the bot over the database file and runs the parts.
func (j *job) serve(posters opening, all ...part) error {
	path, err := j.database()
	if err != nil {
		return err
	}
	if err := makeFolder(path); err != nil {
		return err
	}
	db, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		return err
	}
	return j.serveOver(db, posters, append(all, j.withDoor(path))...)
}

// serveOver assembles the bot over a backend and runs the parts. A log that
// cannot be written ends it with that error, after the answer that says so.
func (j *job) serveOver(b state.Backend, posters opening, all ...part) error {
	ctx, cancel := context.WithCancelCause(j)
	defer cancel(nil)
	p, err := assemble(b, j.config, around{
		now: time.Now, rest: 5 * time.Millisecond, log: j.log.Logger, fatal: func(err error) { cancel(err) }, posters: posters,
	})
	if err != nil {
		return err
	}
	group, running := errgroup.WithContext(ctx)
	for _, run := range all {
		group.Go(func() error {
			if err := run(running, p); err != nil {
				return err
			}
			return errDone
		})
	}
	if err = group.Wait(); errors.Is(err, errDone) || errors.Is(err, context.Canceled) && j.Err() != nil {
		err = nil // done, or told to stop
	}
	closed := p.close()
	if fatal := context.Cause(ctx); fatal != nil && j.Err() == nil {
		return fatal // what came of it needs no words of its own
	}
	return errors.Join(err, closed)
}

// runCmd is bot run.
type runCmd struct{}

// Run serves what the configuration enables, until it is told to stop.
func (*runCmd) Run(j *job) error {
	if missing := notYet(j.config); len(missing) > 0 {
		return usageError{errors.New(joinSentences(missing))}
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // what is alive is small beside what comes and goes with each command
	}
	h := &hosts{}
	j.served = h
	platforms, err := j.platforms(h)
	if err != nil {
		return err
	}
	if len(platforms) == 0 {
		return usageError{errors.New("nothing is enabled in the configuration, so there is nothing to serve; `bot console` talks in this terminal, `enabled = true` under [slack] or [discord] serves that")}
	}
	runs := []part{watch, speak, runAll(platforms)}
	for _, one := range h.all {
		runs = append(runs, func(ctx context.Context, _ *parts) error { return j.listen(ctx, one) })
	}
	return j.serve(opened(platforms, h), runs...)
}

// platforms are those that are enabled. What is missing for them is a sentence
// each.
func (j *job) platforms(h *hosts) (all []platform, err error) {
	var wrong []string
	if c := j.config.Slack; c.Enabled {
		tokens, missing := slackTokensOf(c)
		wrong = append(wrong, missing...)
		all = append(all, j.newSlack(h, c, tokens))
	}
	if c := j.config.Discord; c.Enabled {
		token, missing := discordTokenOf(c)
		wrong = append(wrong, missing...)
		all = append(all, j.newDiscord(h, c, token))
	}
	if len(wrong) > 0 {
		return nil, usageError{errors.New(joinSentences(wrong))}
	}
	return all, nil
}

// notYet is what is enabled and not part of this release, in words.
func notYet(c Config) []string {
	var out []string
	if c.Slack.Enabled && slices.Contains(c.Slack.Features, slack.Agents) {
		out = append(out, `slack.features has "agents", and this release runs no agents yet`)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Agents)) {
		out = append(out, "agents."+name+" is configured, and this release runs no agents yet; tasks are worked on by people")
	}
	return out
}

func joinSentences(all []string) string {
	text := ""
	for i, s := range all {
		if i > 0 {
			text += "\n"
		}
		text += s
	}
	return text
}
