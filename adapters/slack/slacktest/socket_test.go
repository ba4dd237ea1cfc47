package slacktest_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/slack/slacktest"
)

// bubble runs a story in fake time.
func bubble(t *testing.T, opts slacktest.Options, story func(t *testing.T, w *world)) {
	t.Helper()
	opts.Pipe = true
	synctest.Test(t, func(t *testing.T) { story(t, newWorld(t, opts)) })
}

// rules are the rules of violations, once each.
func rules(v []slacktest.Violation) string {
	var names []string
	for _, one := range v {
		names = append(names, one.Rule)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}

func TestEventsComeAgain(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		b := connect(t, w, func(envelope) any { return silence{} })
		start := time.Now()
		said := w.ana.Mention(w.launch, "", w.bot, "hello")
		time.Sleep(10 * time.Minute)
		d := said.Deliveries()[0]
		var gaps []time.Duration
		for _, a := range d.Attempts {
			gaps = append(gaps, a.At.Sub(start))
		}
		// At once is after the three seconds, then one and five minutes after the next.
		want := []time.Duration{0, 3 * time.Second, 66 * time.Second, 369 * time.Second}
		if !slices.Equal(gaps, want) || d.Acked || !d.GaveUp {
			t.Errorf("attempts after %v, want %v; %+v", gaps, want, d)
		}
		for _, e := range b.envelopes() {
			if e.Type == "events_api" && e.Attempt > 0 && e.Why != "timeout" {
				t.Errorf("retry %d because of %q", e.Attempt, e.Why)
			}
		}
		b.close()
	})
}

func TestCommandsComeOnce(t *testing.T) {
	for _, again := range []bool{false, true} {
		bubble(t, slacktest.Options{RetryCommands: again}, func(t *testing.T, w *world) {
			b := connect(t, w, func(envelope) any { return silence{} })
			seen := w.ana.Slash(w.launch, "/baton", "status")
			if !seen.TimedOut {
				t.Error("no operation_timeout")
			}
			time.Sleep(time.Hour)
			if n := len(seen.Delivery().Attempts); n != map[bool]int{false: 1, true: 2}[again] {
				t.Errorf("%d attempts", n)
			}
			b.close()
		})
	}
}

func TestAcknowledgements(t *testing.T) {
	rows := []struct {
		name string
		ack  func(b *bot, e envelope)
		want string
	}{
		{"plain", func(b *bot, e envelope) { b.ws.WriteJSON(map[string]any{"envelope_id": e.ID}) }, ""},
		{"empty payload", func(b *bot, e envelope) {
			b.ws.WriteJSON(map[string]any{"envelope_id": e.ID, "payload": map[string]any{}})
		}, ""},
		{"twice", func(b *bot, e envelope) {
			b.ws.WriteJSON(map[string]any{"envelope_id": e.ID})
			b.ws.WriteJSON(map[string]any{"envelope_id": e.ID})
		}, "ack"},
		{"late", func(b *bot, e envelope) {
			time.Sleep(3*time.Second + time.Millisecond)
			b.ws.WriteJSON(map[string]any{"envelope_id": e.ID})
		}, "ack"},
		{"just in time", func(b *bot, e envelope) {
			time.Sleep(3*time.Second - time.Millisecond)
			b.ws.WriteJSON(map[string]any{"envelope_id": e.ID})
		}, ""},
		{"too large", func(b *bot, e envelope) {
			b.ws.WriteJSON(map[string]any{"envelope_id": e.ID, "payload": map[string]any{"text": strings.Repeat("x", 20480)}})
		}, "ack"},
		{"of nothing", func(b *bot, e envelope) { b.ws.WriteJSON(map[string]any{"envelope_id": "x"}) }, "ack"},
		{"no JSON", func(b *bot, e envelope) { b.ws.WriteMessage(1, []byte("ok")) }, "frame"},
		{"with blocks that are wrong", func(b *bot, e envelope) {
			b.ws.WriteJSON(map[string]any{"envelope_id": e.ID, "payload": map[string]any{"blocks": []any{map[string]any{"type": "x"}}}})
		}, "acknowledgement of a command"},
		{"with what is no message", func(b *bot, e envelope) {
			b.ws.WriteJSON(map[string]any{"envelope_id": e.ID, "payload": map[string]any{"text": "x", "ok": true}})
		}, "acknowledgement of a command"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
				var b *bot
				b = connect(t, w, func(e envelope) any { row.ack(b, e); return silence{} })
				w.ana.Slash(w.launch, "/baton", "status")
				time.Sleep(time.Second)
				b.close()
				if got := rules(w.TakeViolations()); got != row.want {
					t.Errorf("violations %q, want %q", got, row.want)
				}
			})
		})
	}
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		b := connect(t, w, func(envelope) any { return map[string]any{"text": "nobody asked"} })
		w.ana.Mention(w.launch, "", w.bot, "hello")
		time.Sleep(time.Second)
		b.close()
		if got := rules(w.TakeViolations()); got != "ack" {
			t.Errorf("a payload for an event: violations %q", got)
		}
	})
}

func TestConnections(t *testing.T) {
	bubble(t, slacktest.Options{Unlimited: true}, func(t *testing.T, w *world) {
		var all []*bot
		for range 10 {
			all = append(all, connect(t, w))
		}
		opened := w.call(t, w.app.Token, "apps.connections.open")["url"].(string)
		ws, err := dial(w, opened)
		if err != nil {
			t.Fatal(err)
		}
		var e envelope
		if ws.ReadJSON(&e); e.Type != "disconnect" || e.Reason != "too_many_websockets" {
			t.Errorf("the eleventh got %+v", e)
		}
		ws.Close()
		if _, err := dial(w, opened); err == nil {
			t.Error("a ticket works twice")
		}
		if got := rules(w.TakeViolations()); got != "ticket too_many_websockets" {
			t.Errorf("violations %q", got)
		}
		w.app.LinkDisabled()
		time.Sleep(time.Second)
		for _, b := range all {
			<-b.done
		}
		if got := w.call(t, w.app.Token, "apps.connections.open"); got["ok"] != false {
			t.Error("a ticket after link_disabled")
		}
		if got := rules(w.TakeViolations()); got != "socket_mode_not_enabled" {
			t.Errorf("violations %q", got)
		}
	})
}

