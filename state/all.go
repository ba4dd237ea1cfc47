package state

import (
	"context"
	"strings"
)

// All lists the sessions there are, whatever their state, as [Store.AllOpen]
// does those that have not ended.
func (st *Store) All(ctx context.Context, prefix string, limit int) ([]Listed, error) {
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	return st.list(ctx, Query{Space: SpaceChannel, Prefix: prefix, Limit: limit})
}
