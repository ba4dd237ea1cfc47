package commands

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
)

type announceArgs struct {
	Mode string `pos:"keyword" choices:"all,phases,off" help:"what this channel hears by itself: everything, phase changes, or nothing"`
	To   string `help:"a further channel that is told what this one hears; off for none"`
	Text string `pos:"rest" help:"a message from this session for the whole channel"`
}

func announce() Command {
	return declare(about{
		Name: "announce", Help: "Say what a channel hears of its sessions and who else does, or tell it something",
		Example: "announce phases", Natural: readAnnounceTo,
	}, doAnnounce)
}

// readAnnounceTo reads "to slack/T1/C2", "to #general", "to off". More words are
// something to announce.
func readAnnounceTo(text string) (map[string]string, bool) {
	to, ok := cutWord(strings.TrimSpace(text), "to")
	if !ok || strings.HasPrefix(to, ":") || strings.ContainsFunc(to, unicode.IsSpace) {
		return nil, false
	}
	return map[string]string{"to": to}, true
}

func doAnnounce(t *turn, a announceArgs) (chat.Message, error) {
	switch {
	case a.To != "":
		return t.announceTo(a)
	case a.Mode != "":
		return t.announceMode(a)
	case a.Text != "":
		return t.announceText(a.Text)
	}
	in, err := t.here()
	if err != nil {
		return chat.Message{}, err
	}
	mode, to := in.Channel.Announce()
	text := fmt.Sprintf("This channel hears %s.", modeText(mode))
	return say(text+" Change it with `announce all`, `announce phases`, `announce off`, `announce to <channel>` or `announce to off`.", t.toldTo(to)...), nil
}

