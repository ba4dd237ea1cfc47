package main

import (
	"bytes"
	"io"
	"log/slog"

	"github.com/synthoperator/baton/internal/redact"
)

// logger logs to standard error, without secrets.
type logger struct {
	*slog.Logger
	out *records
}

func newLogger(c LogConfig, w io.Writer) logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Level)) // checked with the configuration
	out := &records{w: w}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: redact.Attr}
	handler := slog.DiscardHandler
	switch c.Format {
	case "text":
		handler = slog.NewTextHandler(out, options)
	case "json":
		handler = slog.NewJSONHandler(out, options)
	}
	return logger{slog.New(handler), out}
}

// records writes what is logged to a stream; with raw set each ends as a terminal needs
// it while somebody talks there. It is set before anything is logged.
type records struct {
	w   io.Writer
	raw bool
}

func (l *records) Write(p []byte) (int, error) {
	if !l.raw {
		return l.w.Write(p)
	}
	if _, err := l.w.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(p), nil
}
