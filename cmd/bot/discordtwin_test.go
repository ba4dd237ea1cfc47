package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/discord"
	"github.com/synthoperator/baton/chat"
)

// A second Baton with the same token is noticed by what it says: the one with the
// greater name says nothing for as long as it hears the other, and then goes on.
func TestASecondBatonIsHeardInDiscord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(monday))
		h := openHall(t, discord.Gateway, false)
		options := h.served.options(h.parts)
		options.Client, options.Health, options.Heard = h.Client(), nil, nil
		second, err := discord.New(options)
		if err != nil {
			t.Fatal(err)
		}
		in, err := chat.NewThread(discord.Platform, h.guild.ID, h.launch.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		// No name is smaller than one of 2's only.
		if _, err := second.Post(t.Context(), chat.Post{Key: strings.Repeat("2", 26), To: in, Body: chat.Message{Title: "I am Baton"}}); err != nil {
			t.Fatal(err)
		}
		h.settle()
		h.types("ana", h.launch, "baton start pattern:product-launch objective:Launch an invoicing tool")
		time.Sleep(50 * time.Minute)
		if n := len(h.launch.Threads()); n != 0 {
			t.Errorf("two Batons speak: there are %d threads", n)
		}
		time.Sleep(15 * time.Minute)
		h.settle()
		if n := len(h.launch.Threads()); n != 1 {
			t.Errorf("nobody speaks: there are %d threads", n)
		}
		h.close()
		h.clean()
	})
}
