package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

// logText is everything recorded: one decision a line, each stream under its
// name, in the order in which they began. A log of one session has no name.
func logText(t *testing.T, st *state.Store, b state.Backend) string {
	t.Helper()
	streams := streamsOf(t, b)
	var out strings.Builder
	for _, s := range streams {
		indent := ""
		if len(streams) > 1 {
			fmt.Fprintf(&out, "%s\n", streamName(t, st, s))
			indent = "  "
		}
		for e, err := range st.Entries(t.Context(), s, 0) {
			if err != nil {
				t.Fatal(err)
			}
			line := fmt.Sprintf("%s%d %s %s", indent, e.Seq, e.By(), orchestration.Describe(e.Decision))
			if e.Because() != "" {
				line += ", because " + e.Because()
			}
			fmt.Fprintln(&out, line)
		}
	}
	return out.String()
}

func streamsOf(t *testing.T, b state.Backend) []state.Stream {
	t.Helper()
	var all []state.Stream
	for after := uint64(0); ; {
		records, err := b.Log(t.Context(), after, 100)
		if err != nil {
			t.Fatal(err)
		}
		if len(records) == 0 {
			return all
		}
		for _, r := range records {
			if after = r.Pos; !slices.Contains(all, r.Stream) {
				all = append(all, r.Stream)
			}
		}
	}
}

func streamName(t *testing.T, st *state.Store, s state.Stream) string {
	t.Helper()
	id, ok := s.Session()
	if !ok {
		kind, key, _ := strings.Cut(string(s), "/")
		if kind == "w" {
			return "workspace"
		}
		return "channel " + channelName(key)
	}
	session, err := st.Session(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if thread, err := chat.ParseThread(string(session.Thread())); err == nil {
		return thread.Channel() + "/" + thread.Root()
	}
	return channelName(string(session.Channel()))
}
