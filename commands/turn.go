package commands

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/library"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// turn is one call while it is answered.
type turn struct {
	ctx     context.Context //nolint:containedctx // a turn lives exactly as long as its call
	r       *Router
	call    chat.Call
	cmd     *Command
	by      orchestration.Human
	lib     *library.Snapshot
	because string
	// everywhere says that the whole workspace's settings are meant.
	everywhere bool
	in         int             // the session asked for by its number in the channel, or 0
	acted      state.SessionID // the session a verb typed in the channel turned out to mean
	// alone says that the answer is for whoever called: it speaks of a review that
	// others, who read the same thread, may not know of.
	alone bool
}

func sessionNumber(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.TrimPrefix(text, "#"))
	if err != nil || n < 1 {
		return 0, orchestration.Refuse("a session's number is 1 or more, not %q", short(text, 20)).Try("list")
	}
	return n, nil
}

func (t *turn) channel() orchestration.ChannelKey {
	return orchestration.ChannelKey(t.call.Thread.Parent().Key())
}

func (t *turn) thread() orchestration.ThreadKey {
	if t.call.Thread.InChannel() {
		return ""
	}
	return orchestration.ThreadKey(t.call.Thread.Key())
}

func (t *turn) now() time.Time { return t.r.now() }

// lookUp is the session the call names: its thread's, or the one asked for by
// number. In a channel without a number there is none.
func (t *turn) lookUp() (id state.SessionID, ok bool, err error) {
	if thread := t.thread(); thread != "" {
		id, ok, err = t.r.store.InThread(t.ctx, thread)
		if err == nil && t.in > 0 {
			err = t.sameSession(id)
		}
		return id, ok, err
	}
	if t.in > 0 {
		id, ok, err := t.r.store.ByNumber(t.ctx, t.channel(), t.in)
		if err == nil && !ok {
			err = orchestration.Refuse("this channel has no session %d", t.in).Try("list")
		}
		t.acted = id
		return id, ok, err
	}
	return "", false, nil
}

// sameSession refuses a number that is not the thread's own session: work in
// the wrong thread is worse than no work.
func (t *turn) sameSession(id state.SessionID) error {
	n, err := t.r.store.Number(t.ctx, id)
	if err != nil || n == t.in {
		return err
	}
	return orchestration.Refuse("this is not the thread of session %d", t.in).Try("list sessions")
}

// findFrom is lookUp, and in a channel the only open session, or a picker.
func (t *turn) findFrom() (state.SessionID, error) {
	id, ok, err := t.lookUp()
	if ok || err != nil {
		return id, err
	}
	if !t.call.Thread.InChannel() {
		return t.awaited()
	}
	if id, ok, err := t.meant(); ok || err != nil {
		t.acted = id
		return id, err
	}
	open, err := t.r.store.Sessions(t.ctx, t.channel(), state.Page{OnlyOpen: true, Limit: mostPicked + 1})
	if err != nil {
		return "", err
	}
	switch len(open) {
	case 0:
		return "", orchestration.Refuse("no session is open in this channel").Try("start product-launch …", "list")
	case 1:
		t.acted = open[0].ID
		return open[0].ID, nil
	}
	return "", pick{open: open}
}

// meant is the session that this very delivery decided on before: what was
// started or ended in the channel since does not change what it meant.
func (t *turn) meant() (state.SessionID, bool, error) {
	where, _, ok, err := t.r.store.Seen(t.ctx, t.call.ID)
	if err != nil || !ok {
		return "", false, err
	}
	id, ok := where.Session()
	return id, ok, nil
}

// pick is the answer to a verb that could mean several sessions.
type pick struct {
	open []state.Listed
	verb string
	args map[string]string // what was said goes along; nil where that cannot
	form bool
}

// mostPicked is how many sessions one is chosen from; who has more names it.
const mostPicked = 6

// picking is an error with what was said, where it asks which session that meant.
// A person whom a text names by a word is known only with that text, so that one
// has to be typed again.
func (t *turn) picking(w words, err error) error {
	var several pick
	if !errors.As(err, &several) {
		return err
	}
	several.verb, several.form, several.args = t.cmd.spec.Name, t.call.Form, map[string]string{}
	for name, value := range w.values {
		if _, entered := t.call.Args[name]; !entered {
			if _, _, named := t.mentioned(value); named {
				several.args = nil
				return several
			}
		}
		several.args[name] = value
	}
	if w.because != "" {
		several.args["because"] = w.because
	}
	return several
}

func (pick) Error() string { return "several sessions are open in this channel" }

// room is what surrounds a session while somebody decides.
func (t *turn) room(v state.View, channel orchestration.ChannelKey) (orchestration.Room, error) {
	in := orchestration.Room{Now: v.Now(), Shelf: t.lib, Everywhere: t.everywhere, Admins: t.admins(), Vouched: t.vouched(), Calendars: t.r.calendars}
	var err error
	if in.Channel, err = v.Channel(channel); err != nil {
		return in, err
	}
	in.Workspace, err = v.Workspace(t.call.Thread.WorkspaceKey())
	return in, err
}

// admins are those the operator named, and whoever types at the operator's own
// keyboard.
func (t *turn) admins() []orchestration.PersonID {
	if !t.call.Operator {
		return t.r.admins
	}
	return append(t.r.admins[:len(t.r.admins):len(t.r.admins)], t.by.ID())
}

