package slack

import (
	"maps"
	"sync"
	"time"

	"github.com/synthoperator/baton/chat"
)

// drafts are what people had typed into forms that they closed: by person, place
// and verb. They are offered again, and gone when the form is sent or after a day.
type drafts struct {
	now func() time.Time

	mu  sync.Mutex
	all map[draftKey]draft
}

type draftKey struct{ person, thread, verb, in string }

type draft struct {
	values values
	at     time.Time
}

// values are what stands in a form, by the names of its inputs.
type values map[string]string

const (
	draftLife  = 24 * time.Hour
	mostDrafts = 2000
)

func newDrafts(now func() time.Time) *drafts { return &drafts{now: now, all: map[draftKey]draft{}} }

// over puts values in place of what stands in inputs.
func (v values) over(inputs []chat.Input) []chat.Input {
	if len(v) == 0 {
		return inputs
	}
	out := make([]chat.Input, len(inputs))
	for i, in := range inputs {
		if value, ok := v[in.Name]; ok {
			in.Value = value
		}
		out[i] = in
	}
	return out
}

func (w *work) draftOf(verb string, args map[string]string) draftKey {
	return draftKey{w.call.Person.ID, w.call.Thread.Key(), verb, args["in"] + "/" + args["phase"]}
}

// draft is the key of the form that was closed or sent.
func (w *work) draft() draftKey { return w.draftOf(w.meta.Verb, w.meta.Args) }

// keep keeps what somebody changed in a form before closing it. What they left as
// it was is filled in anew the next time, since it may have changed by then.
func (d *drafts) keep(key draftKey, v view, meta formMeta) {
	entered, stood, typed := formValues(v.State, meta), v.stood(), values{}
	for name, was := range stood {
		if now := entered[name]; now != was {
			typed[name] = now
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(typed) == 0 {
		return
	}
	now := d.now()
	if len(d.all) >= mostDrafts {
		maps.DeleteFunc(d.all, func(_ draftKey, old draft) bool { return now.Sub(old.at) > draftLife/4 })
	}
	if len(d.all) < mostDrafts {
		d.all[key] = draft{typed, now}
	}
}

// of is what was kept; nil where nothing was.
func (d *drafts) of(key draftKey) values {
	d.mu.Lock()
	defer d.mu.Unlock()
	kept, ok := d.all[key]
	if !ok || d.now().Sub(kept.at) > draftLife {
		delete(d.all, key)
		return nil
	}
	return kept.values
}

func (d *drafts) clear(key draftKey) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.all, key)
}
