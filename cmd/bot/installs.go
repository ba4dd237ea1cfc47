package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/synthoperator/baton/adapters/slack"
	"github.com/synthoperator/baton/state"
)

// slackRows is the name under which Slack's rows are kept with the log.
const slackRows = "slack"

// installs keeps the installations of other workspaces with the log, their
// tokens encrypted.
type installs struct {
	store *state.Store
	seal  sealer
	now   func() time.Time
}

var _ slack.Installs = (*installs)(nil)

// installed is an installation as it is kept.
type installed struct {
	Enterprise string    `json:"enterprise,omitempty"`
	Team       string    `json:"team,omitempty"`
	App        string    `json:"app"`
	BotUser    string    `json:"botUser"`
	Bot        string    `json:"bot"`
	Sealed     []byte    `json:"sealed,omitempty"` // the token; none once it was revoked
	Scopes     []string  `json:"scopes"`
	By         string    `json:"by,omitempty"`
	At         time.Time `json:"at"`
	Revoked    time.Time `json:"revoked,omitzero"`
}

// Rows of installations. Ids of workspaces begin with T, of organisations with E.
const (
	installRow = "install "
	homeRow    = "home "  // the organisation of a workspace
	sealRow    = "m seal" // holds what only the right key opens
	sealText   = "baton"
)

// rowOf is where an installation is kept: a workspace's under its own id, so
// that it is found whether or not its organisation is named.
func rowOf(enterprise, team string) string {
	if team != "" {
		return installRow + "team " + team
	}
	return installRow + "org " + enterprise
}

// openInstalls reads what is kept, and refuses a key that is not the one it was
// encrypted with.
func openInstalls(ctx context.Context, st *state.Store, seal sealer, now func() time.Time) (*installs, error) {
	err := st.Own(ctx, slackRows, func(tx *state.FollowTx) error {
		kept, ok, err := tx.Get(sealRow)
		if err != nil {
			return err
		}
		if !ok {
			tx.Put(sealRow, seal.seal(sealText, sealRow))
			return nil
		}
		if text, err := seal.open(kept, sealRow); err != nil || text != sealText {
			return usageError{fmt.Errorf("the tokens in this database were encrypted with another key than %s holds; set the key of then. If it is lost, every workspace has to install the app again on a new database", encryptionKey)}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &installs{st, seal, now}, nil
}

// Find is the installation of a workspace, else of its organisation: the one
// that is named, or was named with the workspace before. What Baton says by
// itself knows only the workspace.
func (i *installs) Find(ctx context.Context, enterprise, team string) (in slack.Install, ok bool, err error) {
	err = i.store.Own(ctx, slackRows, func(tx *state.FollowTx) error {
		if in, ok, err = i.find(tx, rowOf("", team)); ok || err != nil {
			return err
		}
		home := enterprise
		known, _, err := tx.Get(homeRow + team)
		if err != nil {
			return err
		}
		if home == "" {
			home = string(known)
		}
		if in, ok, err = i.find(tx, rowOf(home, "")); err == nil && ok && team != "" && home != string(known) {
			tx.Put(homeRow+team, []byte(home))
		}
		return err
	})
	return in, ok, err
}

// find reads one row; nothing where none is named.
func (i *installs) find(tx *state.FollowTx, row string) (in slack.Install, ok bool, err error) {
	if row == rowOf("", "") {
		return in, false, nil
	}
	data, there, err := tx.Get(row)
	if err != nil {
		return in, false, err
	}
	kept, err := readInstall(row, data, there)
	if err != nil || len(kept.Sealed) == 0 {
		return in, false, err
	}
	in, err = i.unseal(row, kept)
	return in, err == nil, err
}

// Put keeps an installation in place of an earlier one.
func (i *installs) Put(ctx context.Context, in slack.Install) error {
	if in.Team == "" && in.Enterprise == "" || in.Token == "" {
		return errors.New("an installation of no workspace, or without a token")
	}
	row := rowOf(in.Enterprise, in.Team)
	data, err := json.Marshal(installed{
		Enterprise: in.Enterprise, Team: in.Team, App: in.App, BotUser: in.BotUser, Bot: in.Bot,
		Sealed: i.seal.seal(string(in.Token), row), Scopes: in.Scopes, By: in.By, At: i.now().UTC(),
	})
	if err != nil {
		return fmt.Errorf("keep an installation: %w", err)
	}
	return i.store.Own(ctx, slackRows, func(tx *state.FollowTx) error {
		tx.Put(row, data)
		return nil
	})
}

// Remove forgets a token; who had installed the app stays known.
func (i *installs) Remove(ctx context.Context, enterprise, team string) error {
	row := rowOf(enterprise, team)
	return i.store.Own(ctx, slackRows, func(tx *state.FollowTx) error {
		data, there, err := tx.Get(row)
		if err != nil || !there {
			return err
		}
		kept, err := readInstall(row, data, there)
		if err != nil {
			return err
		}
		if kept.Sealed == nil {
			return nil
		}
		kept.Sealed, kept.Revoked = nil, i.now().UTC()
		if data, err = json.Marshal(kept); err != nil {
			return fmt.Errorf("forget a token: %w", err)
		}
		tx.Put(row, data)
		return nil
	})
}

// All are the installations that work.
func (i *installs) All(ctx context.Context) (all []slack.Install, err error) {
	err = i.each(ctx, func(row string, kept installed) error {
		if len(kept.Sealed) == 0 {
			return nil
		}
		in, err := i.unseal(row, kept)
		if err == nil {
			all = append(all, in)
		}
		return err
	})
	return all, err
}

// each hands over every row, those of installations that do not work any more
// included.
func (i *installs) each(ctx context.Context, fn func(row string, kept installed) error) error {
	const atOnce = 200
	var all []state.Row
	err := i.store.Own(ctx, slackRows, func(tx *state.FollowTx) error {
		all = nil
		for after := ""; ; {
			rows, err := tx.List(installRow, after, atOnce)
			if err != nil {
				return err
			}
			if all = append(all, rows...); len(rows) < atOnce {
				return nil
			}
			after = rows[len(rows)-1].Key
		}
	})
	if err != nil {
		return err
	}
	for _, row := range all {
		kept, err := readInstall(row.Key, row.Value, true)
		if err != nil {
			return err
		}
		if err := fn(row.Key, kept); err != nil {
			return err
		}
	}
	return nil
}

func readInstall(row string, data []byte, there bool) (kept installed, err error) {
	if !there {
		return kept, nil
	}
	if err := json.Unmarshal(data, &kept); err != nil {
		return kept, fmt.Errorf("read the %s: %w", row, err)
	}
	return kept, nil
}

// unseal reads the token, which opens only in the row it was sealed for.
func (i *installs) unseal(row string, kept installed) (slack.Install, error) {
	token, err := i.seal.open(kept.Sealed, row)
	if err != nil || rowOf(kept.Enterprise, kept.Team) != row {
		return slack.Install{}, fmt.Errorf("the token of the %s cannot be read: %w; the workspace has to install the app again", row, errSealed)
	}
	return slack.Install{
		Enterprise: kept.Enterprise, Team: kept.Team, App: kept.App, BotUser: kept.BotUser, Bot: kept.Bot,
		Token: slack.Secret(token), Scopes: kept.Scopes, By: kept.By,
	}, nil
}
