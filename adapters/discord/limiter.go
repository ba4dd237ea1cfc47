package discord

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// limiter keeps what Discord says about how often it may be asked, so that
// nothing is sent which Discord has said it would refuse. It follows the headers
// of each answer and D:topics/rate-limits.
type limiter struct {
	now func() time.Time

	mu      sync.Mutex
	hashes  map[string]string  // the bucket that Discord counts a route in
	limits  map[string]int     // how many requests such a bucket takes
	buckets map[string]*bucket // by bucket and first id
	sent    []time.Time        // requests that count for the whole bot
	until   time.Time          // the whole bot has to wait
	out     time.Time          // the whole address has to wait
	invalid []time.Time        // refused requests, see maxInvalid
	closed  map[string]*closure
	swept   time.Time
}

// bucket is how many requests may still be sent, and until when that holds.
type bucket struct {
	left  int
	limit int
	reset time.Time
	until time.Time // it takes nothing before
}

// closure is how often in a row a place refused Baton.
type closure struct {
	n    int
	last time.Time
	err  *apiError
}

const (
	// maxPause is how long a request may wait for its turn among those of a
	// second.
	maxPause = globalWindow + globalWindow/2
	// closedAfter is how many refusals in a row are taken for final, and askAgain
	// how long nobody asks then.
	closedAfter = 10
	askAgain    = time.Minute
	// refill is in what time a bucket is full again until an answer says it better:
	// that of D:topics/rate-limits' example.
	refill = 5 * time.Second
	// sweepEvery is how often what is over is forgotten: each interaction has a
	// bucket of its own, which is full again after some seconds. With more than
	// mostBuckets that is done each sweepSoon.
	sweepEvery  = time.Minute
	sweepSoon   = time.Second
	mostBuckets = 4096
)

func newLimiter(now func() time.Time) *limiter {
	return &limiter{
		now: now, hashes: map[string]string{}, limits: map[string]int{},
		buckets: map[string]*bucket{}, closed: map[string]*closure{}, swept: now(),
	}
}

// counted is a request as it is counted.
type counted struct {
	method, route string
	id            string // the first one of the path
	token         bool   // it is authorised by a token in its path
	exempt        bool   // it does not count for the whole bot
}

func newCounted(method, route, path string) counted {
	token := strings.Contains(route, "_token}")
	return counted{
		method: method, route: route, id: firstID(route, path), token: token,
		// "not bound to the global limit" (D:interactions/receiving-and-responding);
		// what a webhook's token authorises is not the bot's (D:resources/webhook).
		exempt: token,
	}
}

func (c counted) name() string { return c.method + " " + c.route }

