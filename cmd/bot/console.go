package main

import (
	"context"
	"fmt"

	"github.com/synthoperator/baton/adapters/console"
	"github.com/synthoperator/baton/chat"
)

// consoleCmd is bot console.
type consoleCmd struct {
	Echo bool   `help:"Print what was said as well, so that the output is the whole chat."`
	Save string `help:"Write documents and prompts into this folder, made if it is missing, instead of printing them." placeholder:"DIR" type:"path"`
}

// Help is what "bot console --help" says about the lines.
func (c *consoleCmd) Help() string {
	return `One line is one message: "ana@launch> status" says who speaks in which channel, "ana@launch/2> status" in the thread of its second session, and without a prefix it is "you@general".

Lines of one message are indented by two spaces, as in

    ana@launch/1> Phase 1 complete.
      Decisions: Postgres
      Open items: pricing

Lines that start with // are remarks. At a terminal a paste is one message and needs no indent; "ana@launch>" alone speaks there from then on; quit, exit or Ctrl-D leaves.`
}

// Run talks in this terminal, or answers what is piped in.
func (c *consoleCmd) Run(j *job) error {
	path, err := j.database()
	if err != nil {
		return err
	}
	opts := console.Options{
		In: j.in, Out: j.out, Echo: c.Echo, JSON: j.JSON, SaveTo: c.Save,
		Greeting: fmt.Sprintf("Baton, on %s. help lists the verbs, ana@launch> speaks as somebody else, quit or Ctrl-D ends.", path),
	}
	j.log.out.raw = console.Interactive(opts)
	opts.Speaker = &console.Speaker{}
	posters := map[string]chat.Poster{console.Platform: opts.Speaker}
	return j.serve(fixed(posters), watch, speak, func(ctx context.Context, p *parts) error {
		opts.Handler, opts.Settle = p.router, p.speaker.Settled
		return console.Run(ctx, opts)
	})
}
