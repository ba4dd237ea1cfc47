package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// Somebody follows the guide to Discord, with the token that Discord gave them,
// and opens the link that the program prints.
func TestTheGuideToDiscordWorks(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program")
	}
	world := newDiscordWorld()
	dir := t.TempDir()
	defer func() {
		if err := (&discordHolder{world}).end(dir); err != nil {
			t.Error(err)
		}
	}()
	g := &guide{
		t: t, dir: dir, env: []string{"DISCORD_API_URL=" + world.server.URL()}, serves: "Baton serves discord over gateway: Acme (",
		tokens: strings.NewReplacer("DISCORD_BOT_TOKEN=…", "DISCORD_BOT_TOKEN="+canaryDiscord),
		ran: func(text, shown string) {
			if !strings.HasPrefix(text, "bot invite discord") {
				return
			}
			link, _, _ := strings.Cut(shown, "\n")
			if err := world.invited(link); err != nil {
				t.Fatal(err)
			}
		},
	}
	g.types = func(b block) {
		where := "launch"
		switch b.file {
		case "thread":
			where = "launch/1"
		case "post":
			where = "reviews/1"
			if _, err := world.people["ana"].OpenThread(world.places["reviews"], "Review", nil, discordtest.PublicThread); err != nil {
				t.Fatal(err)
			}
		}
		for _, line := range strings.Split(strings.TrimSpace(b.text), "\n") {
			told, err := world.types("ana", where, line)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			g.said(line, told)
		}
	}
	if ran := g.follow("../../docs/discord.md", "discord"); ran != 10 {
		t.Errorf("%d steps are in the guide", ran)
	}
	for where, want := range map[string]string{"launch": "1 decision", "reviews": "Step 1 of 4: Design, as startup-cto"} {
		if text, ok := world.shows(where, regexp.MustCompile(want)); !ok {
			t.Errorf("%s shows\n%s", where, text)
		}
	}
	g.stop()
}

// Every configuration in the guide is one.
func TestTheGuideToDiscordsConfigurationsAreTaken(t *testing.T) {
	seen := 0
	for _, b := range blocks(t, "../../docs/discord.md") {
		if b.lang != "toml" {
			continue
		}
		seen++
		if _, _, err := load(t, b.text); err != nil {
			t.Errorf("%s: %v", b.text, err)
		}
	}
	if seen != 3 {
		t.Errorf("%d configurations", seen)
	}
}

// The guide's table is what the invitation asks for.
func TestTheGuideToDiscordNamesEveryPermission(t *testing.T) {
	doc, err := os.ReadFile("../../docs/discord.md")
	if err != nil {
		t.Fatal(err)
	}
	names := func(all []discord.Permission) string {
		var out []string
		for _, p := range all {
			out = append(out, p.Name)
		}
		return strings.Join(out, ", ")
	}
	least, most := discord.Permissions(false), discord.Permissions(true)
	for row, want := range map[string]string{"(always)": names(least), "`faces`": names(most[len(least):])} {
		if !regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(row) + ` \| .* \| ` + regexp.QuoteMeta(want) + ` \|$`).Match(doc) {
			t.Errorf("%s does not take %s", row, want)
		}
	}
}