// A connection that was warned is used for ten more seconds, and then ends.
func TestWarning(t *testing.T) {
	bubble(t, slacktest.Options{Pick: slacktest.Oldest}, func(t *testing.T, w *world) {
		first, second := connect(t, w), connect(t, w)
		w.app.Conns()[0].Disconnect("warning")
		time.Sleep(9 * time.Second)
		w.ana.Slash(w.launch, "/baton", "one")
		time.Sleep(2 * time.Second)
		w.ana.Slash(w.launch, "/baton", "two")
		if n := len(first.envelopes()); n != 2 || first.envelopes()[0].Reason != "warning" {
			t.Errorf("the old connection got %+v", first.envelopes())
		}
		if n := len(second.envelopes()); n != 1 {
			t.Errorf("the new connection got %d", n)
		}
		<-first.done
		second.close()
	})
}

func TestHalfOpenAndStall(t *testing.T) {
	bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
		b := connect(t, w)
		pinged := make(chan string, 100)
		b.ws.SetPongHandler(func(s string) error { pinged <- s; return nil })
		_ = b.ws.WriteControl(9, []byte("a"), time.Now().Add(time.Second))
		synctest.Wait()
		if len(pinged) != 1 {
			t.Error("a ping of the client was not answered")
		}
		c := w.app.Conns()[0]
		resume := c.Stall()
		_ = b.ws.WriteControl(9, []byte("b"), time.Now().Add(time.Second))
		synctest.Wait()
		if len(pinged) != 1 {
			t.Error("a stalled connection answers")
		}
		resume()
		synctest.Wait()
		if len(pinged) != 2 {
			t.Error("what waited was lost")
		}
		c.HalfOpen()
		_ = b.ws.WriteControl(9, []byte("c"), time.Now().Add(time.Second))
		if seen := w.ana.Slash(w.launch, "/baton", "x"); !seen.TimedOut || len(b.envelopes()) != 0 {
			t.Error("something got through")
		}
		if len(pinged) != 2 {
			t.Error("a dead connection answers")
		}
		b.close()
	})
}

func TestOmens(t *testing.T) {
	count := func(o slacktest.Omen) (got int, ids, events int) {
		bubble(t, slacktest.Options{}, func(t *testing.T, w *world) {
			b := connect(t, w)
			w.app.Next(o)
			w.team.Channel("C7", "talk").Join("UBOT")
			w.bot.Emit(w.team, map[string]any{"type": "app_mention", "text": "x"})
			time.Sleep(time.Minute)
			envelopes, inner := map[string]bool{}, map[string]bool{}
			for _, e := range b.envelopes() {
				got++
				envelopes[e.ID] = true
				inner[e.Payload["event_id"].(string)] = true
			}
			ids, events = len(envelopes), len(inner)
			b.close()
		})
		return got, ids, events
	}
	for _, row := range []struct {
		name string
		omen slacktest.Omen
		want [3]int
	}{
		{"none", slacktest.Omen{}, [3]int{1, 1, 1}},
		{"drop", slacktest.Omen{Drop: true}, [3]int{1, 1, 1}},
		{"repeat", slacktest.Omen{Repeat: true}, [3]int{2, 1, 1}},
		{"twin", slacktest.Omen{Twin: true}, [3]int{2, 2, 2}},
		{"delay", slacktest.Omen{Delay: 20 * time.Second}, [3]int{1, 1, 1}},
	} {
		if a, b, c := count(row.omen); [3]int{a, b, c} != row.want {
			t.Errorf("%s: %d envelopes, %d ids, %d events, want %v", row.name, a, b, c, row.want)
		}
	}
}

// 150 seconds with a disconnect every five: no event is lost, whatever the
// weather, for a client that acknowledges and comes back at once.
func TestReconnectsInFakeTime(t *testing.T) {
	began := time.Now()
	bubble(t, slacktest.Options{Seed: 7, Unlimited: true}, func(t *testing.T, w *world) {
		w.Weather(slacktest.Weather{Drop: 0.1, Repeat: 0.1, Twin: 0.1, Delay: 0.2, MaxDelay: 5 * time.Second})
		var mu sync.Mutex
		handled := map[string]int{}
		var all []*bot
		again := func() {
			all = append(all, connect(t, w, func(e envelope) any {
				if e.Type == "events_api" {
					mu.Lock()
					defer mu.Unlock()
					handled[e.Payload["event"].(map[string]any)["ts"].(string)]++
				}
				return nil
			}))
		}
		again()
		var sent []string
		for i := range 30 {
			sent = append(sent, w.ana.Mention(w.launch, "", w.bot, fmt.Sprint(i)).Message.TS)
			time.Sleep(2500 * time.Millisecond)
			conns := w.app.Conns()
			conns[len(conns)-1].Disconnect([]string{"warning", "refresh_requested"}[i%2])
			again()
			time.Sleep(2500 * time.Millisecond)
		}
		time.Sleep(10 * time.Minute)
		for _, b := range all {
			b.close()
		}
		for _, ts := range sent {
			if handled[ts] == 0 {
				t.Errorf("%s was lost", ts)
			}
		}
	})
	t.Logf("took %s", time.Since(began))
}