func (t *turn) announceText(text string) (chat.Message, error) {
	if strings.EqualFold(text, "to") {
		return chat.Message{}, orchestration.Refuse("to which channel?").Try("announce to #general", "announce to off")
	}
	for _, mode := range [...]string{"all", "phases", "off"} {
		if distance(strings.ToLower(text), mode) <= len(mode)/3 {
			return chat.Message{}, orchestration.Refuse("%q is no mode, and too little to tell a channel", text).Try("announce "+mode, "announce We launch on Monday")
		}
	}
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		return s.Announce(t.by, in, text, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	if _, ok := first[orchestration.Announced](res.Entry); !ok {
		return chat.Message{}, errOther
	}
	if len(res.Entry.Because()) > 0 {
		return say("Announced" + becauseOf(res.Entry.Because()) + "."), nil
	}
	return say("Announced."), nil
}

func (t *turn) announceMode(a announceArgs) (chat.Message, error) {
	if t.in > 0 {
		return chat.Message{}, orchestration.Refuse("what a channel hears is set for the channel, not for one session").Try("announce " + a.Mode)
	}
	if a.Text != "" {
		return chat.Message{}, orchestration.Refuse("`announce %s` takes no more words; to tell the channel something, begin with another word", a.Mode).
			Try("announce "+a.Mode, "announce We launch on Monday")
	}
	res, err := t.set(false, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
		_, to := s.Announce()
		return s.SetAnnouncements(t.by, in, orchestration.AnnounceMode(a.Mode), to, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	mode, _ := res.After.Announce()
	return say(fmt.Sprintf("From now on this channel hears %s%s.", modeText(mode), becauseOf(t.because))), nil
}

// announceTo adds a channel that is told what this one hears, or takes all of
// them off.
func (t *turn) announceTo(a announceArgs) (chat.Message, error) {
	if a.Mode != "" || a.Text != "" {
		return chat.Message{}, orchestration.Refuse("one thing at a time: what this channel hears, or which further channel does").Try("announce phases", "announce to #general")
	}
	if t.in > 0 {
		return chat.Message{}, orchestration.Refuse("what a channel hears is set for the channel, not for one session").Try("announce to " + short(a.To, 80))
	}
	var add orchestration.ChannelKey
	if !off(a.To) {
		var err error
		if add, err = t.destination(a.To); err != nil {
			return chat.Message{}, err
		}
	}
	res, err := t.set(false, func(s orchestration.Settings, in orchestration.Room) (orchestration.Decision, error) {
		mode, to := s.Announce()
		if add == "" {
			return s.SetAnnouncements(t.by, in, mode, nil, t.because)
		}
		if !strings.HasPrefix(string(add), t.call.Thread.WorkspaceKey()+"/") {
			if err := in.MayTellOutside(t.by); err != nil {
				return orchestration.Decision{}, err
			}
		}
		return s.SetAnnouncements(t.by, in, mode, append(slices.Clone(to), add), t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	if _, to := res.After.Announce(); len(to) > 0 {
		return say(fmt.Sprintf("From now on what this channel hears is told elsewhere too%s.", becauseOf(t.because)), t.toldTo(to)...), nil
	}
	return say(fmt.Sprintf("From now on what this channel hears is told nowhere else%s.", becauseOf(t.because))), nil
}

// destination reads a channel: its key, which has the platform and workspace in
// it; or, for one of this workspace, a mention or its id alone.
func (t *turn) destination(text string) (orchestration.ChannelKey, error) {
	here := t.call.Thread.Parent()
	var to chat.Thread
	var err error
	switch id, mention := channelMention(text); {
	case mention:
		to, err = chat.NewThread(here.Platform(), here.Workspace(), id, "")
	case strings.Contains(text, "/"):
		to, err = chat.ParseThread(text)
	default:
		id = strings.TrimPrefix(text, "#")
		if !sameShape(id, here.Channel()) {
			return "", orchestration.Refuse("%q is no channel's id here: mention the channel, or give its key", short(text, 40)).Try("announce to " + here.WorkspaceKey() + "/…")
		}
		to, err = chat.NewThread(here.Platform(), here.Workspace(), id, "")
	}
	switch {
	case err != nil:
		return "", orchestration.Refuse("%q names no channel: a channel's key has a platform, a workspace and a channel", short(text, 60)).
			Try("announce to slack/T024BE7LD/C024BE91L", "announce to #general")
	case !to.InChannel():
		return "", orchestration.Refuse("%q is a thread, and announcements go to channels", short(text, 60)).Try("announce to " + to.Parent().Key())
	case to == here:
		return "", orchestration.Refuse("this is the channel itself, and it hears its own announcements anyway").Try("announce")
	}
	return orchestration.ChannelKey(to.Key()), nil
}

// channelMention reads "<#C123|name>" and "<#C123>", as platforms write a
// mention of a channel.
func channelMention(text string) (id string, ok bool) {
	id, ok = strings.CutPrefix(text, "<#")
	if !ok || !strings.HasSuffix(id, ">") {
		return "", false
	}
	id, _, _ = strings.Cut(strings.TrimSuffix(id, ">"), "|")
	return id, id != ""
}

// sameShape reports whether a text could be an id where another one is: a name,
// which can change, is no id where ids have no small letters.
func sameShape(id, other string) bool {
	small := func(s string) bool { return strings.ContainsFunc(s, unicode.IsLower) }
	return id != "" && !strings.ContainsAny(id, "<>@#|") && (small(other) || !small(id))
}

// toldTo are the channels that are told what this one hears. One of this
// workspace is pointed to, so that people read its name; another has its key.
func (t *turn) toldTo(keys []orchestration.ChannelKey) []chat.Block {
	var out []chat.Block
	for _, key := range keys {
		to, err := chat.ParseThread(string(key))
		if err != nil || to.WorkspaceKey() != t.call.Thread.WorkspaceKey() {
			out = append(out, chat.Paragraph("Also told: "+string(key)))
			continue
		}
		out = append(out, chat.Pointer{Label: "Also told", To: chat.Ref{Thread: to}})
	}
	return out
}

func modeText(m orchestration.AnnounceMode) string {
	switch m {
	case orchestration.AnnounceAll:
		return "phase changes, overrides, approvals, and changes of persona and owner"
	case orchestration.AnnounceOff:
		return "nothing of its sessions by itself"
	}
	return "when a session starts, changes phase and ends"
}
