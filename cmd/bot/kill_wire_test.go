package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"reflect"
	"sync"
	"time"

	"github.com/synthoperator/baton/chat"
)

// frame is one line between a platform that lives on and a bot that dies:
// somebody asks, or answers what was asked under that number.
type frame struct {
	ID       int
	Do       string `json:",omitempty"` // what is asked; "" for an answer
	Platform string `json:",omitempty"`
	Pid      int    `json:",omitempty"`
	Post     *wirePost
	Ref      wireRef
	Refs     []wireRef `json:",omitempty"`
	Call     *wireCall
	Message  *wireMessage
	Error    *wireError
}

// wire is one end of a connection. Both ends ask and answer.
type wire struct {
	conn  net.Conn
	serve func(frame) frame
	under sync.WaitGroup // what the other end asked, under way

	mu      sync.Mutex
	out     *json.Encoder
	asked   int
	waiting map[int]chan frame // nil once the connection is gone
}

func newWire(conn net.Conn) *wire {
	return &wire{conn: conn, out: json.NewEncoder(conn), waiting: map[int]chan frame{}}
}

// errGone says that the other end is not there any more.
var errGone = errors.New("the other end of the wire is gone")

// run answers what the other end asks until it is gone.
func (w *wire) run() {
	in := json.NewDecoder(w.conn)
	for {
		var f frame
		if err := in.Decode(&f); err != nil {
			break
		}
		if f.Do == "" {
			w.mu.Lock()
			w.waiting[f.ID] <- f
			delete(w.waiting, f.ID)
			w.mu.Unlock()
			continue
		}
		w.under.Go(func() {
			answer := w.serve(f)
			answer.ID, answer.Do = f.ID, ""
			w.mu.Lock()
			defer w.mu.Unlock()
			_ = w.out.Encode(answer) // whether anybody is there to hear it shows elsewhere
		})
	}
	_ = w.conn.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.waiting {
		close(c)
	}
	w.waiting = nil
}

// ask asks and waits for the answer. An error says that none will come.
func (w *wire) ask(ctx context.Context, f frame) (frame, error) {
	answer := make(chan frame, 1)
	w.mu.Lock()
	if w.waiting == nil {
		w.mu.Unlock()
		return f, errGone
	}
	w.asked++
	f.ID = w.asked
	w.waiting[f.ID] = answer
	err := w.out.Encode(f)
	w.mu.Unlock()
	if err != nil {
		return f, errors.Join(errGone, err)
	}
	select {
	case got, ok := <-answer:
		if !ok {
			return f, errGone
		}
		return got, nil
	case <-ctx.Done():
		return f, ctx.Err()
	}
}

// The words of package chat as they go over the wire: threads by their keys,
// blocks by their kinds.
type (
	wireRef struct{ Thread, ID, Link string }

	wirePost struct {
		Key              string
		To               string
		Body             wireMessage
		Loud, Root, Card bool
		Since            time.Time
	}

	wireCall struct {
		chat.Call
		Thread string
	}

	wireMessage struct {
		chat.Message
		Thread string
		Blocks []wireBlock
	}

	wireBlock struct {
		Kind string
		Data json.RawMessage
	}

	wirePointer struct {
		Label string
		To    wireRef
	}

	// wireError is an error of a poster, which keeps its kind.
	wireError struct {
		Later    *chat.Later
		Blocked  *chat.Blocked
		Rejected *chat.Rejected
		Gone     bool
		Text     string
	}
)

// blockKinds are the kinds of blockKinds but for pointers, which hold a thread.
var blockKinds = map[string]reflect.Type{}

func init() {
	for _, b := range []chat.Block{
		chat.Paragraph(""), chat.Rich(""), chat.Bullets{}, chat.Fields{}, chat.Code(""), chat.Remark(""), chat.Progress{},
	} {
		blockKinds[fmt.Sprintf("%T", b)] = reflect.TypeOf(b)
	}
}

func threadKey(t chat.Thread) string {
	if t.IsZero() {
		return ""
	}
	return t.Key()
}

// threadOf reads what threadKey wrote.
func threadOf(key string) chat.Thread {
	if key == "" {
		return chat.Thread{}
	}
	return must(chat.ParseThread(key))
}

// must is for what this file itself wrote.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func toWireRef(r chat.Ref) wireRef { return wireRef{threadKey(r.Thread), r.ID, r.Link} }

