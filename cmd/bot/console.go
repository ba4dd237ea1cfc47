package main

import (
	"context"
	"fmt"

	"github.com/synthoperator/baton/adapters/console"
)

// consoleCmd is bot console.
type consoleCmd struct {
	Echo bool   `help:"Print what was said as well, so that the output is the whole chat."`
	Save string `help:"Write documents into this folder instead of printing them." placeholder:"DIR" type:"existingdir"`
}

// Run talks in this terminal, or answers what is piped in.
func (c *consoleCmd) Run(j *job) error {
	path, err := j.database()
	if err != nil {
		return err
	}
	opts := console.Options{
		In: j.in, Out: j.out, Echo: c.Echo, JSON: j.JSON, SaveTo: c.Save,
		Greeting: fmt.Sprintf("Baton, on %s. help lists the verbs, ana@launch> speaks as somebody else, Ctrl-D ends.", path),
	}
	j.log.out.raw = console.Interactive(opts)
	return j.serve(watch, func(ctx context.Context, p *parts) error {
		opts.Handler = p.router
		return console.Run(ctx, opts)
	})
}
