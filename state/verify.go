package state

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/synthoperator/baton/orchestration"
)

// Finding is something that is not as it was written.
type Finding struct {
	Stream Stream                  // or "" where it concerns none, or cannot be told
	Thread orchestration.ThreadKey // of the session, where that is known
	Seq    uint64                  // the decision in the stream, or 0
	What   string
}

// String is a finding on one line.
func (f Finding) String() string {
	where := ""
	if f.Thread != "" {
		where = fmt.Sprintf("thread %s: ", f.Thread)
	}
	if f.Stream != "" {
		where += fmt.Sprintf("stream %s: ", f.Stream)
	}
	if f.Seq > 0 {
		where += fmt.Sprintf("decision %d: ", f.Seq)
	}
	return where + f.What
}

// Summary is how much a verification looked at.
type Summary struct {
	Records, Streams, Sessions, Rows, Findings int
}

// Verify checks the whole log and tells of everything that is not as it was
// written: each record's checksum and chain, that every stream can be folded,
// that the rows are what the folds say, that texts have their hashes, and what
// the backend checks about its own keeping. It reads everything twice. What is
// committed meanwhile may be told of as missing; verify a backup then.
func (st *Store) Verify(ctx context.Context, tell func(Finding)) (Summary, error) {
	v := &verifying{ctx: ctx, st: st, out: tell, tips: map[Stream]fold{}, claimed: map[Space]int{}}
	if err := st.usable(ctx); err != nil {
		return v.sum, err
	}
	if c, ok := st.backend.(Checker); ok {
		if err := c.Check(ctx, v.tell); err != nil {
			return v.sum, err
		}
	}
	for _, step := range []func() error{v.log, v.streams, v.indexes, v.contents, v.cursors} {
		if err := step(); err != nil {
			return v.sum, err
		}
	}
	return v.sum, nil
}

// verifying is one run over the log.
type verifying struct {
	ctx     context.Context
	st      *Store
	out     func(Finding)
	sum     Summary
	last    uint64 // position
	tips    map[Stream]fold
	claimed map[Space]int // rows that the folds say there must be
	threads map[SessionID]orchestration.ThreadKey
}

func (v *verifying) tell(f Finding) {
	v.sum.Findings++
	if id, ok := f.Stream.Session(); ok && f.Thread == "" {
		f.Thread = v.thread(id)
	}
	v.out(f)
}

// thread finds a session's thread by the rows, since its records may not say.
func (v *verifying) thread(id SessionID) orchestration.ThreadKey {
	if v.threads == nil {
		v.threads = map[SessionID]orchestration.ThreadKey{}
		_ = v.rows(SpaceThread, func(row Row) error {
			v.threads[SessionID(row.Value)] = orchestration.ThreadKey(row.Key)
			return nil
		})
	}
	return v.threads[id]
}

func (v *verifying) damaged(s Stream, seq uint64, err error) {
	v.tell(Finding{Stream: s, Seq: seq, What: err.Error()})
}

// log checks each record's checksum, and its place in its stream's chain.
func (v *verifying) log() error {
	for {
		located, err := v.st.backend.Log(v.ctx, v.last, page)
		if err != nil {
			return err
		}
		for _, l := range located {
			v.sum.Records++
			if l.Pos <= v.last {
				v.tell(Finding{What: fmt.Sprintf("position %d comes after %d", l.Pos, v.last)})
			}
			v.last = max(v.last+1, l.Pos)
			v.record(l)
		}
		if len(located) < page {
			v.sum.Streams = len(v.tips)
			return nil
		}
	}
}

func (v *verifying) record(l Located) {
	if l.Damage != nil {
		v.damaged(l.Stream, l.Seq, l.Damage)
		if l.Stream == "" {
			return
		}
	}
	tip := v.tips[l.Stream]
	if l.Seq != tip.seq+1 {
		v.tell(Finding{Stream: l.Stream, Seq: l.Seq, What: fmt.Sprintf("it comes after decision %d", tip.seq)})
	}
	at := place{l.Stream, l.Seq, tip.link}
	tip.seq = l.Seq
	if l.Damage == nil {
		_, link, err := at.open(l.Record)
		if err != nil {
			v.damaged(l.Stream, l.Seq, err)
		}
		tip.link = link
	}
	v.tips[l.Stream] = tip
}

