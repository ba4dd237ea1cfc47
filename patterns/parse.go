package patterns

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/synthoperator/baton/orchestration"
)

// file is the format; doc.go describes it.
type file struct {
	Name        string  `toml:"name"`
	Title       string  `toml:"title"`
	Kind        string  `toml:"kind"`
	Description string  `toml:"description"`
	BestFor     string  `toml:"best-for"`
	Sealed      *bool   `toml:"sealed"`
	Phase       []phase `toml:"phase"`
}

type phase struct {
	Name         string   `toml:"name"`
	Objective    string   `toml:"objective"`
	Weeks        *int     `toml:"weeks"`
	Days         *int     `toml:"days"`
	Persona      string   `toml:"persona"`
	Skills       []string `toml:"skills"`
	Deliverables []string `toml:"deliverables"`
	Part         string   `toml:"part"`
}

// Parse reads a pattern file. Every error is an [*Error].
func Parse(name string, data []byte) (Pattern, error) {
	if len(data) > MaxFile {
		return Pattern{}, &Error{name, 1, fmt.Sprintf("has %d bytes; at most %d are read", len(data), MaxFile), "shorten it"}
	}
	var f file
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&f); err != nil {
		return Pattern{}, broken(name, err)
	}
	r := reader{name, linesOf(data), f}
	return r.pattern()
}

// broken is a decoder's error with its place.
func broken(name string, err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		row, _ := unknown.Errors[0].Position()
		keys := make([]string, len(unknown.Errors))
		for i, e := range unknown.Errors {
			keys[i] = strings.Join(e.Key(), ".")
		}
		return &Error{name, row, "a pattern has no " + strings.Join(keys, ", "), "known are name, title, kind, description, best-for, sealed and " +
			"in [[phase]] name, objective, weeks, days, persona, skills, deliverables, part"}
	}
	var bad *toml.DecodeError
	if errors.As(err, &bad) {
		row, _ := bad.Position()
		what := strings.TrimPrefix(bad.Error(), "toml: ")
		if key := strings.Join(bad.Key(), "."); key != "" {
			what = key + ": " + what
		}
		return &Error{name, row, what, "correct the TOML on this line"}
	}
	return &Error{name, 1, err.Error(), "correct the TOML"}
}

// reader turns what a file says into a plan.
type reader struct {
	path  string
	lines lines
	f     file
}

// fail is an error at a key of the file, or of its phase i where i is not -1.
func (r reader) fail(i int, key, remedy, format string, args ...any) error {
	return &Error{r.path, r.lines.at(i, key), fmt.Sprintf(format, args...), remedy}
}

func (r reader) pattern() (Pattern, error) {
	title, err := r.title()
	if err != nil {
		return Pattern{}, err
	}
	phases := make([]orchestration.Phase, len(r.f.Phase))
	for i, p := range r.f.Phase {
		if phases[i], err = r.phase(i, p); err != nil {
			return Pattern{}, err
		}
	}
	plan, err := r.plan(title, phases)
	if err != nil {
		return Pattern{}, err
	}
	return Pattern{Plan: plan, Description: line(r.f.Description), BestFor: line(r.f.BestFor)}, nil
}

func line(s string) string { return strings.Join(strings.Fields(s), " ") }

// title checks the name, which people type and which may not be taken for
// anything else.
func (r reader) title() (orchestration.Title, error) {
	name := r.f.Name
	if name == "" {
		name = strings.TrimSuffix(path.Base(r.path), ".toml")
	}
	read, err := orchestration.ParseSkillName(name)
	if err != nil || read.String() != name || strings.ContainsAny(name, "/:") {
		return orchestration.Title{}, r.fail(-1, "name", `write it as in name = "product-launch"`, "%q is no name: lower-case letters, digits and hyphens make one", name)
	}
	text := line(r.f.Title)
	if text == "" {
		text = name
	}
	return orchestration.Title{Name: name, Text: text}, nil
}

func (r reader) phase(i int, p phase) (orchestration.Phase, error) {
	out := orchestration.Phase{Name: line(p.Name), Objective: line(p.Objective), Part: orchestration.Part(p.Part)}
	var err error
	if out.Days, err = r.days(i, p); err != nil {
		return out, err
	}
	if out.Persona, err = orchestration.ParsePersonaName(p.Persona); err != nil {
		return out, r.fail(i, "persona", "name a persona, as in startup-cto", "%v", err)
	}
	for _, s := range p.Skills {
		name, err := orchestration.ParseSkillName(s)
		if err != nil {
			return out, r.fail(i, "skills", "name a skill, as in seo-audit", "%v", err)
		}
		out.Skills = append(out.Skills, name)
	}
	for _, d := range p.Deliverables {
		if d = line(d); d != "" {
			out.Deliverables = append(out.Deliverables, d)
		}
	}
	return out, nil
}

// maxWeeks keeps weeks within the days a phase may have.
const maxWeeks = 520

func (r reader) days(i int, p phase) (int, error) {
	switch {
	case p.Weeks != nil && p.Days != nil:
		return 0, r.fail(i, "days", "keep one", "a phase lasts weeks or days, not both")
	case p.Weeks != nil && (*p.Weeks < 0 || *p.Weeks > maxWeeks):
		return 0, r.fail(i, "weeks", "weeks = 2", "a phase lasts 0 to %d weeks, not %d", maxWeeks, *p.Weeks)
	case p.Weeks != nil:
		return *p.Weeks * 7, nil
	case p.Days != nil:
		return *p.Days, nil
	}
	return 0, nil
}
