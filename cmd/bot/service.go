package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/synthoperator/baton/chat"
)

// service is what platforms have in common while they are served.
type service struct {
	job      *job
	platform string // as threads name it
	title    string // as people write it
	log      *slog.Logger
	health   *health
	host     *host // where its deliveries are taken; nil where it connects out
}

// newService is a platform that is about to be served. listens says that its
// deliveries are taken at an address: its own, or that of the web.
func (j *job) newService(h *hosts, platform, title string, listens bool, address string) service {
	s := service{job: j, platform: platform, title: title, log: j.log.Logger, health: newHealth(title, j.log.Logger)}
	if listens {
		if address == "" {
			address = j.config.Web.Listen
		}
		s.host = h.on(address)
		s.host.here = append(s.host.here, s.health)
	}
	return s
}

// ready waits until it can be reached, in both directions. It is false where ctx
// ends before that.
func (s *service) ready(ctx context.Context) bool {
	return waited(ctx, s.health.first) && s.listens(ctx)
}

// listens waits until its address is listened on, where it has one.
func (s *service) listens(ctx context.Context) bool {
	return s.host == nil || waited(ctx, s.host.listening)
}

func waited(ctx context.Context, done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

// announce tells whoever started the program that a platform is served.
func (s *service) announce(as served) error {
	as.Platform = s.platform
	if s.host != nil {
		as.Listen = s.host.at
	}
	return s.job.announceStart(as)
}

// platform is a platform that is served.
type platform interface {
	// open builds it over the log, before anything is said.
	open(p *parts) (chat.Poster, error)
	// run listens until ctx ends, or until it can never be served again.
	run(ctx context.Context, p *parts) error
	// common is what it has in common with others.
	common() *service
}

func (s *service) common() *service { return s }

// opened builds all platforms, and says by what Baton speaks on each.
func opened(all []platform, h *hosts) opening {
	return func(p *parts) (map[string]chat.Poster, error) {
		posters := map[string]chat.Poster{}
		for _, one := range all {
			poster, err := one.open(p)
			if err != nil {
				return nil, err
			}
			s := one.common()
			posters[s.platform] = poster
			h.watch(s.platform, s.health)
		}
		return posters, nil
	}
}

// runAll runs all platforms on one log. One that ends for good leaves the
// others as they are, loudly; where all have, it ends with what ended them.
func runAll(all []platform) part {
	return func(ctx context.Context, p *parts) error {
		type end struct {
			*service
			err error
		}
		ends := make(chan end, len(all))
		for _, one := range all {
			go func() { ends <- end{one.common(), one.run(ctx, p)} }()
		}
		var failed []error
		for range all {
			e := <-ends
			if e.err == nil {
				e.err = fmt.Errorf("%s has ended", e.title)
			}
			failed = append(failed, e.err)
			if ctx.Err() == nil && len(all) > 1 {
				e.health.set(false, e.err.Error())
				e.log.Error(e.title+" is not served any more; the rest is", "err", e.err)
			}
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return errors.Join(failed...)
	}
}
