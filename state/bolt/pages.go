package bolt

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/synthoperator/baton/state"
)

// pages reads the pages of a file one by one, with every bound checked, where
// bbolt would follow a damaged number out of the file and end the process. The
// layout is that of
// https://github.com/etcd-io/bbolt/blob/v1.5.0/internal/common/page.go
type pages struct {
	ctx  context.Context
	file io.ReaderAt
	meta meta
	used []bool // page → it is part of something; nil where nobody asks
	tell func(format string, args ...any)
	row  func(bucket string, key, value []byte) // called for every row
}

const (
	elementLen   = 16 // of branch and of leaf pages
	bucketLen    = 16 // of a bucket's value: root page, sequence
	bucketFlag   = 1  // of a leaf's element: it is a bucket
	manyFreeIDs  = 0xFFFF
	maxTreeDepth = 64
)

// span is the keys that a page may hold: from low, below high.
type span struct{ low, high []byte }

// check walks over everything that is in use and the list of what is not.
func (p *pages) check() {
	if p.meta.sequence != 0 {
		p.tell("the bucket of all buckets has a sequence")
	}
	p.used = make([]bool, p.meta.end)
	p.take(0, 1)
	p.take(1, 1)
	p.tree(p.meta.root, "", span{}, 0)
	p.free(p.meta.freelist)
	for id, used := range p.used {
		if !used {
			p.tell("page %d is neither in use nor free", id)
		}
	}
}

// take marks pages as used; false where they are not there or used already.
func (p *pages) take(id, n uint64) bool {
	if id >= p.meta.end || n > p.meta.end-id {
		p.tell("page %d and %d after it lie beyond the end, page %d", id, n-1, p.meta.end)
		return false
	}
	for i := id; i < id+n && p.used != nil; i++ {
		if p.used[i] {
			p.tell("page %d is used twice", i)
			return false
		}
		p.used[i] = true
	}
	return true
}

// read is a page with its overflow, or nil.
func (p *pages) read(id uint64) []byte {
	if err := p.ctx.Err(); err != nil {
		p.tell("stopped: %v", err)
		return nil
	}
	if id < 2 || id >= p.meta.end {
		p.tell("page %d is beyond the end, page %d", id, p.meta.end)
		return nil
	}
	head := make([]byte, pageHeader)
	if _, err := p.file.ReadAt(head, int64(id)*int64(p.meta.pageSize)); err != nil {
		p.tell("page %d: %v", id, err)
		return nil
	}
	if got := order.Uint64(head); got != id {
		p.tell("page %d says it is page %d", id, got)
		return nil
	}
	n := uint64(order.Uint32(head[12:])) + 1
	if !p.take(id, n) {
		return nil
	}
	page := make([]byte, n*uint64(p.meta.pageSize))
	if _, err := p.file.ReadAt(page, int64(id)*int64(p.meta.pageSize)); err != nil {
		p.tell("page %d: %v", id, err)
		return nil
	}
	return page
}

// tree walks over the pages of one bucket; the one without a name holds all.
func (p *pages) tree(id uint64, bucket string, within span, depth int) {
	page := p.read(id)
	if page == nil {
		return
	}
	if depth > maxTreeDepth {
		p.tell("page %d lies too deep", id)
		return
	}
	switch flags := order.Uint16(page[8:]); flags {
	case branchPage:
		p.branch(id, page, bucket, within, depth)
	case leafPage:
		p.leaf(id, page, bucket, within)
	default:
		p.tell("page %d has the flags %#x", id, flags)
	}
}

func (p *pages) branch(id uint64, page []byte, bucket string, within span, depth int) {
	n := int(order.Uint16(page[10:]))
	if n == 0 || pageHeader+n*elementLen > len(page) {
		p.tell("page %d has %d branches", id, n)
		return
	}
	keys, children := make([][]byte, n), make([]uint64, n)
	for i := range n {
		at := pageHeader + i*elementLen
		e := page[at:]
		var ok bool
		if keys[i], ok = part(page, at+int(order.Uint32(e)), int(order.Uint32(e[4:]))); !ok {
			p.tell("page %d: branch %d reaches out of it", id, i)
			return
		}
		children[i] = order.Uint64(e[8:])
	}
	if !p.ordered(id, keys, within) {
		return
	}
	for i, child := range children {
		inner := span{keys[i], within.high}
		if i+1 < n {
			inner.high = keys[i+1]
		}
		p.tree(child, bucket, inner, depth+1)
	}
}

