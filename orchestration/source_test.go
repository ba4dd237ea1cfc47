package orchestration

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// whoMayCall are the constructors that make a person who decides, or a record
// of what was decided, and the packages that have a right to them: the router
// knows who speaks now, the log who spoke then.
var whoMayCall = map[string][]string{
	"NewHuman":          {"commands", "state"},
	"Recall":            {"state"},
	"RecallPlan":        {"state"},
	"RecallPersonaName": {"state"},
	"RecallSkillName":   {"state"},
	"RecallHuman":       {"state"},
}

// TestNobodyElseMakesPeopleOrRecords walks the whole repository: beside tests,
// and packages that are only for tests, nothing else names those constructors,
// be it to call them or to pass them on.
func TestNobodyElseMakesPeopleOrRecords(t *testing.T) {
	files := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // a file that somebody is replacing at this moment
			return nil
		}
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != ".." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "vendor" || strings.HasSuffix(name, "test")) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		files++
		pkg, err := filepath.Rel("..", filepath.Dir(path))
		if err != nil {
			return err
		}
		for _, bad := range trespasses(t, path, nil, filepath.ToSlash(pkg)) {
			t.Error(bad)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("only %d files were looked at", files)
	}
}

// trespasses are the places of a file that name a constructor which is not its
// package's to use.
func trespasses(t *testing.T, path string, src any, pkg string) []string {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, src, parser.SkipObjectResolution)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if file == nil {
		t.Logf("%s cannot be read: %v", path, err) // compiling will tell
		return nil
	}
	names := map[string]bool{} // what the file calls this package
	for _, imp := range file.Imports {
		if strings.Trim(imp.Path.Value, `"`) == "github.com/synthoperator/baton/orchestration" {
			name := "orchestration"
			if imp.Name != nil {
				name = imp.Name.Name
			}
			names[name] = true
		}
	}
	var out []string
	tell := func(at ast.Node, name string) {
		if may, guarded := whoMayCall[name]; guarded && !slices.Contains(may, pkg) {
			out = append(out, set.Position(at.Pos()).String()+": "+name+" is not for "+pkg)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl: // its own name is a declaration, not a use
			if pkg == "orchestration" && n.Recv == nil {
				if _, guarded := whoMayCall[n.Name.Name]; guarded {
					return false
				}
			}
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && names[x.Name] {
				tell(n, n.Sel.Name)
			}
			return !names[identName(n.X)]
		case *ast.Ident:
			if pkg == "orchestration" || names["."] {
				tell(n, n.Name)
			}
		}
		return true
	})
	return out
}

func identName(e ast.Expr) string {
	if x, ok := e.(*ast.Ident); ok {
		return x.Name
	}
	return ""
}

func TestTrespassesAreSeen(t *testing.T) {
	const head = "package x\nimport o \"github.com/synthoperator/baton/orchestration\"\nvar _ = "
	for _, tt := range []struct {
		pkg, src string
		want     int
	}{
		{"commands", head + `o.NewHuman("a", "b")`, 0},
		{"commands", head + `o.Recall`, 1},
		{"state", head + `o.Recall`, 0},
		{"state/bolt", head + `o.Recall`, 1},
		{"agents", head + `o.NewHuman("a", "b")`, 1},
		{"agents", head + `[]any{o.RecallSkillName, o.RecallPersonaName, o.RecallPlan}`, 3},
		{"agents", head + `o.NewAgent("a")`, 0},
		{"agents", strings.Replace(head, "o \"", ". \"", 1) + `NewHuman("a", "b")`, 1},
		{"agents", "package x\nvar NewHuman = 1", 0},
		{"orchestration", "package orchestration\nfunc NewHuman() {}\nfunc f() { NewHuman() }", 1},
	} {
		if got := trespasses(t, "x.go", tt.src, tt.pkg); len(got) != tt.want {
			t.Errorf("%s: %s\n%q", tt.pkg, tt.src, got)
		}
	}
}

