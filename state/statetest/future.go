package statetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"testing"

	"github.com/synthoperator/baton/state"
)

// FromTheFuture appends a record to a session as a newer release would write
// it, with an event that this one does not know. It is put together here from
// the description of the format, so that the format has a second witness.
func FromTheFuture(t *testing.T, b state.Backend, id state.SessionID) {
	t.Helper()
	s := state.SessionStream(id)
	records, err := b.Read(ctx, s, 0, 1000)
	if err != nil || len(records) == 0 {
		t.Fatal(len(records), err)
	}
	seq := uint64(len(records))
	payload := []byte(`{"at":"2030-01-01T00:00:00Z","by":{"id":"p/w/ana","name":"ana"},"events":[{"type":"brain-uploaded"}]}`)
	number := binary.BigEndian.AppendUint64(nil, seq+1)
	before := records[seq-1][1:17]
	link := sha256.Sum256(bytes.Join([][]byte{before, []byte(s), number, payload}, nil))
	record := bytes.Join([][]byte{{1}, link[:16], payload}, nil)
	sum := crc32.Checksum(bytes.Join([][]byte{[]byte(s), number, record}, nil), crc32.MakeTable(crc32.Castagnoli))
	record = binary.BigEndian.AppendUint32(record, sum)
	if err := b.Commit(ctx, write(s, seq, string(record))); err != nil {
		t.Fatal(err)
	}
}