// vouched is the role that the platform vouches for. A word that is no role is
// none.
func (t *turn) vouched() map[orchestration.PersonID]orchestration.Role {
	role, err := orchestration.ParseRole(t.call.Role)
	if err != nil {
		return nil
	}
	return map[orchestration.PersonID]orchestration.Role{t.by.ID(): role}
}

// here is the room as it stands now, for screens.
func (t *turn) here() (orchestration.Room, error) {
	channel, err := t.r.store.Channel(t.ctx, t.channel())
	if err != nil {
		return orchestration.Room{}, err
	}
	workspace, err := t.r.store.Workspace(t.ctx, t.call.Thread.WorkspaceKey())
	return orchestration.Room{Now: t.now(), Shelf: t.lib, Channel: channel, Workspace: workspace, Admins: t.admins(), Vouched: t.vouched(), Calendars: t.r.calendars}, err
}

// decide has a person decide on the session the call means. When it returns
// without an error, the decision is in the log.
func (t *turn) decide(d func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error)) (state.Result, error) {
	id, err := t.findFrom()
	if err != nil {
		return state.Result{}, err
	}
	res, err := t.r.store.Update(t.ctx, state.Change{
		Key: t.call.ID, Session: id, Contents: t.contents,
		Decide: func(v state.View, s orchestration.Session) (orchestration.Decision, error) {
			in, err := t.room(v, s.Channel())
			if err != nil {
				return orchestration.Decision{}, err
			}
			return d(s, in)
		},
	})
	t.alone = t.alone || err == nil && res.After.Keeps(res.Entry)
	return res, err
}

// set has a person decide on the settings of the call's channel, or of its
// workspace.
func (t *turn) set(workspace bool, d func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error)) (state.SettingResult, error) {
	stream := state.ChannelStream(t.channel())
	if workspace {
		stream = state.WorkspaceStream(t.call.Thread.WorkspaceKey())
		t.everywhere = true
	}
	return t.r.store.UpdateSettings(t.ctx, state.SettingChange{
		Key: t.call.ID, Stream: stream, Contents: t.contents,
		Decide: func(v state.View, s orchestration.Settings) (orchestration.Decision, error) {
			in, err := t.room(v, t.channel())
			if err != nil {
				return orchestration.Decision{}, err
			}
			return d(s, in)
		},
	})
}

// session is the session the call means, for verbs that only read.
func (t *turn) session() (shown, error) {
	id, err := t.findFrom()
	if err != nil {
		return shown{}, err
	}
	return t.load(id)
}

func (t *turn) load(id state.SessionID) (shown, error) {
	s, err := t.r.store.Session(t.ctx, id)
	if err != nil {
		return shown{}, err
	}
	number, err := t.r.store.Number(t.ctx, id)
	if err != nil {
		return shown{}, err
	}
	t.alone = t.alone || s.Reviewing()
	in, err := t.here()
	return shown{t: t, Session: s, id: id, number: number, in: in}, err
}

// after is the session as a decision left it, for the answer.
func (t *turn) after(res state.Result) shown {
	return shown{t: t, Session: res.After, id: res.ID, number: res.Number}
}

// person is somebody named in the text: a mention that the platform vouches
// for, since names can be imitated.
func (t *turn) person(text string) (orchestration.Human, error) {
	text = strings.TrimRight(strings.TrimSpace(text), ".,;")
	if strings.EqualFold(text, "me") || strings.EqualFold(text, "@me") {
		return t.by, nil
	}
	for _, name := range [...]string{text, "@" + text} {
		if p, ok := t.call.Mentions[name]; ok {
			return orchestration.NewHuman(orchestration.PersonID(p.Key(t.call.Thread)), p.Name), nil
		}
	}
	return orchestration.Human{}, orchestration.Refuse("%q names nobody here: mention the person, as in @ana", short(text, 40))
}

// mentioned takes the first person named by a mention out of a text.
func (t *turn) mentioned(text string) (who orchestration.Human, rest string, ok bool) {
	for _, word := range strings.Fields(text) {
		if p, found := t.call.Mentions[strings.TrimRight(word, ".,;:")]; found {
			who := orchestration.NewHuman(orchestration.PersonID(p.Key(t.call.Thread)), p.Name)
			return who, strings.Join(strings.Fields(strings.Replace(text, word, "", 1)), " "), true
		}
	}
	return orchestration.Human{}, text, false
}

// skillNames resolves what was typed to names the library knows exactly, with a
// note where it took more than the exact name.
func (t *turn) skillNames(texts []string) (names []orchestration.SkillName, notes []string, err error) {
	for _, text := range texts {
		m, err := t.lib.FindSkill(text)
		if err != nil {
			return nil, nil, err
		}
		names = append(names, m.SkillName())
		if m.Note != "" {
			notes = append(notes, m.Note)
		}
	}
	return names, notes, nil
}

// personaName resolves one persona; "none" and "nobody" are the zero name.
func (t *turn) personaName(text string) (orchestration.PersonaName, string, error) {
	name, err := orchestration.ParsePersonaName(text)
	if err == nil && name.IsZero() {
		return name, "", nil
	}
	m, err := t.lib.FindPersona(text)
	if err != nil {
		return name, "", err
	}
	return m.PersonaName(), m.Note, nil
}