// enter lets a request pass, or says how long it has to wait. It waits itself
// where others have used up the second.
func (l *limiter) enter(ctx context.Context, c counted) error {
	for {
		wait, err := l.try(c)
		if wait == 0 || err != nil {
			return err
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// try takes what a request needs, or says how long to wait for the second to
// end.
func (l *limiter) try(c counted) (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)
	if err := l.forbidden(c, now); err != nil {
		return 0, err
	}
	b := l.bucket(c)
	if now.Before(b.until) {
		return 0, &limited{After: b.until.Sub(now), Scope: scopeRoute, Why: "told to wait"}
	}
	if b.limit > 0 && !now.Before(b.reset) {
		b.left, b.reset = b.limit, now.Add(refill)
	}
	if b.limit > 0 && b.left <= 0 {
		return 0, &limited{After: max(b.reset.Sub(now), time.Millisecond), Scope: scopeRoute, Why: "no more requests for now"}
	}
	if wait := l.second(c, now); wait > 0 {
		return wait, nil
	}
	b.left--
	return 0, nil
}

// forbidden refuses what may not be sent at all now.
func (l *limiter) forbidden(c counted, now time.Time) error {
	if now.Before(l.out) {
		return &limited{After: l.out.Sub(now), Scope: scopeGlobal, Why: "Discord has shut this address out for a while"}
	}
	if now.Before(l.until) && !c.exempt {
		return &limited{After: l.until.Sub(now), Scope: scopeGlobal, Why: "too many requests"}
	}
	l.invalid = since(l.invalid, now, invalidWindow)
	if len(l.invalid) >= maxInvalid {
		return &limited{After: l.invalid[0].Add(invalidWindow).Sub(now), Scope: scopeGlobal, Why: "too many requests were refused"}
	}
	if shut := l.closed[c.id]; shut != nil && shut.n >= closedAfter && now.Before(shut.last.Add(askAgain)) {
		return shut.err
	}
	return nil
}

// second counts a request among those of the last second, or says when there is
// room.
func (l *limiter) second(c counted, now time.Time) time.Duration {
	if c.exempt {
		return 0
	}
	l.sent = since(l.sent, now, globalWindow)
	if len(l.sent) >= globalRequests {
		return min(l.sent[len(l.sent)-globalRequests].Add(globalWindow).Sub(now), maxPause)
	}
	l.sent = append(l.sent, now)
	return 0
}

// since is those that are not older than that.
func since(all []time.Time, now time.Time, window time.Duration) []time.Time {
	i := 0
	for i < len(all) && now.Sub(all[i]) >= window {
		i++
	}
	return all[i:]
}

// bucket is what a request is counted in. Before Discord has named it, that is
// the route; one of a known kind starts as full as its kind.
func (l *limiter) bucket(c counted) *bucket {
	hash, known := l.hashes[c.name()]
	if !known {
		hash = c.name()
	}
	key := hash + " " + c.id
	b := l.buckets[key]
	if b == nil {
		b = &bucket{limit: l.limits[hash]}
		b.left = b.limit
		l.buckets[key] = b
	}
	return b
}

// learn takes from an answer what it says about the bucket.
func (l *limiter) learn(c counted, status int, h http.Header) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if (status == 401 || status == 403 || status == 429) && h.Get("X-RateLimit-Scope") != string(scopeResource) {
		l.invalid = append(l.invalid, now)
	}
	if status != http.StatusForbidden {
		delete(l.closed, c.id)
	}
	hash := h.Get("X-RateLimit-Bucket")
	limit, err := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	left, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	after, err3 := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if hash == "" || err != nil || err2 != nil || err3 != nil || after < 0 {
		return
	}
	l.hashes[c.name()], l.limits[hash] = hash, limit
	b := l.bucket(c)
	reset := now.Add(time.Duration(after * float64(time.Second)))
	// Answers overtake each other, so that within one window the least counts.
	if b.limit == 0 || reset.After(b.reset.Add(100*time.Millisecond)) {
		b.left = left
	} else {
		b.left = min(b.left, left)
	}
	b.limit, b.reset = limit, reset
}

// pause keeps requests from a bucket that has refused one.
func (l *limiter) pause(c counted, d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(c)
	b.until = latest(b.until, l.now().Add(d))
}

// pauseAll keeps the bot from sending anything that counts for all of it.
func (l *limiter) pauseAll(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = latest(l.until, l.now().Add(d))
}

// shutOut keeps everything from being sent.
func (l *limiter) shutOut(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.out = latest(l.out, l.now().Add(d))
}

// refusedBy counts a place that keeps Baton out. One that did so again and again
// is not asked for a while: such requests count towards being shut out.
func (l *limiter) refusedBy(c counted, e *apiError) {
	if e.Status != http.StatusForbidden || c.id == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	shut := l.closed[c.id]
	if shut == nil {
		shut = &closure{}
		l.closed[c.id] = shut
	}
	shut.n, shut.last, shut.err = shut.n+1, l.now(), e
}

// low reports whether a bucket has few requests left, so that what can wait
// should.
func (l *limiter) low(c counted) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, now := l.bucket(c), l.now()
	return now.Before(b.until) || b.limit > 0 && now.Before(b.reset) && b.left <= 1
}

// sweep forgets what is over.
func (l *limiter) sweep(now time.Time) {
	if since := now.Sub(l.swept); since < sweepSoon || since < sweepEvery && len(l.buckets) < mostBuckets {
		return
	}
	l.swept = now
	for key, b := range l.buckets {
		if !now.Before(b.reset) && !now.Before(b.until) {
			delete(l.buckets, key)
		}
	}
	for key, shut := range l.closed {
		if now.Sub(shut.last) > invalidWindow {
			delete(l.closed, key)
		}
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
