package bolt_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/synthoperator/baton/state/statetest"
)

func TestSmoke(t *testing.T) {
	path := t.TempDir() + "/x.db"
	st := openStore(t, path)
	ids := statetest.Sessions(t, st, 50)
	for i := range 2000 {
		if _, err := st.Update(context.Background(), record(fmt.Sprint("k", i), ids[i%7])); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	st = openStore(t, path)
	s, err := st.Session(context.Background(), ids[3])
	if err != nil || s.Seq() != 287 {
		t.Fatal(s.Seq(), err)
	}
	r, err := st.Update(context.Background(), record("k3", ids[3]))
	if err != nil || !r.Repeated || r.Entry.Seq != 2 {
		t.Fatal(r.Entry.Seq, err)
	}
}
