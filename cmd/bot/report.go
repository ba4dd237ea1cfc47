package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/synthoperator/baton/internal/redact"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// The exit codes.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2 // wrong usage or configuration
	exitDamaged = 3 // the state is damaged or newer than this release
)

// exitCode is what an error ends the program with.
func exitCode(err error) int {
	var usage usageError
	var config ConfigError
	var newer *state.NewerSchema
	var bad damage
	var unknown *state.UnknownEvent
	var printed ended
	var told *answered
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &printed):
		return printed.code
	case errors.As(err, &told):
		return told.code
	case errors.As(err, &usage), errors.As(err, &config):
		return exitUsage
	case errors.As(err, &newer), errors.As(err, &bad), errors.As(err, &unknown), errors.Is(err, state.ErrDamaged):
		return exitDamaged
	}
	return exitFailed
}

// damage says that a database cannot be trusted.
type damage struct{ error }

func (d damage) Unwrap() error { return d.error }

// ended is a failure whose words were printed already, with its exit code.
type ended struct{ code int }

func (e ended) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// failure is an error as JSON.
type failure struct {
	Error    string    `json:"error"`
	Code     int       `json:"code"` // the exit code
	Problems []Problem `json:"problems,omitempty"`
}

// report prints an error and returns the exit code.
func report(s streams, asJSON bool, err error) int {
	code := exitCode(err)
	var printed ended
	if err == nil || errors.As(err, &printed) {
		return code
	}
	text := redact.Text(sentence(err))
	if asJSON {
		f := failure{Error: text, Code: code}
		var config ConfigError
		if errors.As(err, &config) {
			f.Problems = config.Problems
		}
		_ = printJSON(s.out, f)
	}
	for _, line := range strings.Split(text, "\n") {
		fmt.Fprintln(s.err, "bot: "+line)
	}
	return code
}

// sentence is an error as a person reads it, with what to do instead.
func sentence(err error) string {
	var refusal orchestration.Refusal
	text := err.Error()
	if errors.Is(err, context.Canceled) {
		return "stopped before it was done"
	}
	if errors.As(err, &refusal) && len(refusal.Instead) > 0 {
		text += "; try " + strings.Join(refusal.Instead, ", or ")
	}
	return text
}

// printJSON prints one value as indented JSON.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// printLine prints one value as JSON on one line.
func printLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
