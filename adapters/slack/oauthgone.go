package slack

import (
	"context"
	"fmt"
	"log/slog"
)

// uninstalled is for app_uninstalled and tokens_revoked. An error says that
// nobody knows yet whether it holds; the event is then to be delivered again.
func (a *Adapter) uninstalled(ctx context.Context, enterprise, team string) error {
	return gone(ctx, Inspector{a.o.APIURL, a.o.Client}, a.o.Installs, a.o.Log, enterprise, team)
}

// gone forgets an installation whose token is dead; what was recorded stays.
// Slack's word alone is not believed: it may come late, when the app was installed
// again, or concern one workspace of an organisation that still has it.
func gone(ctx context.Context, ask Inspector, all Installs, log *slog.Logger, enterprise, team string) error {
	in, ok, err := all.Find(ctx, enterprise, team)
	if err != nil || !ok {
		return err
	}
	_, err = ask.Identify(ctx, in.Token)
	switch {
	case err == nil:
		log.Info("the installation still works, so it is kept", "enterprise", enterprise, "team", team)
		return nil
	case !Dead(err):
		return fmt.Errorf("ask whether the installation still works: %w", err)
	}
	if err := all.Remove(ctx, in.Enterprise, in.Team); err != nil {
		return fmt.Errorf("forget an installation: %w", err)
	}
	log.Warn("the app was uninstalled: Baton stops working there and keeps what was recorded", "enterprise", in.Enterprise, "team", in.Team)
	return nil
}