// everyEvent is one of each, with something in every field.
func everyEvent() []Event {
	p := Persona{Name: persona("startup-cto"), Pin: Pin{"s", "p", "0123456789abcdef"}}
	s := Skill{Name: skills("seo-audit")[0], Pin: Pin{"s", "p", "0123456789abcdef"}}
	return []Event{
		Started{"c", sprint(), Brief{Objective: "x"}},
		Bound{"c/1"},
		PhaseEntered{0, p, []Skill{s}, monday},
		PhaseSkipped{0},
		PhaseReopened{0},
		PersonaSwitched{p},
		SkillLoaded{s},
		SkillUnloaded{s},
		ItemRecorded{1, OpenItem, "x", ben, "l", 2},
		ItemEdited{1, "y"},
		ItemResolved{1},
		ItemSuperseded{1, 2},
		ItemWithdrawn{1},
		ItemAssigned{1, ben},
		HandedOff{0, launched(), []int{1}},
		StepRedone{0},
		Overridden{OverridePhase, "a", "b"},
		Undone{2, "x"},
		Paused{},
		Resumed{monday},
		OwnerChanged{ben},
		Ended{},
		Reopened{},
		TaskAsked{1, "x"},
		TaskStopped{1},
		TaskReported{1, "x", "v"},
		TaskAccepted{1},
		TaskRejected{1},
		Proposed{2, 1, ProposeItem{OpenItem, "x"}},
		ProposalApproved{2},
		ProposalDenied{2},
		ReminderSet{1, monday, "x"},
		ReminderCancelled{1},
		Announced{"x"},
		DefaultPersonaSet{p},
		DefaultSkillLoaded{s},
		DefaultSkillUnloaded{s},
		RoleGiven{ben, Approver},
		EverybodySet{Observer},
		AnnouncementsSet{AnnounceAll, []ChannelKey{"c"}},
		TimeZoneSet{"Europe/Berlin"},
		BudgetSet{1},
		DigestSet{DigestWeekly, 570, time.Monday},
		QuietSet{1200, 480},
		WorkdaysSet{[]time.Weekday{time.Sunday, time.Monday}},
		HolidaysSet{"berlin", []Holiday{{Date{2026, time.December, 24}, "Christmas Eve"}}},
	}
}

// ignored are the events that no folding needs: they only have to be told.
var ignored = []string{"Announced"}

// TestEveryEventIsDealtWith holds that the events of event.go, the sealed list
// there, Describe, both foldings and everyEvent name the same.
func TestEveryEventIsDealtWith(t *testing.T) {
	var listed []string
	for _, e := range everyEvent() {
		listed = append(listed, reflect.TypeOf(e).Name())
		if text := describe(e); text == "" || strings.Contains(text, "\n") {
			t.Errorf("%T is described as %q", e, text)
		}
	}
	file := parse(t, "event.go")
	var declared, sealed, byAgent []string
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					if _, isStruct := spec.Type.(*ast.StructType); isStruct {
						declared = append(declared, spec.Name.Name)
					}
				}
			}
		case *ast.FuncDecl:
			switch recv := identName(d.Recv.List[0].Type); d.Name.Name {
			case "event":
				sealed = append(sealed, recv)
			case "byAgent":
				byAgent = append(byAgent, recv)
			}
		}
	}
	same(t, "declared and listed in the test", declared, listed)
	same(t, "declared and sealed", declared, sealed)
	same(t, "an agent's", byAgent, []string{"TaskReported", "Proposed"})
	same(t, "declared and folded", declared, slices.Concat(cased(t, declared, "apply.go"), cased(t, declared, "settings.go"), ignored))
	same(t, "declared and described", declared, cased(t, declared, "describe.go", "said"))
}

// cased are the events among names that a file's type switches have a case for,
// without those of the functions named last.
func cased(t *testing.T, names []string, path string, but ...string) []string {
	var out []string
	ast.Inspect(parse(t, path), func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncDecl); ok && slices.Contains(but, f.Name.Name) {
			return false
		}
		if c, ok := n.(*ast.CaseClause); ok {
			for _, e := range c.List {
				if name := identName(e); slices.Contains(names, name) && !slices.Contains(out, name) {
					out = append(out, name)
				}
			}
		}
		return true
	})
	return out
}