func (p *pages) leaf(id uint64, page []byte, bucket string, within span) {
	n := int(order.Uint16(page[10:]))
	if pageHeader+n*elementLen > len(page) {
		p.tell("page %d has %d rows", id, n)
		return
	}
	keys := make([][]byte, n)
	for i := range n {
		at := pageHeader + i*elementLen
		e := page[at:]
		begin, size := at+int(order.Uint32(e[4:])), int(order.Uint32(e[8:]))
		key, ok := part(page, begin, size)
		value, whole := part(page, begin+size, int(order.Uint32(e[12:])))
		if !ok || !whole {
			p.tell("page %d: row %d reaches out of it", id, i)
			return
		}
		keys[i] = key
		p.element(id, order.Uint32(e), bucket, key, value)
	}
	p.ordered(id, keys, within)
}

// element is one row, or in the bucket of all buckets one bucket.
func (p *pages) element(id uint64, flags uint32, bucket string, key, value []byte) {
	switch {
	case flags == 0 && bucket != "":
		p.row(bucket, key, value)
	case flags == bucketFlag && bucket == "":
		p.bucket(string(key), value)
	default:
		p.tell("page %d: %q in bucket %q has the flags %#x", id, key, bucket, flags)
	}
}

func (p *pages) bucket(name string, value []byte) {
	if len(value) < bucketLen || name == "" {
		p.tell("bucket %q has no root", name)
		return
	}
	root, sequence := order.Uint64(value), order.Uint64(value[8:])
	if sequence != 0 {
		p.tell("bucket %q has a sequence", name)
	}
	inline := value[bucketLen:]
	switch {
	case root != 0 && len(inline) == 0:
		p.tree(root, name, span{}, 0)
	case root == 0 && len(inline) >= pageHeader && order.Uint64(inline) == 0 &&
		order.Uint16(inline[8:]) == leafPage && order.Uint32(inline[12:]) == 0:
		p.leaf(0, inline, name, span{})
	default:
		p.tell("bucket %q has a root that cannot be", name)
	}
}

// part is a piece of a page, if it lies within.
func part(page []byte, from, n int) ([]byte, bool) {
	if from < pageHeader || n < 0 || from > len(page) || n > len(page)-from {
		return nil, false
	}
	return page[from : from+n], true
}

func (p *pages) ordered(id uint64, keys [][]byte, within span) bool {
	for i, key := range keys {
		if len(key) == 0 || i > 0 && bytes.Compare(keys[i-1], key) >= 0 ||
			within.low != nil && bytes.Compare(key, within.low) < 0 ||
			within.high != nil && bytes.Compare(key, within.high) >= 0 {
			p.tell("page %d: key %d is out of order", id, i)
			return false
		}
	}
	return true
}

// free walks over the list of free pages.
func (p *pages) free(id uint64) {
	page := p.read(id)
	if page == nil {
		return
	}
	if flags := order.Uint16(page[8:]); flags != freelistPage {
		p.tell("page %d is no list of free pages, its flags are %#x", id, flags)
		return
	}
	n, ids := uint64(order.Uint16(page[10:])), page[pageHeader:]
	if n == manyFreeIDs {
		n, ids = order.Uint64(ids), ids[8:]
	}
	if n > uint64(len(ids)/8) {
		p.tell("the list of free pages says it holds %d", n)
		return
	}
	var last uint64
	for i := range n {
		free := order.Uint64(ids[i*8:])
		if free <= last {
			p.tell("the list of free pages is out of order")
		}
		last = free
		p.take(free, 1)
	}
}

// badFile is what a file cannot be read for.
func badFile(err error) state.Finding { return state.Finding{What: fmt.Sprint(err)} }
