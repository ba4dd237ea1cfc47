package slack

import (
	"context"
	"fmt"
	"log/slog"
)

// gone forgets an installation whose token is dead, after Slack told of it by
// app_uninstalled or tokens_revoked. What was recorded stays. The event alone is
// not believed: it may come late, when the app was installed again, or concern
// one workspace of an organisation that still has it. An error says that nobody
// knows yet; the event is then to be delivered again.
func gone(ctx context.Context, ask Inspector, all Installs, log *slog.Logger, enterprise, team, event string) error {
	in, ok, err := all.Find(ctx, enterprise, team)
	if err != nil || !ok {
		return err
	}
	_, err = ask.Identify(ctx, in.Token)
	switch {
	case err == nil:
		log.Info("the installation still works, so it is kept", "event", event, "enterprise", enterprise, "team", team)
		return nil
	case !Dead(err):
		return fmt.Errorf("ask whether the installation still works after %s: %w", event, err)
	}
	if err := all.Remove(ctx, in.Enterprise, in.Team); err != nil {
		return fmt.Errorf("forget an installation: %w", err)
	}
	log.Warn("the app was uninstalled: Baton stops working there and keeps what was recorded", "event", event, "enterprise", in.Enterprise, "team", in.Team)
	return nil
}
