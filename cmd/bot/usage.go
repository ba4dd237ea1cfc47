package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// usage is what is wrong with a command line, with the word that was meant.
func usage(app *kong.Application, args []string, err error) string {
	word := firstWord(args)
	flag, wrong := unknownFlag(err)
	var names []string
	var command *kong.Node
	for _, node := range app.Children {
		if node.Name == word || wrong && command == nil && slices.Contains(args, node.Name) {
			command = node
		}
		if !node.Hidden {
			names = append(names, node.Name)
		}
	}
	if wrong {
		return wrongFlag(app, command, flag)
	}
	switch {
	case command != nil:
		return err.Error() + "; `bot " + word + " --help` says what it takes"
	case word == "":
		return err.Error() + "; `bot --help` says what there is"
	}
	if best, ok := nearest(word, names); ok {
		return fmt.Sprintf("%q is no command, did you mean %q?", short(word), best)
	}
	return fmt.Sprintf("%q is no command; there are %s", short(word), strings.Join(names, ", "))
}

// firstWord is the first that is neither a flag nor the value of a known one.
func firstWord(args []string) string {
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--config" || args[i] == "--data" || args[i] == "--log":
			i++
		case !strings.HasPrefix(args[i], "-"):
			return args[i]
		}
	}
	return ""
}

// unknownFlag is the flag that an error of the parser speaks of.
func unknownFlag(err error) (string, bool) {
	rest, ok := strings.CutPrefix(err.Error(), "unknown flag ")
	flag, _, _ := strings.Cut(rest, ",")
	return flag, ok
}

// wrongFlag is said of a flag that there is not. Without a command the flags
// are those of the console.
func wrongFlag(app *kong.Application, command *kong.Node, flag string) string {
	help := "; `bot --help` says what there is"
	flags := app.Flags
	switch {
	case command != nil:
		help = "; `bot " + command.Name + " --help` says what it takes"
		flags = append(flags[:len(flags):len(flags)], command.Flags...)
	case app.DefaultCmd != nil:
		flags = append(flags[:len(flags):len(flags)], app.DefaultCmd.Flags...)
	}
	var names []string
	for _, f := range flags {
		names = append(names, f.Name)
	}
	text := "unknown flag " + short(flag)
	if name, long := strings.CutPrefix(flag, "--"); long {
		if best, ok := nearest(name, names); ok {
			text += fmt.Sprintf(", did you mean %q?", "--"+best)
		}
	}
	return text + help
}
