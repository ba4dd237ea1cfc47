package discordtest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"
)

// Limit is how many requests a bucket takes in a time.
type Limit struct {
	N   int
	Per time.Duration
}

// DefaultLimits are the buckets by route. Discord documents none and tells
// clients to read the headers (D:topics/rate-limits); that of messages is the
// documentation's example, that of webhooks a statement of 2017
// (GH: discord/discord-api-docs#367), the rest is unverified.
func DefaultLimits() map[string]Limit {
	return map[string]Limit{
		"":                                     {50, time.Second},
		"POST /channels/{channel_id}/messages": {5, 5 * time.Second},
		"PATCH /channels/{channel_id}/messages/{message_id}":                 {5, 5 * time.Second},
		"POST /webhooks/{webhook_id}/{webhook_token}":                        {5, 2 * time.Second},
		"PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original":    {5, 2 * time.Second},
		"PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": {5, 2 * time.Second},
	}
}

// renames is how often a channel's name or topic may change: twice in ten
// minutes, undocumented (GH: discord/discord-api-docs#1900).
var renames = Limit{2, 10 * time.Minute}

type bucket struct {
	id    string
	limit Limit
	left  int
	reset time.Time
	until time.Time // a 429 forbids requests until then
}

// global is the limit of all of a bot's routes together.
type global struct {
	sent  []time.Time
	until time.Time
}

func (s *Server) bucketOf(c *call) *bucket {
	name := c.route.method + " " + c.route.path
	limit, ok := s.opts.Limits[name]
	if !ok {
		limit = s.opts.Limits[""]
	}
	return s.bucket(name, c.route.major(c.params), limit)
}

func (s *Server) bucket(name, major string, limit Limit) *bucket {
	key := name + " " + major
	b := s.buckets[key]
	if b == nil {
		sum := sha256.Sum256([]byte(name))
		b = &bucket{id: hex.EncodeToString(sum[:16]), limit: limit}
		s.buckets[key] = b
	}
	if now := s.clock.Now(); limit.N > 0 && !now.Before(b.reset) {
		b.left, b.reset = limit.N, now.Add(limit.Per)
	}
	return b
}

// take uses one of a bucket's requests, or says how long to wait.
func (b *bucket) take(now time.Time) (wait time.Duration, ok bool) {
	if b.limit.N == 0 {
		return 0, true
	}
	if b.left == 0 {
		b.until = b.reset
		return b.reset.Sub(now), false
	}
	b.left--
	return 0, true
}

// limited is the 429 a request gets, if any. Requests into a time that a 429
// had forbidden are violations.
func (s *Server) limited(c *call) *failure {
	now := s.clock.Now()
	if f := s.limitedGlobally(c, now); f != nil {
		return f
	}
	b := s.bucketOf(c)
	if now.Before(b.until) {
		s.violate(c.req, SentEarly, "%v before the bucket opens again", b.until.Sub(now))
	}
	wait, ok := b.take(now)
	if !ok {
		return tooMany(wait, "user", false)
	}
	return nil
}

func (s *Server) limitedGlobally(c *call, now time.Time) *failure {
	if c.app == nil || c.route.exempt {
		return nil
	}
	g := &c.app.limit
	if now.Before(g.until) {
		s.violate(c.req, SentEarly, "%v before the limit of all routes ends", g.until.Sub(now))
		return tooMany(g.until.Sub(now), "global", true)
	}
	for len(g.sent) > 0 && now.Sub(g.sent[0]) >= time.Second {
		g.sent = g.sent[1:]
	}
	if len(g.sent) >= s.opts.Global {
		s.violate(c.req, TooFast, "%d requests in a second", len(g.sent)+1)
		g.until = g.sent[0].Add(time.Second)
		return tooMany(g.until.Sub(now), "global", true)
	}
	g.sent = append(g.sent, now)
	return nil
}

// tooMany is a 429 as D:topics/rate-limits shows it. Where it is global, there
// is Retry-After and X-RateLimit-Global, and no X-RateLimit-Reset-After.
func tooMany(wait time.Duration, scope string, everywhere bool) *failure {
	f := refuse(http.StatusTooManyRequests, 0, "You are being rate limited.")
	f.extra = object{"retry_after": wait.Seconds(), "global": everywhere}
	f.header = http.Header{}
	f.header.Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	f.header.Set("X-RateLimit-Scope", scope)
	if everywhere {
		f.header.Set("X-RateLimit-Global", "true")
	} else {
		f.header.Set("X-RateLimit-Reset-After", seconds(wait))
	}
	return f
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

// limitHeaders tells a client how its bucket is.
func (s *Server) limitHeaders(c *call, h http.Header) {
	if c.route == nil || h.Get("X-RateLimit-Global") != "" || h.Get("Content-Type") == "text/html" {
		return
	}
	b := s.bucketOf(c)
	if b.limit.N == 0 {
		return
	}
	h.Set("X-RateLimit-Bucket", b.id)
	h.Set("X-RateLimit-Limit", strconv.Itoa(b.limit.N))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(b.left))
	h.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(b.reset.UnixMilli())/1000, 'f', 3, 64))
	if h.Get("X-RateLimit-Reset-After") == "" {
		h.Set("X-RateLimit-Reset-After", seconds(b.reset.Sub(s.clock.Now())))
	}
}

// invalidWindow is how long a refused request counts (D:topics/rate-limits).
const invalidWindow = 10 * time.Minute

// countInvalid counts 401, 403 and 429; a 429 of shared scope does not count.
func (s *Server) countInvalid(c *call, status int, h http.Header) {
	counts := status == 401 || status == 403 || status == 429 && h.Get("X-RateLimit-Scope") != "shared"
	if counts {
		s.invalid = append(s.invalid, s.clock.Now())
	}
}

// InvalidRequests is how many requests count towards being shut out.
func (s *Server) InvalidRequests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.invalidNow()
}

func (s *Server) invalidNow() int {
	now := s.clock.Now()
	for len(s.invalid) > 0 && now.Sub(s.invalid[0]) >= invalidWindow {
		s.invalid = s.invalid[1:]
	}
	return len(s.invalid)
}

// shutOut is what an address gets that was refused too often.
func (s *Server) shutOut(c *call) *failure {
	if s.invalidNow() < s.opts.Invalid {
		return nil
	}
	s.violate(c.req, ShutOut, "%d refused requests in 10 minutes", s.opts.Invalid)
	return cloudflare()
}

// cloudflare is a 429 that does not come from Discord but from what stands
// before it: a page without Discord's headers.
func cloudflare() *failure {
	f := refuse(http.StatusTooManyRequests, 0, "")
	f.header = http.Header{"Retry-After": {"60"}}
	f.raw = "<!DOCTYPE html><html><head><title>Access denied | discord.com used Cloudflare to restrict access</title></head>" +
		"<body><h1>Error 1015</h1><p>You are being rate limited</p></body></html>\n"
	return f
}
