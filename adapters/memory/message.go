package memory

import (
	"fmt"
	"time"

	"github.com/synthoperator/baton/chat"
)

// Message is what people see of a message, and what became of it.
type Message struct {
	Ref     chat.Ref
	Key     string
	Author  chat.Person // zero for Baton
	Only    chat.Person // who alone sees it; zero for everybody
	Loud    bool        // it is in a thread and shown in the channel too
	At      time.Time
	Body    Body     // as it was sent
	Text    string   // as it is shown
	Pings   []string // the ids of those it notified; Everybody
	Edits   int
	Deleted Deleted

	found time.Time // from when on a look-up finds it
}

// Deleted is who took a message away.
type Deleted string

// Who takes messages away.
const (
	ByPerson Deleted = "by a person"
	ByBaton  Deleted = "by Baton"
)

// Messages are what was said in a thread or channel, oldest first, deleted ones
// included. A channel has the loud messages of its threads too.
func (w *World) Messages(in chat.Thread) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.messages[in.Key()]
	out := make([]Message, len(all))
	for i, m := range all {
		out[i] = *m
	}
	return out
}

// Delete takes a message away as a person does.
func (w *World) Delete(r chat.Ref) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if m := w.find(r); m != nil {
		m.takeAway(ByPerson)
	}
}

func (m *Message) takeAway(by Deleted) {
	if m.Deleted == "" {
		m.Deleted = by
	}
}

// spot is where a message stands.
type spot struct {
	thread chat.Thread
	id     string
}

// find is a message that is or was there.
func (w *World) find(r chat.Ref) *Message { return w.byID[spot{r.Thread, r.ID}] }

func keyIn(t chat.Thread, key string) string { return t.WorkspaceKey() + " " + key }

// say puts a message where it belongs.
func (w *World) say(in chat.Thread, m Message) *Message {
	m.At = w.o.Now()
	m.Ref = chat.Ref{Thread: in, ID: w.nextID(in)}
	m.Ref.Link = "memory:" + in.Key() + "#" + m.Ref.ID
	m.found = m.At
	if w.lag > 0 {
		m.found = m.At.Add(time.Duration(w.draw("lag "+m.Ref.Link).Float64() * float64(w.lag)))
	}
	w.byID[spot{in, m.Ref.ID}] = &m
	w.messages[in.Key()] = append(w.messages[in.Key()], &m)
	if m.Loud && !in.InChannel() {
		channel := in.Parent().Key()
		w.messages[channel] = append(w.messages[channel], &m)
	}
	return &m
}

// post says something for Baton.
func (w *World) post(r Request, m Message) (chat.Ref, error) {
	if !w.exists(r.In) {
		return chat.Ref{}, chat.Rejected{Why: "there is no thread " + r.In.Root()}
	}
	if why := w.o.Limits.exceeded(m.Body); why != "" {
		w.violate(Oversized, r, why)
		return chat.Ref{}, chat.Rejected{Why: why}
	}
	m.Text, m.Pings = m.Body.display()
	m.Key = r.Key
	m.Body = m.Body.kept()
	said := w.say(r.In, m)
	if m.Key != "" {
		w.carries(r, said)
	}
	return said.Ref, nil
}

// carries remembers which message carries a key.
func (w *World) carries(r Request, m *Message) {
	key := keyIn(r.In, m.Key)
	w.byKey[key] = append(w.byKey[key], m)
	n := 0
	for _, other := range w.byKey[key] {
		if other.Deleted == "" {
			n++
		}
	}
	if n > 1 {
		w.violate(Duplicate, r, fmt.Sprintf("there are %d messages with the key %s", n, m.Key))
	}
}

// edit replaces what Baton said. It notifies nobody.
func (w *World) edit(r Request, ref chat.Ref, body Body) error {
	m := w.find(ref)
	if m == nil || m.Deleted != "" || m.Author != (chat.Person{}) {
		return chat.Gone{}
	}
	if why := w.o.Limits.exceeded(body); why != "" {
		w.violate(Oversized, r, why)
		return chat.Rejected{Why: why}
	}
	m.Body = body.kept()
	m.Text, _ = body.display()
	m.Edits++
	return nil
}

// look finds what Baton said with a key since then.
func (w *World) look(in chat.Thread, key string, since time.Time) []chat.Ref {
	var refs []chat.Ref
	for _, m := range w.byKey[keyIn(in, key)] {
		if m.Ref.Thread == in && m.Deleted == "" && !m.At.Before(since) && !m.found.After(w.o.Now()) {
			refs = append(refs, m.Ref)
		}
	}
	return refs
}