func (r wireRef) ref() chat.Ref { return chat.Ref{Thread: threadOf(r.Thread), ID: r.ID, Link: r.Link} }

func toWirePost(p chat.Post) *wirePost {
	return &wirePost{p.Key, p.To.Key(), *toWireMessage(p.Body), p.Loud, p.Root, p.Card, p.Since}
}

func (p *wirePost) post() chat.Post {
	return chat.Post{
		Key: p.Key, To: threadOf(p.To), Body: p.Body.message(), Loud: p.Loud, Root: p.Root, Card: p.Card, Since: p.Since,
	}
}

func toWireCall(c chat.Call) *wireCall { return &wireCall{c, c.Thread.Key()} }

func (c *wireCall) call() chat.Call {
	call := c.Call
	call.Thread = threadOf(c.Thread)
	return call
}

func toWireMessage(m chat.Message) *wireMessage {
	w := &wireMessage{Message: m, Thread: threadKey(m.Thread)}
	for _, b := range m.Blocks {
		var what any = b
		if p, ok := b.(chat.Pointer); ok {
			what = wirePointer{p.Label, toWireRef(p.To)}
		}
		w.Blocks = append(w.Blocks, wireBlock{fmt.Sprintf("%T", b), must(json.Marshal(what))})
	}
	return w
}

func (w *wireMessage) message() chat.Message {
	m := w.Message
	m.Thread, m.Blocks = threadOf(w.Thread), nil
	for _, b := range w.Blocks {
		if b.Kind == "chat.Pointer" {
			var p wirePointer
			must(0, json.Unmarshal(b.Data, &p))
			m.Blocks = append(m.Blocks, chat.Pointer{Label: p.Label, To: p.To.ref()})
			continue
		}
		into := reflect.New(blockKinds[b.Kind])
		must(0, json.Unmarshal(b.Data, into.Interface()))
		m.Blocks = append(m.Blocks, into.Elem().Interface().(chat.Block))
	}
	return m
}

func toWireError(err error) *wireError {
	if err == nil {
		return nil
	}
	e := &wireError{Text: err.Error()}
	var (
		later    chat.Later
		blocked  chat.Blocked
		rejected chat.Rejected
	)
	switch {
	case errors.As(err, &later):
		e.Later = &later
	case errors.As(err, &blocked):
		e.Blocked = &blocked
	case errors.As(err, &rejected):
		e.Rejected = &rejected
	case errors.As(err, &chat.Gone{}):
		e.Gone = true
	}
	return e
}

func (e *wireError) err() error {
	switch {
	case e == nil:
		return nil
	case e.Later != nil:
		return *e.Later
	case e.Blocked != nil:
		return *e.Blocked
	case e.Rejected != nil:
		return *e.Rejected
	case e.Gone:
		return chat.Gone{}
	}
	return errors.New(e.Text)
}

// remote is a platform at the other end of a wire.
type remote struct {
	chat.Poster // for what asks nobody: Traits and Split
	name        string
	wire        *wire
}

var (
	_ chat.Poster = remote{}
	_ chat.Finder = remote{}
)

func (r remote) ask(ctx context.Context, f frame) (frame, error) {
	f.Platform = r.name
	got, err := r.wire.ask(ctx, f)
	if err != nil {
		return got, err
	}
	return got, got.Error.err()
}

func (r remote) Post(ctx context.Context, p chat.Post) (chat.Ref, error) {
	got, err := r.ask(ctx, frame{Do: "post", Post: toWirePost(p)})
	if err != nil {
		return chat.Ref{}, err
	}
	return got.Ref.ref(), nil
}

func (r remote) Edit(ctx context.Context, ref chat.Ref, p chat.Post) error {
	_, err := r.ask(ctx, frame{Do: "edit", Ref: toWireRef(ref), Post: toWirePost(p)})
	return err
}

func (r remote) Find(ctx context.Context, p chat.Post) (refs []chat.Ref, err error) {
	got, err := r.ask(ctx, frame{Do: "find", Post: toWirePost(p)})
	for _, ref := range got.Refs {
		if err == nil {
			refs = append(refs, ref.ref())
		}
	}
	return refs, err
}

func (r remote) Remove(ctx context.Context, ref chat.Ref) error {
	_, err := r.ask(ctx, frame{Do: "remove", Ref: toWireRef(ref)})
	return err
}
