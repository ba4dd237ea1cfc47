package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/alecthomas/kong"
)

// flags are what every command takes.
type flags struct {
	Config string `help:"Read this configuration; without it the defaults hold." placeholder:"FILE"`
	Data   string `help:"Keep the database in this folder instead of your data directory." placeholder:"DIR"`
	JSON   bool   `name:"json" help:"Print for programs instead of people."`
	Log    string `help:"How to log to standard error: text, json or off." enum:",text,json,off" default:"" placeholder:"text|json|off"`
}

// cli is the commands of the program.
type cli struct {
	flags

	Console  consoleCmd  `cmd:"" default:"withargs" help:"Talk to Baton in this terminal, or pipe a chat through it. This is what no command means."`
	Run      runCmd      `cmd:"" help:"Serve what the configuration enables."`
	Check    checkCmd    `cmd:"" help:"Say whether everything is configured and readable, and what in the library was repaired or refused."`
	Manifest manifestCmd `cmd:"" help:"Print a platform's app as its own form takes it, with no more permissions than the enabled features need."`
	Register registerCmd `cmd:"" help:"Register Baton's commands with a platform, where they differ from what is registered."`
	Invite   inviteCmd   `cmd:"" help:"Print the link that takes Baton into a server, with no more permissions than the enabled features need."`
	Backup   backupCmd   `cmd:"" help:"Copy the database into a file, also while a bot runs on it."`
	Restore  restoreCmd  `cmd:"" help:"Put a backup in the database's place; no bot may be running on it."`
	Verify   verifyCmd   `cmd:"" help:"Check every record of the log, also while a bot runs on it."`
	History  historyCmd  `cmd:"" help:"Print what was decided in a session; without one, list the sessions. Also while a bot runs."`
	Export   exportCmd   `cmd:"" help:"Print a whole session as Markdown, or as JSON with --json; without one, list the sessions. Also while a bot runs."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
	Inspect  inspectCmd  `cmd:"" hidden:"" name:"inspect-file" help:"Check one database file in this process; 'verify' runs it in another."`
}

// job is what a command has while it runs.
type job struct {
	context.Context //nolint:containedctx // a job lives exactly as long as its command
	flags
	streams
	config Config
	log    logger
	served *hosts // of bot run: what is served, and how it stands
}

// usageError is a wrong use of the program.
type usageError struct{ error }

// done is thrown out of the reading of the command line once help was printed.
type done struct{ code int }

// execute runs one command line and returns the exit code.
func execute(ctx context.Context, args []string, s streams) int {
	var c cli
	command, err := parse(&c, args, s)
	if command == nil && err == nil {
		return 0
	}
	if err == nil {
		err = c.run(ctx, command, s)
	}
	return report(s, c.JSON || err != nil && command == nil && asksJSON(args), err)
}

// parse reads the command line. Neither a command nor an error is help, which
// was printed.
func parse(c *cli, args []string, s streams) (command *kong.Context, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case done:
			command, err = nil, nil
		default:
			panic(r)
		}
	}()
	parser, err := kong.New(c, kong.Name("bot"), kong.Writers(s.out, s.err),
		kong.Description("Baton runs the orchestration protocol where a team talks. Without a command it starts the console."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.Exit(func(code int) { panic(done{code}) }))
	if err != nil {
		return nil, fmt.Errorf("build the command line: %w", err)
	}
	command, err = parser.Parse(args)
	if err != nil {
		return nil, usageError{errors.New(usage(parser.Model, args, err))}
	}
	return command, nil
}

// asksJSON reports whether a command line that could not be read asks for JSON.
func asksJSON(args []string) bool {
	for _, arg := range args {
		if arg == "--json" {
			return true
		}
	}
	return false
}

// run loads the configuration and runs the command.
func (c *cli) run(ctx context.Context, command *kong.Context, s streams) error {
	j := &job{Context: ctx, flags: c.flags, streams: s}
	var err error
	if j.config, err = LoadConfig(c.Config); err == nil {
		err = j.config.fromEnvironment()
	}
	if checks, ok := command.Selected().Target.Addr().Interface().(*checkCmd); ok {
		checks.config = err // the check tells of it with the rest
	} else if err != nil {
		return err
	}
	if c.Log != "" {
		j.config.Log.Format = LogFormat(c.Log)
	}
	j.log = newLogger(j.config.Log, s.err)
	return command.Run(j)
}
