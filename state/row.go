package state

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/synthoperator/baton/orchestration"
)

// numberKey is the key of a channel's row for the session of that number.
func numberKey(channel orchestration.ChannelKey, n int) string {
	return string(binary.BigEndian.AppendUint64([]byte(channelRows(channel)), uint64(n)))
}

// channelRows is what all keys of a channel's rows begin with.
func channelRows(channel orchestration.ChannelKey) string { return string(channel) + "\x00" }

// splitNumberKey takes apart what numberKey made.
func splitNumberKey(key string) (orchestration.ChannelKey, int, error) {
	at := len(key) - 9
	if at < 0 || key[at] != 0 {
		return "", 0, &Damaged{Why: fmt.Sprintf("row %q has no number", key)}
	}
	return orchestration.ChannelKey(key[:at]), int(binary.BigEndian.Uint64([]byte(key[at+1:]))), nil
}

// Where is the value of a row in [SpaceKey].
func (h Head) Where() []byte {
	return append(binary.AppendUvarint(nil, h.Seq), h.Stream...)
}

// ParseWhere reads what [Head.Where] wrote.
func ParseWhere(value []byte) (Head, error) {
	seq, n := binary.Uvarint(value)
	if n <= 0 || n == len(value) {
		return Head{}, &Damaged{Why: "a key's row says no place"}
	}
	return Head{Stream(value[n:]), seq}, nil
}

// row is one row, or false.
func (st *Store) row(ctx context.Context, space Space, key string) ([]byte, bool, error) {
	if err := st.usable(ctx); err != nil {
		return nil, false, err
	}
	if key == "" {
		return nil, false, nil
	}
	rows, err := st.backend.Rows(ctx, Query{Space: space, Key: key})
	if err != nil {
		return nil, false, st.damaged(err)
	}
	if len(rows) == 0 {
		return nil, false, nil
	}
	return rows[0].Value, true, nil
}

// count is the number of a channel's newest session.
func (st *Store) count(ctx context.Context, channel orchestration.ChannelKey) (int, error) {
	if n, ok := st.counts.get(string(channel)); ok {
		return n, nil
	}
	rows, err := st.backend.Rows(ctx, Query{Space: SpaceChannel, Prefix: channelRows(channel), Reverse: true, Limit: 1})
	if err != nil {
		return 0, st.damaged(err)
	}
	n := 0
	if len(rows) > 0 {
		if _, n, err = splitNumberKey(rows[0].Key); err != nil {
			return 0, err
		}
	}
	st.counts.put(string(channel), n, func(old int) bool { return old > n })
	return n, nil
}

// forgetCount drops what is remembered of a channel in which somebody else
// started a session.
func (st *Store) forgetCount(err error) {
	var c *Conflict
	if !errors.As(err, &c) || c.Row.Space != SpaceChannel {
		return
	}
	if channel, _, err := splitNumberKey(c.Row.Key); err == nil {
		st.counts.drop(string(channel))
	}
}
