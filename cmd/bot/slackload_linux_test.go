package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// slackLoad is as much of Slack as it takes to load a bot with commands, and no more:
// the strict fake looks at everything, which costs more than the bots do.
type slackLoad struct {
	api string // the address of the Web API

	connected chan struct{} // a connection was opened

	mu    sync.Mutex
	conns []*websocket.Conn
	sent  int            // commands since the start
	asked map[string]int // calls of the Web API, by method
	round *round
	stray int // acknowledgements that belong to no round
}

// round is a time in which so many commands are under way at any moment.
type round struct {
	until time.Time
	at    [inFlightMost]time.Time // when the command was sent, by its place
	open  int
	took  []time.Duration
	wrong error
	done  chan struct{}
}

// inFlightMost bounds how many commands are under way.
const inFlightMost = 256

// segment is what a loopback listener announces as its largest TCP segment. With
// loopback's own, of 64 KB, a full buffer waits for a retransmission of 213 ms.
const segment = 1460

// newLoad listens until the benchmark ends.
func newLoad(b *testing.B) *slackLoad {
	b.Helper()
	l := &slackLoad{connected: make(chan struct{}, 100), asked: map[string]int{}}
	config := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		var wrong error
		err := c.Control(func(fd uintptr) {
			wrong = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, segment)
		})
		return errors.Join(err, wrong)
	}}
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	l.api = "http://" + listener.Addr().String() + "/api/"
	server := &http.Server{Handler: l, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	b.Cleanup(func() {
		_ = server.Close()
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, c := range l.conns {
			_ = c.Close()
		}
	})
	return l
}

// ServeHTTP answers the Web API, and opens connections of Socket Mode.
func (l *slackLoad) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/link" {
		l.connect(w, r)
		return
	}
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	l.mu.Lock()
	l.asked[method]++
	l.mu.Unlock()
	answer := map[string]any{"ok": true}
	switch method {
	case "apps.connections.open":
		answer["url"] = "ws://" + r.Host + "/link?ticket=1&app_id=A1"
	case "auth.test":
		w.Header().Set("X-Oauth-Scopes", strings.Join(theScopes, ","))
		answer["url"], answer["team"], answer["team_id"] = "https://acme.slack.com/", "acme", "T1"
		answer["user"], answer["user_id"], answer["bot_id"] = "baton", "U0", "B1"
	case "users.info":
		id := r.FormValue("user")
		answer["user"] = map[string]any{"id": id, "name": id, "real_name": "Ana " + id, "profile": map[string]any{"display_name": "ana-" + id}}
	case "chat.postMessage":
		answer["channel"], answer["ts"] = r.FormValue("channel"), fmt.Sprintf("%d.000100", time.Now().Unix())
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(answer)
}

// pingEach is how often a connection is pinged; clients end one that is silent.
const pingEach = 5 * time.Second

func (l *slackLoad) connect(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	c, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	hello := `{"type":"hello","num_connections":1,"connection_info":{"app_id":"A1"},"debug_info":{"host":"h","build_number":1,"approximate_connection_time":3600}}`
	if c.WriteMessage(websocket.TextMessage, []byte(hello)) != nil {
		return
	}
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		for t := time.NewTicker(pingEach); ; {
			select {
			case <-t.C:
				_ = c.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(pingEach))
			case <-ended:
				t.Stop()
				return
			}
		}
	}()
	l.mu.Lock()
	l.conns = append(l.conns, c)
	l.mu.Unlock()
	l.connected <- struct{}{}
	for {
		_, data, err := c.ReadMessage()
		if err != nil {
			l.mu.Lock()
			l.conns = slices.DeleteFunc(l.conns, func(o *websocket.Conn) bool { return o == c })
			l.mu.Unlock()
			return
		}
		l.acknowledged(data)
	}
}

