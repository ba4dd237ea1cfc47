package discordtest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/synthoperator/baton/adapters/discord/discordtest"
)

// beating is a gateway client as it should be: it beats as often as it is told
// to, and when it is sent away it resumes.
type beating struct {
	*client
	beats int
	told  []string
}

// stay lives through one connection, until it ends.
func (b *beating) stay(begin func()) {
	hello := b.expect(10, "").object(b.w)
	every := time.Duration(hello["heartbeat_interval"].(float64)) * time.Millisecond
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-time.After(every):
				b.send(1, nil)
			case <-over:
				return
			}
		}
	}()
	begin()
	for {
		switch p := b.next(); {
		case p.Op < 0:
			close(over)
			<-ended
			return
		case p.Op == 11:
			b.beats++
		case p.Op == 7:
			b.ws.Close()
		case p.Type == "READY":
			ready := p.object(b.w)
			b.session, b.resume = ready["session_id"].(string), ready["resume_gateway_url"].(string)
			b.told = append(b.told, p.Type)
		default:
			b.told = append(b.told, p.Type)
		}
	}
}

// A day of a gateway session takes no time: heartbeats, a Reconnect, a dropped
// socket, and an interaction that came meanwhile.
func TestADayInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		w := newTown(t, discordtest.Options{InMemory: true})
		w.register()
		b := &beating{client: w.connect()}
		go func() {
			time.Sleep(8 * time.Hour)
			w.app.Reconnect()
			time.Sleep(8 * time.Hour)
			w.app.DropConnections()
			synctest.Wait()
			if _, err := w.ana.Slash(w.launch, "baton note", nil); err != nil {
				t.Error(err)
			}
			time.Sleep(8 * time.Hour)
			w.app.CloseConnections(4000)
		}()
		start := time.Now()
		b.stay(func() { b.send(2, identity(w, 1)) })
		for range 2 {
			time.Sleep(time.Second)
			b.client = b.back()
			b.stay(func() { b.resumeFrom(b.seq) })
		}
		if d := time.Since(start); d < 24*time.Hour || d > 24*time.Hour+time.Minute {
			t.Errorf("the day took %v", d)
		}
		// One beat each 41.25 seconds.
		if b.beats < 2090 || b.beats > 2095 {
			t.Errorf("%d heartbeats were acknowledged", b.beats)
		}
		want := []string{"READY", "GUILD_CREATE", "RESUMED", "INTERACTION_CREATE", "RESUMED"}
		if len(b.told) != len(want) {
			t.Fatalf("told: %v", b.told)
		}
		for i := range want {
			if b.told[i] != want[i] {
				t.Errorf("told: %v", b.told)
			}
		}
		if n, v := w.app.Identified(), w.server.Violations(); n != 1 || len(v) > 0 {
			t.Errorf("identified %d times, violations %v", n, v)
		}
	})
}

// A client that forgets its heartbeat is sent away.
func TestNoHeartbeatInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		w := newTown(t, discordtest.Options{InMemory: true})
		c := w.connect().login(1)
		start := time.Now()
		if got := c.closed(); got != 4009 {
			t.Errorf("closed with %d", got)
		}
		if d := time.Since(start); d != 82500*time.Millisecond {
			t.Errorf("after %v", d)
		}
	})
}

func TestThreeSecondsInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		discordtest.SkipToEpoch()
		w := newTown(t, discordtest.Options{InMemory: true})
		w.register()
		i, err := w.ana.Slash(w.launch, "baton note", nil)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		seen, err := i.Seen(t.Context())
		if err != nil || seen.State != discordtest.Failed || time.Since(start) != 3*time.Second {
			t.Errorf("after %v ana sees %+v, %v", time.Since(start), seen, err)
		}
	})
}
