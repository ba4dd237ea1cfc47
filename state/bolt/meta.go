package bolt

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"os"

	"github.com/synthoperator/baton/state"
)

// The layout of bbolt's meta page, in the machine's byte order, after
// https://github.com/etcd-io/bbolt/blob/v1.5.0/internal/common/meta.go
const (
	pageHeader = 16
	metaLen    = 64
	metaMagic  = 0xED0CDAED
	metaFormat = 2

	branchPage   = 0x01
	leafPage     = 0x02
	metaPage     = 0x04
	freelistPage = 0x10
)

// meta is what one of the two meta pages says. They are written in turn; the
// valid one of the newer transaction holds.
type meta struct {
	pageSize int
	root     uint64 // the page of the bucket that holds all buckets
	sequence uint64
	freelist uint64
	end      uint64 // the first page that is not in use
	txid     uint64
	err      error // why it is not valid
}

var order = binary.NativeEndian

func parseMeta(page []byte, id uint64) meta {
	if len(page) < pageHeader+metaLen {
		return meta{err: fmt.Errorf("meta page %d is cut off", id)}
	}
	b := page[pageHeader:]
	h := fnv.New64a()
	h.Write(b[:56])
	switch {
	case order.Uint32(b) != metaMagic || order.Uint32(b[4:]) != metaFormat:
		return meta{err: fmt.Errorf("meta page %d is none", id)}
	case order.Uint64(b[56:]) != h.Sum64():
		return meta{err: fmt.Errorf("the checksum of meta page %d does not match", id)}
	}
	m := meta{
		pageSize: int(order.Uint32(b[8:])), root: order.Uint64(b[16:]), sequence: order.Uint64(b[24:]),
		freelist: order.Uint64(b[32:]), end: order.Uint64(b[40:]), txid: order.Uint64(b[48:]),
	}
	if order.Uint64(page) != id || order.Uint16(page[8:]) != metaPage {
		m.err = fmt.Errorf("the header of meta page %d does not match", id)
	}
	return m
}

// metas are the two meta pages of a file and which of them holds.
type metas struct {
	both [2]meta
	now  meta
	size int64 // of the file
}

// readMetas reads the meta pages without bbolt, which can end the process on
// a file that is cut off.
func readMetas(path string) (metas, error) {
	f, err := os.Open(path)
	if err != nil {
		return metas{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return metas{}, err
	}
	ms := metas{size: info.Size()}
	size := os.Getpagesize()
	page := make([]byte, pageHeader+metaLen)
	for id := range ms.both {
		n, err := f.ReadAt(page, int64(id)*int64(size))
		if err != nil && err != io.EOF {
			return ms, err
		}
		ms.both[id] = parseMeta(page[:n], uint64(id))
		if id == 0 && ms.both[0].err == nil {
			size = ms.both[0].pageSize
		}
	}
	return ms, ms.choose()
}

// choose finds the meta page that holds.
func (ms *metas) choose() error {
	for _, m := range ms.both {
		if m.err == nil && m.txid >= ms.now.txid && m.pageSize > 0 {
			ms.now = m
		}
	}
	if ms.now.pageSize == 0 {
		return &state.Damaged{Why: fmt.Sprintf("no meta page is valid: %v; %v", ms.both[0].err, ms.both[1].err)}
	}
	if whole := int64(ms.now.end) * int64(ms.now.pageSize); ms.size < whole {
		return &state.Damaged{Why: fmt.Sprintf("the file is cut off: it has %d bytes and should have %d", ms.size, whole)}
	}
	return nil
}
