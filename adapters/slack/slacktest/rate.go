package slacktest

import (
	"math"
	"net/http"
	"time"
)

// limit is the pace of one method of one app in one workspace, or of posts in
// one channel.
type limit struct {
	calls   []time.Time // of the last minute
	blocked time.Time   // until when Retry-After said to wait
	tokens  float64
	filled  time.Time
}

// tooMany is a 429 with Retry-After in seconds, or without for 0.
func tooMany(seconds int) *refusal {
	return &refusal{code: "ratelimited", status: http.StatusTooManyRequests, header: seconds, fair: true}
}

// place is what a limit counts for a call: method and workspace, and the channel
// for posts, which have their own pace of one a second (D:apis/web-api/rate-limits).
func (c *Call) place() string {
	place := c.App + "/" + c.Team + c.Args.Text("team_id") + "/" + c.Method
	if c.Method == "chat.postMessage" {
		place += "/" + c.Args.Text("channel")
	}
	return place
}

func (s *Server) limitAt(place string) *limit {
	l := s.limits[place]
	if l == nil {
		l = &limit{tokens: float64(s.opts.Burst)}
		s.limits[place] = l
	}
	return l
}

// block lets nothing through at a call's place for d. s.mu is held.
func (s *Server) block(c *Call, d time.Duration) { s.limitAt(c.place()).blocked = c.At.Add(d) }

// pace holds the rate limits. s.mu is held.
func (s *Server) pace(c *Call) *refusal {
	l := s.limitAt(c.place())
	if wait := l.blocked.Sub(c.At); wait > 0 {
		s.violate("sent before Retry-After was over", "%s, %s too early", c.Method, wait)
		return tooMany(seconds(wait))
	}
	if s.opts.Unlimited {
		return nil
	}
	wait := l.overTier(c.At, s.perMinute(c))
	if c.Method == "chat.postMessage" {
		wait = max(l.overPace(c.At, float64(s.opts.Burst)), s.overCeiling(c))
	}
	if wait <= 0 {
		return nil
	}
	after := seconds(wait)
	l.blocked = c.At.Add(time.Duration(after) * time.Second)
	return tooMany(after)
}

// perMinute is how often a method may be called.
func (s *Server) perMinute(c *Call) int {
	history := c.Method == "conversations.history" || c.Method == "conversations.replies"
	if history && c.grant.app.Commercial {
		return 1 // D:apis/web-api/rate-limits, changelog 2025-05-29
	}
	return int(c.facts.Tier)
}

// overTier counts a call and says how long it comes too early.
func (l *limit) overTier(now time.Time, most int) time.Duration {
	if most == 0 {
		return 0
	}
	for len(l.calls) > 0 && now.Sub(l.calls[0]) >= time.Minute {
		l.calls = l.calls[1:]
	}
	if len(l.calls) >= most {
		return l.calls[0].Add(time.Minute).Sub(now)
	}
	l.calls = append(l.calls, now)
	return 0
}

// overPace counts a post and says how long it comes too early: one a second,
// and as many at once as the burst.
func (l *limit) overPace(now time.Time, burst float64) time.Duration {
	if !l.filled.IsZero() {
		l.tokens = min(burst, l.tokens+now.Sub(l.filled).Seconds())
	}
	l.filled = now
	if l.tokens < 1 {
		return time.Duration((1 - l.tokens) * float64(time.Second))
	}
	l.tokens--
	return 0
}

func (s *Server) overCeiling(c *Call) time.Duration {
	return s.limitAt(c.App+"/"+c.Team+"/posts").overTier(c.At, s.opts.WorkspacePerMinute)
}

// seconds rounds up, since a caller that waits less is too early.
func seconds(d time.Duration) int { return max(1, int(math.Ceil(d.Seconds()))) }
