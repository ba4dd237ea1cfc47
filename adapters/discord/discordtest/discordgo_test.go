package discordtest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// toFake sends what discordgo addresses to Discord to the fake.
type toFake struct{ server *discordtest.Server }

func (f toFake) RoundTrip(r *http.Request) (*http.Response, error) {
	base, err := url.Parse(f.server.URL())
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = base.Scheme, base.Host, base.Host
	return f.server.Client().Transport.RoundTrip(r)
}

func (w *town) discordgo() *discordgo.Session {
	w.Helper()
	s, err := discordgo.New("Bot " + w.app.Token)
	if err != nil {
		w.Fatal(err)
	}
	s.Client = &http.Client{Transport: toFake{w.server}}
	s.SyncEvents = true
	s.Identify.Intents = discordgo.IntentGuilds | discordgo.IntentGuildMessages
	return s
}

// answering is a bot on discordgo that does as it is told by the subcommand.
func answering(s *discordgo.Session, failed chan<- error) func(*discordgo.Session, *discordgo.InteractionCreate) {
	quiet := &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
	return func(_ *discordgo.Session, i *discordgo.InteractionCreate) {
		var err error
		switch i.Type {
		case discordgo.InteractionApplicationCommandAutocomplete:
			err = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: 8, Data: &discordgo.InteractionResponseData{
				Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: "startup-cto", Value: "startup-cto"}},
			}})
		case discordgo.InteractionMessageComponent:
			err = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: 7, Data: &discordgo.InteractionResponseData{
				Content: "pressed " + i.MessageComponentData().CustomID, AllowedMentions: quiet, Components: []discordgo.MessageComponent{},
			}})
		case discordgo.InteractionModalSubmit:
			row := i.ModalSubmitData().Components[0].(*discordgo.ActionsRow)
			err = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: 4, Data: &discordgo.InteractionResponseData{
				Content: row.Components[0].(*discordgo.TextInput).Value, Flags: 64, AllowedMentions: quiet,
			}})
		case discordgo.InteractionApplicationCommand:
			err = answer(s, i, quiet)
		}
		failed <- err
	}
}

func answer(s *discordgo.Session, i *discordgo.InteractionCreate, quiet *discordgo.MessageAllowedMentions) error {
	switch i.ApplicationCommandData().Options[0].Name {
	case "note":
		return s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: 9, Data: &discordgo.InteractionResponseData{
			CustomID: "note", Title: "Note", Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
				discordgo.TextInput{CustomID: "text", Label: "Text", Style: discordgo.TextInputShort, Required: true},
			}}},
		}})
	case "assign":
		return s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: 4, Data: &discordgo.InteractionResponseData{
			Content: "Approve?", AllowedMentions: quiet, Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
				discordgo.Button{CustomID: "approve", Label: "Approve", Style: discordgo.SuccessButton},
			}}},
		}})
	}
	if err := s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: 5}); err != nil {
		return err
	}
	text := "done"
	if _, err := s.InteractionResponseEdit(i.Interaction, &discordgo.WebhookEdit{Content: &text, AllowedMentions: quiet}); err != nil {
		return err
	}
	_, err := s.FollowupMessageCreate(i.Interaction, true, &discordgo.WebhookParams{Content: "more", Flags: 64, AllowedMentions: quiet})
	return err
}

