package state

import (
	"context"
	"errors"
	"io"
)

// Backup writes a copy of the whole log, consistent and without stopping it,
// in the backend's own format.
func (st *Store) Backup(ctx context.Context, w io.Writer) error {
	if err := st.usable(ctx); err != nil {
		return err
	}
	b, ok := st.backend.(Backuper)
	if !ok {
		return errors.New("this backend cannot be backed up")
	}
	return b.Backup(ctx, w)
}
