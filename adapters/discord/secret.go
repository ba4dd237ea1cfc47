package discord

import (
	"fmt"
	"io"
)

// What holds a token prints as its name, whatever the verb: in a log, an error, or
// a test that fails. Fields that are not exported are printed past their own
// methods, so that whatever holds such a thing in itself needs one too.

// Format hides the token.
func (Options) Format(s fmt.State, _ rune) { hidden(s, "Options") }

// Format hides the token.
func (*Adapter) Format(s fmt.State, _ rune) { hidden(s, "Adapter") }

// Format hides the token.
func (Inspector) Format(s fmt.State, _ rune) { hidden(s, "Inspector") }

func (hook) Format(s fmt.State, _ rune)        { hidden(s, "hook") }
func (*rest) Format(s fmt.State, _ rune)       { hidden(s, "rest") }
func (interaction) Format(s fmt.State, _ rune) { hidden(s, "interaction") }
func (request) Format(s fmt.State, _ rune)     { hidden(s, "request") }
func (*responder) Format(s fmt.State, _ rune)  { hidden(s, "responder") }

func hidden(s fmt.State, name string) { _, _ = io.WriteString(s, "discord."+name) }