// streams folds every stream and looks for the rows that follow from it.
func (v *verifying) streams() error {
	for s, tip := range v.tips {
		f, err := v.fold(s)
		if err != nil {
			return err
		}
		if f == nil {
			continue
		}
		if f.seq != tip.seq {
			v.tell(Finding{Stream: s, Seq: f.seq, What: fmt.Sprintf("the stream ends here, the log has %d of its decisions", tip.seq)})
		}
		if id, ok := s.Session(); ok {
			v.sum.Sessions++
			if err := v.session(id, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// fold is a stream folded, with the texts it brought looked for; nil where it
// is damaged, which was told.
func (v *verifying) fold(s Stream) (*fold, error) {
	f := &fold{}
	for {
		records, err := v.st.backend.Read(v.ctx, s, f.seq, page)
		if v.ctx.Err() != nil {
			return nil, v.ctx.Err()
		}
		if err != nil {
			v.damaged(s, 0, err)
			return nil, nil
		}
		for _, record := range records {
			e, n, link, err := f.read(s, record)
			if err != nil {
				v.damaged(s, f.seq+1, err)
				return nil, nil
			}
			for _, hash := range n.content {
				if _, ok, err := v.st.Content(v.ctx, hash); err != nil || !ok {
					v.tell(Finding{Stream: s, Seq: e.Seq, What: fmt.Sprintf("text %s is missing", hash)})
				}
			}
			f = f.with(s, e, n, link)
		}
		if len(records) < page {
			return f, nil
		}
	}
}

// session looks for the rows that a session has to have.
func (v *verifying) session(id SessionID, f *fold) error {
	s := SessionStream(id)
	if f.number == 0 {
		v.tell(Finding{Stream: s, Seq: 1, What: "the session has no number"})
		return nil
	}
	key := numberKey(f.session.Channel(), f.number)
	want := []Row{{SpaceChannel, key, []byte(id)}}
	if isOpen(f.session) {
		want = append(want, Row{SpaceOpen, key, []byte(id)})
	}
	if t := f.session.Thread(); t != "" {
		want = append(want, Row{SpaceThread, string(t), []byte(id)})
	}
	for _, row := range want {
		v.claimed[row.Space]++
		value, ok, err := v.st.row(v.ctx, row.Space, row.Key)
		if v.ctx.Err() != nil {
			return v.ctx.Err()
		}
		if err != nil || !ok || string(value) != string(id) {
			v.tell(Finding{Stream: s, Thread: f.session.Thread(), What: fmt.Sprintf("its row %q in %s is missing or another's", row.Key, row.Space)})
		}
	}
	return nil
}

// indexes looks for rows that no session has. Each that one has was counted.
func (v *verifying) indexes() error {
	for _, space := range []Space{SpaceChannel, SpaceOpen, SpaceThread} {
		n := 0
		err := v.rows(space, func(row Row) error {
			n++
			if v.tips[SessionStream(SessionID(row.Value))].seq == 0 {
				v.tell(Finding{What: fmt.Sprintf("row %q in %s is of session %q, which is not in the log", row.Key, space, row.Value)})
			}
			return nil
		})
		if err != nil {
			return err
		}
		if n != v.claimed[space] {
			v.tell(Finding{What: fmt.Sprintf("%d rows in %s, the sessions have %d", n, space, v.claimed[space])})
		}
	}
	return nil
}

func (v *verifying) contents() error {
	return v.rows(SpaceContent, func(row Row) error {
		if hashOf(row.Value) != row.Key {
			v.tell(Finding{What: fmt.Sprintf("text %s is not what its hash says", row.Key)})
		}
		return nil
	})
}

func (v *verifying) cursors() error {
	err := v.rows(SpaceCursor, func(row Row) error {
		if pos, n := binary.Uvarint(row.Value); n != len(row.Value) || n == 0 || pos > v.last {
			v.tell(Finding{What: fmt.Sprintf("the cursor of %s is beyond the log", row.Key)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.rows(SpaceOwn, func(Row) error { return nil })
}

// rows calls fn for every row of a space. What cannot be read was told of by
// the backend, if it can tell; it is told again here, once for the space.
func (v *verifying) rows(space Space, fn func(Row) error) error {
	q := Query{Space: space, Limit: page}
	for {
		rows, err := v.st.backend.Rows(v.ctx, q)
		if v.ctx.Err() != nil {
			return v.ctx.Err()
		}
		if err != nil {
			v.tell(Finding{What: fmt.Sprintf("rows in %s: %v", space, err)})
			return nil
		}
		v.sum.Rows += len(rows)
		for _, row := range rows {
			if err := fn(row); err != nil {
				return err
			}
		}
		if len(rows) < page {
			return nil
		}
		q.After = rows[len(rows)-1].Key
	}
}
