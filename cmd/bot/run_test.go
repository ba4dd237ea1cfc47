package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/synthoperator/baton/adapters/console"
	"github.com/synthoperator/baton/state"
	"github.com/synthoperator/baton/state/memory"
)

// brittle is a backend whose commits fail.
type brittle struct{ state.Backend }

var errDisk = errors.New("input/output error")

func (brittle) Commit(context.Context, state.Write) error { return errDisk }

func testJob(t *testing.T, out io.Writer) *job {
	return &job{Context: t.Context(), config: DefaultConfig(), streams: streams{out: out}, log: newLogger(LogConfig{Format: "off"}, io.Discard)}
}

// Where the log cannot be written the answer says so, and the program fails,
// also where that was the last line there was.
func TestALogThatCannotBeWrittenEndsTheProgram(t *testing.T) {
	said := func(in string, out io.Writer) part {
		return func(ctx context.Context, p *parts) error {
			return console.Run(ctx, console.Options{In: strings.NewReader(in), Out: out, Handler: p.router})
		}
	}
	for _, in := range []string{"start product-launch Launch\n", "start product-launch Launch\nstatus\nlist\n"} {
		var out bytes.Buffer
		j := testJob(t, &out)
		err := j.serveOver(brittle{memory.New()}, nil, said(in, &out))
		if !errors.Is(err, errDisk) || exitCode(err) != exitFailed {
			t.Errorf("%q: %v, exit code %d", in, err, exitCode(err))
		}
		first, _, _ := strings.Cut(out.String(), "\n")
		if !strings.HasPrefix(first, "baton@general| Not accepted") {
			t.Errorf("%q: %q", in, first)
		}
	}
	err := testJob(t, io.Discard).serveOver(brittle{memory.New()}, nil, func(ctx context.Context, p *parts) error {
		_ = said("start product-launch Launch\n", io.Discard)(context.WithoutCancel(ctx), p)
		return nil // it has not noticed
	})
	if !errors.Is(err, errDisk) {
		t.Errorf("a part that ends well hides it: %v", err)
	}
}

func TestToldToStopIsNoFailure(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	j := testJob(t, io.Discard)
	j.Context = ctx
	in, w := io.Pipe()
	defer w.Close()
	err := j.serveOver(memory.New(), nil, func(ctx context.Context, p *parts) error {
		cancel()
		return console.Run(ctx, console.Options{In: in, Out: io.Discard, Handler: p.router})
	})
	if err != nil {
		t.Error(err)
	}
}

// What was built is closed, last first, also where one of them fails.
func TestPartsAreClosedInReverse(t *testing.T) {
	var order string
	p := &parts{}
	for _, name := range []string{"a", "b", "c"} {
		p.closers = append(p.closers, func() error {
			order += name
			return errors.New(name)
		})
	}
	if err := p.close(); order != "cba" || err == nil || !strings.Contains(err.Error(), "a") {
		t.Errorf("%s, %v", order, err)
	}
	if err := p.close(); err != nil || order != "cba" {
		t.Errorf("closed twice: %s, %v", order, err)
	}
}

func TestTheLog(t *testing.T) {
	secret := "xox" + "b-123456789012-AbCdEfGhIjKl"
	for _, test := range []struct {
		config LogConfig
		raw    bool
		want   string
	}{
		{LogConfig{"text", "warn"}, false, "token=[redacted]\n"},
		{LogConfig{"text", "warn"}, true, "token=[redacted]\r\n"},
		{LogConfig{"json", "warn"}, false, `"token":"[redacted]"}` + "\n"},
		{LogConfig{"off", "warn"}, false, ""},
		{LogConfig{"text", "error"}, false, ""},
	} {
		var out bytes.Buffer
		log := newLogger(test.config, &out)
		log.out.raw = test.raw
		log.Info("nothing")
		log.Warn("post", "token", secret)
		if got := out.String(); !strings.HasSuffix(got, test.want) || test.want == "" && got != "" || strings.Contains(got, secret) || strings.Contains(got, "nothing") {
			t.Errorf("%v: %q", test, got)
		}
		if test.config.Format == "json" && !json.Valid(out.Bytes()) {
			t.Errorf("no JSON: %q", out.String())
		}
	}
}

func TestErrorsShowNoSecret(t *testing.T) {
	secret := "xox" + "b-123456789012-AbCdEfGhIjKl"
	var out, errs bytes.Buffer
	code := report(streams{out: &out, err: &errs}, true, errors.New("401 for "+secret))
	if code != exitFailed || strings.Contains(out.String()+errs.String(), secret) || !strings.Contains(errs.String(), "bot: 401 for [redacted]") {
		t.Errorf("%d: %s%s", code, out.String(), errs.String())
	}
}
