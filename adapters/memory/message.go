package memory

import (
	"fmt"
	"slices"
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
		w.takeAway(m, ByPerson)
	}
}

func (w *World) takeAway(m *Message, by Deleted) {
	if m.Deleted == "" {
		m.Deleted = by
		w.keys[keyIn(m.Ref.Thread, m.Key)]--
	}
}

// find is a message that is or was there.
func (w *World) find(r chat.Ref) *Message {
	all := w.messages[r.Thread.Key()]
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Ref.ID == r.ID && all[i].Ref.Thread == r.Thread {
			return all[i]
		}
	}
	return nil
}

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
	m.Body.Files = slices.Clone(m.Body.Files)
	for i, f := range m.Body.Files {
		m.Body.Files[i].Data = slices.Clone(f.Data)
	}
	if m.Key != "" {
		key := keyIn(r.In, m.Key)
		if w.keys[key]++; w.keys[key] > 1 {
			w.violate(Duplicate, r, fmt.Sprintf("there are %d messages with the key %s", w.keys[key], m.Key))
		}
	}
	return w.say(r.In, m).Ref, nil
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
	m.Body = body
	m.Text, _ = body.display()
	m.Edits++
	return nil
}

// look finds what Baton said with a key since then.
func (w *World) look(in chat.Thread, key string, since time.Time) []chat.Ref {
	var refs []chat.Ref
	for _, m := range w.messages[in.Key()] {
		if m.Ref.Thread == in && m.Key == key && m.Author == (chat.Person{}) && m.Deleted == "" &&
			!m.At.Before(since) && !m.found.After(w.o.Now()) {
			refs = append(refs, m.Ref)
		}
	}
	return refs
}
