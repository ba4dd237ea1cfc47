package bolt

import (
	"context"
	"io"

	bbolt "go.etcd.io/bbolt"
)

// Backup writes a consistent copy of the database while it is in use. Space
// that is freed meanwhile is not used again before it is done.
func (db *DB) Backup(ctx context.Context, w io.Writer) error {
	return db.view(ctx, "", func(tx *bbolt.Tx) error {
		_, err := tx.WriteTo(w)
		return err
	})
}