func TestDiscordgo(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	w.register()
	s := w.discordgo()
	failed := make(chan error, 100)
	s.AddHandler(answering(s, failed))
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	defer s.Close()

	told := func(i *discordtest.Interaction, err error) discordtest.Seen {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if err := <-failed; err != nil {
			t.Fatal(err)
		}
		return i.Now()
	}
	if seen := told(w.ana.Slash(w.launch, "baton persona", discordtest.Args{"name": "x"})); seen.Message.Content != "done" || !seen.FollowUps[0].Ephemeral {
		t.Errorf("ana sees %+v", seen)
	}
	if seen := told(w.ana.Autocomplete(w.launch, "baton persona", "name", "sta", nil)); len(seen.Choices) != 1 {
		t.Errorf("ana is suggested %+v", seen.Choices)
	}
	card := told(w.ana.Slash(w.launch, "baton assign", discordtest.Args{"who": w.mod})).Message
	if seen := told(w.ana.Click(*card, "Approve")); seen.State != discordtest.Updated || seen.Message.Content != "pressed approve" {
		t.Errorf("ana sees %+v", seen)
	}
	form, err := w.ana.Slash(w.launch, "baton note", nil)
	told(form, err)
	if seen := told(w.ana.Submit(form, discordtest.Values{"text": "Postgres"})); !seen.Ephemeral || seen.Message.Content != "Postgres" {
		t.Errorf("ana sees %+v", seen)
	}
	w.discordgoREST(s)
	for _, v := range w.server.Violations() {
		if v.Kind != discordtest.NoMentions { // discordgo leaves out allowed_mentions by itself.
			t.Error(v)
		}
	}
}

// discordgoREST uses threads, a forum and webhooks.
func (w *town) discordgoREST(s *discordgo.Session) {
	w.Helper()
	w.app.Join(w.guild, discordtest.Core|discordtest.ManageWebhooks)
	root, err := s.ChannelMessageSend(w.launch.ID, "the card")
	if err != nil {
		w.Fatal(err)
	}
	thread, err := s.MessageThreadStartComplex(w.launch.ID, root.ID, &discordgo.ThreadStart{Name: "launch", AutoArchiveDuration: 1440})
	if err != nil || thread.ID != root.ID {
		w.Fatalf("the thread is %v, %v", thread, err)
	}
	_, err = s.MessageThreadStart(w.launch.ID, root.ID, "again", 1440)
	if err == nil || !strings.Contains(err.Error(), "160004") {
		w.Errorf("a second thread: %v", err)
	}
	forum := w.guild.NewChannel("ideas", discordtest.Forum)
	tag := forum.NewTag("idea", false)
	if _, err := s.ForumThreadStartComplex(forum.ID, &discordgo.ThreadStart{Name: "post", AutoArchiveDuration: 60, AppliedTags: []string{tag}},
		&discordgo.MessageSend{Content: "first", Embeds: []*discordgo.MessageEmbed{{Title: "t", Fields: []*discordgo.MessageEmbedField{{Name: "a", Value: "b"}}}}}); err != nil {
		w.Error(err)
	}
	hook, err := s.WebhookCreate(w.launch.ID, "personas", "")
	if err != nil {
		w.Fatal(err)
	}
	said, err := s.WebhookThreadExecute(hook.ID, hook.Token, true, thread.ID, &discordgo.WebhookParams{Content: "hm", Username: "startup-cto"})
	if err != nil || said.Author.Username != "startup-cto" {
		w.Errorf("the webhook said %+v, %v", said, err)
	}
}

// discordgo v0.29.0 resumes at the address it identified at; the fake replays
// what was missed and keeps that it was the wrong one.
func TestDiscordgoResumes(t *testing.T) {
	w := newTown(t, discordtest.Options{})
	w.register()
	s := w.discordgo()
	failed := make(chan error, 1)
	s.AddHandler(answering(s, failed))
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w.app.DropConnections()
	if err := w.app.AwaitGone(t.Context()); err != nil {
		t.Fatal(err)
	}
	i, err := w.ana.Slash(w.launch, "baton persona", discordtest.Args{"name": "x"})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-failed; err != nil {
		t.Fatal(err)
	}
	if seen := i.Now(); seen.State != discordtest.Replied || w.app.Identified() != 1 {
		t.Errorf("ana sees %+v; the bot identified %d times", seen, w.app.Identified())
	}
	if v := w.server.Violations(discordtest.GatewayRule); len(v) != 1 || !strings.Contains(v[0].Text, "resume_gateway_url") {
		t.Errorf("violations: %v", v)
	}
}
