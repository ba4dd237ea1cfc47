package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/state"
)

// installed looks at the workspaces that installed the app, which are kept with the
// log. Whoever holds that looks, so that it works beside a running bot.
func (s *slackChecked) installed(j *job) {
	var found platformChecks
	out, err := j.print(request{Do: "installs", JSON: true})
	if err == nil {
		err = json.Unmarshal(out, &found)
	}
	if err != nil {
		s.Checks.add("installations", checkNoted, "which workspaces installed the app cannot be seen: "+sentence(err), "")
		return
	}
	s.Checks = append(s.Checks, found...)
}

// printInstalls prints what [slackChecked.installed] reads. No token is among it.
func (j *job) printInstalls(st *state.Store) error {
	s := slackChecked{Checks: platformChecks{}}
	tokens, _ := slackTokensOf(j.config.Slack)
	if seal, err := newSealer(tokens.key); err != nil {
		s.Checks.add("installations", checkUnset, err.Error(), "")
	} else {
		all := &installs{store: st, seal: seal}
		if err := s.installs(j, all, j.config.Slack); err != nil {
			return err
		}
	}
	return printJSON(j.out, s.Checks)
}

// installs asks Slack about each installation.
func (s *slackChecked) installs(ctx context.Context, all *installs, c SlackConfig) error {
	ask := slack.Inspector{APIURL: c.APIURL}
	any := false
	err := all.each(ctx, func(row string, kept installed) error {
		any = true
		where := "workspace " + kept.Team
		if kept.Team == "" {
			where = "organisation " + kept.Enterprise
		}
		since := "installed " + kept.At.UTC().Format("2 Jan 2006")
		if kept.By != "" {
			since += " by " + kept.By
		}
		if len(kept.Sealed) == 0 {
			s.Checks.add("installations", checkNoted, fmt.Sprintf("%s took the app out on %s", where, kept.Revoked.UTC().Format("2 Jan 2006")), "what was recorded there is kept; "+c.PublicURL+slack.InstallPath+" installs it again")
			return nil
		}
		in, err := all.unseal(row, kept)
		if err != nil {
			s.Checks.add("installations", checkWrong, where+", "+since+": its token cannot be read", "set "+encryptionKey+" to the key of then, or install the app there again")
			return nil //nolint:nilerr // it is told
		}
		s.works(ctx, ask, c, where, since, in)
		return nil
	})
	if err == nil && !any {
		s.Checks.add("installations", checkNoted, "no workspace has installed the app yet", "open "+strings.TrimSuffix(c.PublicURL, "/")+slack.InstallPath)
	}
	return err
}

// works asks Slack whether an installation works and what it lacks.
func (s *slackChecked) works(ctx context.Context, ask slack.Inspector, c SlackConfig, where, since string, in slack.Install) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	id, err := ask.Identify(ctx, in.Token)
	if err != nil {
		remedy := remedyFor(err, "install the app there again: "+strings.TrimSuffix(c.PublicURL, "/")+slack.InstallPath)
		if errors.Is(err, context.Canceled) {
			remedy = ""
		}
		s.Checks.add("installations", checkWrong, failed("the installation in "+where, err), remedy)
		return
	}
	s.Checks.add("installations", checkReady, fmt.Sprintf("%s (%s), %s, as @%s", where, cmp.Or(id.TeamName, "no name"), since, id.BotName), "")
	for _, text := range slack.Missing(id.Scopes, c.Features...) {
		what, remedy, _ := strings.Cut(text, "; ")
		s.Checks.add("scopes", checkWrong, where+": "+what, remedy)
	}
}
