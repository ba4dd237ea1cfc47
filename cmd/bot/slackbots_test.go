package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strings"

	"github.com/gorilla/websocket"
	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	bbolt "go.etcd.io/bbolt"
)

// slackGoBot is the least bot that keeps what it is told: slack-go's own client,
// and one transaction per command in the database that is its argument. It is a
// program of its own, see TestMain.
func slackGoBot() {
	db, err := bbolt.Open(os.Args[1], 0o600, nil)
	orExit(err)
	personas := []byte("personas")
	orExit(db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(personas)
		return err
	}))
	client := socketmode.New(slackgo.New(os.Getenv(slackBotToken), slackgo.OptionAppLevelToken(os.Getenv(slackAppToken)),
		slackgo.OptionAPIURL(os.Getenv("SLACK_API_URL"))))
	go func() { orExit(client.RunContext(context.Background())) }()
	for event := range client.Events {
		command, ok := event.Data.(slackgo.SlashCommand)
		if !ok {
			continue
		}
		_, name, _ := strings.Cut(command.Text, " ")
		orExit(db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(personas).Put([]byte(command.ChannelID), []byte(name)) }))
		orExit(client.Ack(*event.Request, map[string]string{
			"response_type": "in_channel", "text": "Sessions in this channel think as " + name + " from now on.",
		}))
	}
}

// echoBot acknowledges and does nothing else: what is left is what the load
// itself costs.
func echoBot() {
	api := slackgo.New("", slackgo.OptionAppLevelToken(os.Getenv(slackAppToken)), slackgo.OptionAPIURL(os.Getenv("SLACK_API_URL")))
	_, address, err := api.StartSocketModeContext(context.Background())
	orExit(err)
	ws, answer, err := websocket.DefaultDialer.Dial(address, nil)
	orExit(err)
	defer answer.Body.Close()
	for {
		_, data, err := ws.ReadMessage()
		orExit(err)
		_, rest, ok := strings.Cut(string(data), `"envelope_id":"`)
		if !ok {
			continue
		}
		id, _, _ := strings.Cut(rest, `"`)
		_, text, _ := strings.Cut(rest, `"text":"persona `)
		name, _, _ := strings.Cut(text, `"`)
		orExit(ws.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"envelope_id":%q,"payload":{"text":%q}}`, id, name)))
	}
}

// profiledBot is Baton, which leaves profiles in the folder that is its argument.
func profiledBot() {
	cpu, err := os.Create(filepath.Join(os.Args[1], "cpu.pprof"))
	orExit(err)
	orExit(pprof.StartCPUProfile(cpu))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := execute(ctx, os.Args[2:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	pprof.StopCPUProfile()
	orExit(cpu.Close())
	heap, err := os.Create(filepath.Join(os.Args[1], "heap.pprof"))
	orExit(err)
	orExit(errors.Join(pprof.Lookup("allocs").WriteTo(heap, 0), heap.Close()))
	os.Exit(code)
}

// orExit ends a program of its own.
func orExit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitFailed)
	}
}
