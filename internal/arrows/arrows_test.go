package arrows

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/synthoperator/baton/"

// allowed says what of ours a package may import. A name ending in /* stands
// for every folder below it. cmd/bot may import everything and is imported by
// nothing.
var allowed = map[string][]string{
	"orchestration": {},
	"chat":          {},
	"adapters/*":    {"chat", "internal/lanes"},
	// A fake that knew anything of ours could share a mistake with what it tests.
	"adapters/slack/slacktest":          {},
	"adapters/discord/discordtest":      {},
	"adapters/discord/discordtest/spec": {},
	"internal/frontmatter":              {},
	"internal/arrows":                   {},
	"internal/lanes":                    {},
	"internal/redact":                   {},
	"internal/ics":                      {"orchestration"},
	"personas":                          {"orchestration", "internal/frontmatter"},
	"skills":                            {"orchestration", "internal/frontmatter"},
	"patterns":                          {"orchestration"},
	"library":                           {"orchestration", "personas", "skills", "patterns", "internal/frontmatter"},
	"state":                             {"orchestration"},
	"state/bolt":                        {"state"},
	"state/memory":                      {"state"},
	"state/statetest":                   {"state", "orchestration"},
	"prompt":                            {"orchestration", "library"},
	"export":                            {"orchestration"},
	"picture":                           {"orchestration"},
	"announce":                          {"chat", "orchestration", "state"},
	"commands":                          {"chat", "orchestration", "state", "library", "prompt", "export", "picture"},
}

type listed struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if name == "cmd/bot" {
			continue
		}
		may, known := rule(name)
		if !known {
			t.Errorf("%s is not in the table: say what it may import, and why it earns its place", name)
			continue
		}
		for _, imported := range p.Imports {
			of, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			if of == "cmd/bot" || !slices.Contains(may, of) {
				t.Errorf("%s imports %s: the arrows are %s → %v", name, of, name, may)
			}
		}
	}
}

// The pure packages know no I/O either: a clock, a file or a socket in the rules
// would make deciding twice decide differently.
func TestRulesArePure(t *testing.T) {
	forbidden := []string{"os", "net", "net/http", "io/fs", "os/exec", "math/rand", "math/rand/v2", "crypto/rand", "log/slog", "context"}
	for _, p := range packages(t) {
		if name := strings.TrimPrefix(p.ImportPath, module); name != "orchestration" {
			continue
		}
		for _, imported := range p.Imports {
			if slices.Contains(forbidden, imported) {
				t.Errorf("orchestration imports %s", imported)
			}
		}
	}
}

func rule(name string) ([]string, bool) {
	if may, ok := allowed[name]; ok {
		return may, true
	}
	may, ok := allowed[path.Dir(name)+"/*"]
	return may, ok
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "../../...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 3 {
		t.Fatalf("go list named %d packages", len(all))
	}
	return all
}
