package announce

import (
	"strings"
	"time"

	"github.com/synthoperator/baton/chat"
)

// silence is how long one of two Batons keeps silent after it has heard the
// other one.
const silence = time.Hour

// Heard is told of each message that stands under Baton's own name, by its key.
// One that comes from another database means that two of them speak with one
// account: whoever has the greater name keeps silent in that workspace, so that
// exactly one goes on, and both say so to their operators.
func (a *Announcer) Heard(in chat.Thread, key string) error {
	if len(key) != keyLen || strings.HasPrefix(key, a.self) {
		return nil
	}
	other := key[:selfLen]
	if a.self < other {
		a.log.Error("another Baton speaks with this account and should be stopped; it keeps silent as long as it hears this one",
			"workspace", in.WorkspaceKey(), "other", other, "this", a.self)
		return nil
	}
	a.log.Error("another Baton speaks with this account, so this one keeps silent: run one of them only, or give each an account of its own",
		"workspace", in.WorkspaceKey(), "other", other, "this", a.self)
	now := a.now().UTC()
	w := &writes{}
	for _, m := range [...]method{posting, editing} {
		a.box.pause(w, patience(in.WorkspaceKey(), m), pause{Until: now.Add(silence), Why: "another Baton speaks here", Since: now})
	}
	return a.box.commit(w)
}
