package commands

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadText(t *testing.T) {
	start, handoff, note, run, load := start(), handoff(), note(), run(), load()
	tests := []struct {
		name    string
		cmd     *Command
		text    string
		want    map[string]string
		because string
	}{
		{"natural order", &start, "product-launch Launch an invoicing tool", map[string]string{"pattern": "product-launch", "objective": "Launch an invoicing tool"}, ""},
		{
			"keys, and a thousands separator", &start, "product-launch Launch it constraints: two people; 3,000 a month success: 50 customers because #17",
			map[string]string{"pattern": "product-launch", "objective": "Launch it", "constraints": "two people; 3,000 a month", "success": "50 customers"},
			"#17",
		},
		{"keys in any order", &start, "objective: Ship it pattern: solo-sprint", map[string]string{"pattern": "solo-sprint", "objective": "Ship it"}, ""},
		{"a key of two words", &start, "x Y success criteria: fast", map[string]string{"pattern": "x", "objective": "Y", "success": "fast"}, ""},
		{"quotes keep a key from being one", &start, `x "Ship it, personas: all"`, map[string]string{"pattern": "x", "objective": "Ship it, personas: all"}, ""},
		{"quotes keep a reason from being one", &start, `x "Ship it because we can"`, map[string]string{"pattern": "x", "objective": "Ship it because we can"}, ""},
		{"curly quotes", &note, "decision “Postgres: not Dynamo”", map[string]string{"kind": "decision", "text": "Postgres: not Dynamo"}, ""},
		{"an apostrophe is a letter", &note, "decision it's fine because that's how it's done", map[string]string{"kind": "decision", "text": "it's fine"}, "that's how it's done"},
		{"an address is no key", &note, "artifact ADR link: https://example.org/open: 1", map[string]string{"kind": "artifact", "text": "ADR", "link": "https://example.org/open: 1"}, ""},
		{"because at the end of a list", &handoff, "decisions: a; b because c", map[string]string{"decisions": "a; b"}, "c"},
		{"because before another key is text", &handoff, "decisions: a because b artifacts: c", map[string]string{"decisions": "a because b", "artifacts": "c"}, ""},
		{
			"a pasted handoff", &handoff, "Phase 1 complete.\nDecisions:\n- a; b\n- c\nArtifacts: none\nOpen items: none\nSwitching to: solo-founder",
			map[string]string{"decisions": "- a; b\n- c", "artifacts": "", "open": "", "phase": "1", "to": "solo-founder"},
			"",
		},
		{"accept takes its output whole", &handoff, "accept: # Title\nbecause: a colon", map[string]string{"action": "accept", "output": "# Title\nbecause: a colon"}, ""},
		{"a left-out keyword", &handoff, "", map[string]string{}, ""},
		{"a report is taken whole", &run, "report 3: We do it because decisions: matter", map[string]string{"task": "3", "report": "We do it because decisions: matter"}, ""},
		{"a report via", &run, "report #3 via: a window report: Done", map[string]string{"task": "3", "via": "a window", "report": "Done"}, ""},
		{"a task", &run, "draft the architecture", map[string]string{"brief": "draft the architecture"}, ""},
		{"the protocol's list", &load, "skills:\n- engineering/a/SKILL.md\n- b", map[string]string{"skills": "- engineering/a/SKILL.md\n- b"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := readText(tt.cmd, tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, w.values); diff != "" {
				t.Error(diff)
			}
			if w.because != tt.because {
				t.Errorf("because %q, want %q", w.because, tt.because)
			}
		})
	}
}

func TestReadTextRefuses(t *testing.T) {
	start, stop := start(), stop()
	if _, err := readText(&start, "pattern: a pattern: b x"); err == nil {
		t.Error("an option that stands twice was taken")
	}
	if _, err := readText(&stop, "3 and 4"); err == nil {
		t.Error("words that belong to no option were dropped")
	}
}

func TestVerbsFitDiscord(t *testing.T) {
	if n := len(All()); n > 25 {
		t.Errorf("%d verbs, Discord takes 25 subcommands", n)
	}
	seen := map[string]bool{}
	for _, c := range All() {
		if seen[c.spec.Name] {
			t.Errorf("%s is declared twice", c.spec.Name)
		}
		seen[c.spec.Name] = true
		if len(c.spec.Options) > 25 {
			t.Errorf("%s has %d options, Discord takes 25", c.spec.Name, len(c.spec.Options))
		}
		verb, rest := splitVerb(c.spec.Example)
		if verb != c.spec.Name {
			t.Errorf("the example of %s is one of %s", c.spec.Name, verb)
		}
		if _, err := readText(&c, rest); err != nil {
			t.Errorf("the example of %s: %v", c.spec.Name, err)
		}
	}
}

func FuzzReadText(f *testing.F) {
	for _, seed := range []string{"a b c", `"x" because y`, "decisions: a; b open: c", "report 3: x", "“", "because because x", "a:b :c d::e", "Phase 1 complete. Decisions: x"} {
		f.Add(seed)
	}
	verbs := All()
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxText {
			return // refused before it is read
		}
		for i := range verbs {
			w, err := readText(&verbs[i], text)
			if err != nil {
				continue
			}
			for name := range w.values {
				if verbs[i].option(name).Name == "" {
					t.Errorf("%s got the unknown option %q", verbs[i].spec.Name, name)
				}
			}
		}
		// What is quoted whole arrives as it was typed.
		if plain := strings.TrimSpace(text); plain != "" && len(plain) < 1000 && !strings.ContainsAny(plain, "\"“”„«»`\n") {
			note := note()
			w, err := readText(&note, `decision "`+plain+`"`)
			if err != nil || w.values["text"] != plain || w.because != "" {
				t.Errorf("%q became %q because %q: %v", plain, w.values["text"], w.because, err)
			}
		}
	})
}
