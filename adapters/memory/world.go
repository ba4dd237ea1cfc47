package memory

import (
	"sync"
	"time"

	"github.com/synthoperator/baton/chat"
)

// Options is what a world is like. The zero Options is a world without roots
// and paces.
type Options struct {
	// Platform is its name in threads; "" for "memory".
	Platform string
	// Traits are told to whoever posts, and held by the world: with Roots a
	// thread is named by a message of its channel.
	Traits chat.Traits
	// Numbered says that threads are named by the number of their session.
	Numbered bool
	// Seed decides everything that is drawn.
	Seed uint64
	// Now is the time; nil for [time.Now].
	Now func() time.Time
	// Limits are what one message holds.
	Limits Limits
	// Tolerance is how much sooner than its pace a request may come, for tests in
	// real time, where sender and world read the clock one after the other.
	Tolerance time.Duration
}

// World is the platform's side. It may be used by many goroutines at once.
type World struct {
	mu       sync.Mutex
	o        Options
	places   map[string]*place // by the key of thread, channel or workspace
	messages map[string][]*Message
	byID     map[spot]*Message
	byKey    map[string][]*Message // of Baton's, by workspace and key
	names    map[string]string

	requests   []Request
	violations []Violation
	tries      map[string]int
	faults     []*Fault
	lag        time.Duration
	blind      bool

	queue    []Delivery
	held     bool
	acts     int
	acked    map[string]bool
	answered map[string]bool
	wake     chan struct{}
	forms    map[string][]Form
}

// NewWorld makes an empty world.
func NewWorld(o Options) *World {
	if o.Platform == "" {
		o.Platform = "memory"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Limits = o.Limits.orDefaults()
	return &World{
		o: o, places: map[string]*place{}, messages: map[string][]*Message{}, byID: map[spot]*Message{}, byKey: map[string][]*Message{},
		names: map[string]string{}, tries: map[string]int{}, acked: map[string]bool{},
		answered: map[string]bool{}, wake: make(chan struct{}, 1), forms: map[string][]Form{},
	}
}

// Channel is a channel of this world; it need not be made.
func (w *World) Channel(workspace, id string) chat.Thread {
	t, err := chat.NewThread(w.o.Platform, workspace, id, "")
	if err != nil {
		panic("memory: " + err.Error())
	}
	return t
}
