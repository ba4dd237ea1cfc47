package slack

import "log/slog"

// Adapter is Baton in Slack.
type Adapter struct {
	o Options
	outbound
}

func (a *Adapter) log() *slog.Logger {
	if a.o.Log != nil {
		return a.o.Log
	}
	return slog.New(slog.DiscardHandler)
}