func parse(t *testing.T, path string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func same(t *testing.T, what string, a, b []string) {
	t.Helper()
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	if !slices.Equal(a, b) {
		t.Errorf("%s:\n%q\n%q", what, a, b)
	}
}

// Every event folds into a session and into settings without a fault, also
// where its numbers name nothing and where nothing was started.
func TestEveryEventFolds(t *testing.T) {
	for _, e := range everyEvent() {
		entry := Entry{Seq: 7, At: monday, Decision: Recall(ana, "x", []Event{e})}
		Settings{}.Apply(entry)
		Session{}.Apply(entry)
		if _, started := e.(Started); !started {
			begin(t, sprint()).Apply(entry)
			begin(t, reviewOf(true)).Apply(entry)
		}
	}
	// Those of settings leave a session as it was, and the other way round.
	st := begin(t, sprint())
	for _, e := range everyEvent() {
		entry := Entry{Seq: st.Seq(), At: monday, Decision: Recall(ana, "x", []Event{e})}
		setting := slices.Contains(cased(t, []string{reflect.TypeOf(e).Name()}, "settings.go"), reflect.TypeOf(e).Name())
		if after := st.Apply(entry); setting && !reflect.DeepEqual(after, st.Session) {
			t.Errorf("%T changed a session", e)
		}
		after := Settings{}.Apply(entry)
		after.seq = 0
		if !setting && !reflect.DeepEqual(after, Settings{}) {
			t.Errorf("%T changed settings", e)
		}
	}
}

// The rules are pure: they read no clock, no file, no chance, and start nothing.
func TestRulesArePure(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"cmp", "errors", "fmt", "iter", "maps", "regexp", "slices", "strconv", "strings", "time", "time/tzdata", "unicode", "unicode/utf8", "golang.org/x/text/unicode/norm"}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file := parse(t, f.Name())
		for _, imp := range file.Imports {
			if path := strings.Trim(imp.Path.Value, `"`); !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s", f.Name(), path)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s starts a goroutine", f.Name())
			case *ast.SelectorExpr:
				if identName(n.X) == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Local"}, n.Sel.Name) {
					t.Errorf("%s reads the clock: time.%s", f.Name(), n.Sel.Name)
				}
			}
			return true
		})
	}
}

func TestDescribe(t *testing.T) {
	for _, tt := range []struct {
		event Event
		want  string
	}{
		{Started{"c", sprint(), Brief{Objective: "x"}}, `started product-launch "x"`},
		{PhaseEntered{Phase: 1}, "entered phase 2 as nobody with no skills"},
		{ItemWithdrawn{3}, "withdrew #3"},
		{ItemAssigned{3, Human{}}, "gave #3 to nobody"},
		{ItemAssigned{3, ben}, "gave #3 to Ben"},
		{ItemRecorded{3, OpenItem, "x", ben, "", 0}, `recorded open #3 "x" for Ben`},
		{TaskAsked{3, "two\nlines"}, `asked for #3 "two\nlines"`},
		{TaskReported{3, strings.Repeat("x", 2048), ""}, "reported on #3 (2.0 KiB)"},
		{TaskReported{3, "x", "bot"}, "reported on #3 via bot (1 byte)"},
		{ReminderSet{3, time.Date(2026, 11, 23, 10, 0, 0, 0, time.FixedZone("CET", 3600)), "x"}, `set reminder #3 for 2026-11-23 09:00 UTC "x"`},
		{RoleGiven{ben, Admin}, "made Ben an admin"},
		{EverybodySet{Contributor}, "made everybody a contributor"},
		{AnnouncementsSet{AnnounceAll, nil}, "set announcements to all"},
		{AnnouncementsSet{AnnounceAll, []ChannelKey{"a/b/c", "a/b/d"}}, "set announcements to all, also told to a/b/c, a/b/d"},
	} {
		if got := describe(tt.event); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	if got := Describe(Decision{}); got != "" {
		t.Errorf("nothing is described as %q", got)
	}
}
