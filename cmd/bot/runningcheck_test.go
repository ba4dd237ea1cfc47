package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Beside a running bot, a check says how that one's connections are: with the
// gateway alone nothing listens where its health could be asked for.
func TestCheckBesideARunningBot(t *testing.T) {
	path := filepath.Join(t.TempDir(), databaseName)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	bot := testJob(t, io.Discard)
	bot.served = &hosts{}
	here := bot.newService(bot.served, "discord", "Discord", false, "")
	bot.served.watch("discord", here.health)
	way, err := openDoorway(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	left := make(chan struct{})
	go func() {
		defer close(left)
		_ = newDoor(bot, path, nil).serve(ctx, way)
	}()
	t.Cleanup(func() {
		end()
		_ = way.Close()
		<-left
	})
	says := func(state, text string, code int) {
		t.Helper()
		c := checked{Discord: &discordChecked{}}
		c.running(testJob(t, io.Discard), path)
		if all := c.Discord.Checks; len(all) != 1 || all[0].State != state || !strings.Contains(all[0].Detail, text) || c.platformCode() != code {
			t.Errorf("%+v, %q", all, c.Database.What)
		}
	}
	says(checkNoted, "not connected to Discord yet: starting", exitDone)
	here.health.set(true, "connected to Discord")
	says(checkReady, "connected to Discord", exitDone)
	here.health.set(false, "Discord does not accept Baton's token any more")
	says(checkWrong, "Discord does not accept Baton's token any more", exitFailed)

	bot.served = nil // one that serves nothing
	c := checked{Discord: &discordChecked{}}
	c.running(testJob(t, io.Discard), path)
	if len(c.Discord.Checks) != 0 || c.Database.What != "" {
		t.Errorf("%+v, %q", c.Discord.Checks, c.Database.What)
	}
	if c.running(testJob(t, io.Discard), path+"x"); !strings.Contains(c.Database.What, "does not say how its connections are") {
		t.Errorf("%q", c.Database.What)
	}
}