// drive keeps so many commands under way for that long, and waits for the last.
func (l *slackLoad) drive(inFlight int, length time.Duration) ([]time.Duration, error) {
	r := &round{until: time.Now().Add(length), open: inFlight, done: make(chan struct{}), took: make([]time.Duration, 0, 1<<14)}
	l.mu.Lock()
	l.round = r
	for place := range inFlight {
		l.send(place)
	}
	l.mu.Unlock()
	select {
	case <-r.done:
		return r.took, r.wrong
	case <-time.After(length + patience):
		return nil, errors.New("some commands were never acknowledged")
	}
}

// acknowledged takes an acknowledgement and sends the next command in its place.
func (l *slackLoad) acknowledged(data []byte) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.round
	place, wrong := placeOf(data)
	if r == nil || wrong == nil && r.at[place].IsZero() {
		l.stray++
		return
	}
	if wrong != nil {
		r.wrong = wrong
		place = 0
	}
	r.took = append(r.took, now.Sub(r.at[place]))
	r.at[place] = time.Time{}
	if wrong == nil && now.Before(r.until) {
		l.send(place)
		return
	}
	if r.open--; r.open == 0 || wrong != nil {
		l.round = nil
		close(r.done)
	}
}

// placeOf is the place of an acknowledged command. It says the persona that was
// set, or else the command was not done.
func placeOf(data []byte) (int, error) {
	const before = `"envelope_id":"` + envelopeID
	i := bytes.Index(data, []byte(before))
	if i < 0 || len(data) < i+len(before)+placeDigits {
		return 0, fmt.Errorf("no acknowledgement: %.300s", data)
	}
	place, err := strconv.Atoi(string(data[i+len(before) : i+len(before)+placeDigits]))
	if err != nil || place >= inFlightMost {
		return 0, fmt.Errorf("an acknowledgement of something else: %.300s", data)
	}
	for _, name := range benchPersonas {
		if bytes.Contains(data, []byte(name)) {
			return place, nil
		}
	}
	return 0, fmt.Errorf("not the answer to a command: %.300s", data)
}

// The commands: each sets the persona of one of 64 channels, the two by turns.
const (
	envelopeID    = "3f2a7c1e-8b4d-4e6f-9a0b-000000000" // and its place
	placeDigits   = 3
	benchChannels = 64
)

var benchPersonas = [...]string{"startup-cto", "growth-marketer"}

// send sends the next command. l.mu is held.
func (l *slackLoad) send(place int) {
	n := l.sent
	l.sent++
	channel := n % benchChannels
	text := "persona " + benchPersonas[n/benchChannels%2]
	envelope := fmt.Appendf(make([]byte, 0, 1024), `{"envelope_id":"`+envelopeID+`%03d","payload":{"token":"9b1Tg0oTWWfRGrnbGpVwTJtT",`+
		`"team_id":"T1","team_domain":"acme","channel_id":"C%04d","channel_name":"launch-%d","user_id":"U%04d","user_name":"ana%d",`+
		`"command":"/baton","text":"%s","api_app_id":"A1","is_enterprise_install":"false",`+
		`"response_url":"https://hooks.slack.com/commands/T1/1234567890%08d/AbCdEfGhIjKlMnOpQrStUvWx",`+
		`"trigger_id":"1234567890123.9876543210.%032x"},"type":"slash_commands","accepts_response_payload":true}`,
		place, channel, channel, channel, channel, text, n, n)
	c := l.conns[n%len(l.conns)]
	l.round.at[place] = time.Now()
	if err := c.WriteMessage(websocket.TextMessage, envelope); err != nil {
		l.round.wrong = err
	}
}

// calls are the calls of the Web API since the start, in words.
func (l *slackLoad) calls() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, method := range slices.Sorted(maps.Keys(l.asked)) {
		all = append(all, fmt.Sprintf("%s %d", method, l.asked[method]))
	}
	return strings.Join(all, ", ")
}

// left waits until no connection is open, so that the next one is another bot's.
func (l *slackLoad) left(b *testing.B) {
	b.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		l.mu.Lock()
		n := len(l.conns)
		l.mu.Unlock()
		if n == 0 {
			for len(l.connected) > 0 {
				<-l.connected
			}
			return
		}
	}
	b.Fatal("a connection stays open")
}
