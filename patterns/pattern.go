package patterns

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/synthoperator/baton/orchestration"
)

//go:embed *.toml
var shipped embed.FS

// Files are the shipped patterns, one TOML file each, at the top.
func Files() fs.FS { return shipped }

// MaxFile is the largest pattern file that is read, in bytes.
const MaxFile = 64 << 10

// Pattern is a pattern file that has been read.
type Pattern struct {
	Plan        orchestration.Plan
	Description string
	BestFor     string
}

// Error says why a file is no pattern: the rule it breaks, where, and what to
// change.
type Error struct {
	Path         string
	Line         int // counted from 1
	Rule, Remedy string
}

// Error is path, line and rule.
func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Rule) }
