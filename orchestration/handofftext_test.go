package orchestration

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var sameHandoff = cmp.Options{cmp.AllowUnexported(PersonaName{}, SkillName{}), cmpopts.EquateEmpty()}

func launched() Handoff {
	return Handoff{
		Phase: 1, Decisions: []string{"Postgres, not Dynamo", "magic links"}, Artifacts: []string{"ADR-1"},
		Open: []string{"who pays for SMS?"}, Persona: persona("growth-marketer"), Skills: skills("launch-strategy", "copywriting"),
	}
}

func TestHandoffText(t *testing.T) {
	want := `Phase 1 complete.
Decisions:
- Postgres, not Dynamo
- magic links
Artifacts:
- ADR-1
Open items:
- who pays for SMS?
Switching to: growth-marketer + launch-strategy, copywriting
`
	if diff := cmp.Diff(want, launched().Text(ProtocolText)); diff != "" {
		t.Error(diff)
	}
	want = `Phase 1 complete.
Decisions made:
- Postgres, not Dynamo
- magic links
Artifacts created:
- ADR-1
Open questions:
- who pays for SMS?
Switching to Phase 2. Load growth-marketer persona and launch-strategy, copywriting skills.
`
	if diff := cmp.Diff(want, launched().Text(LongText)); diff != "" {
		t.Error(diff)
	}
	want = "Decisions: none\nArtifacts: none\nOpen items: none\n"
	if diff := cmp.Diff(want, Handoff{}.Text(ProtocolText)); diff != "" {
		t.Error(diff)
	}
}

// Both dialects, however people paste them.
func TestParseHandoff(t *testing.T) {
	one := Handoff{
		Phase: 1, Decisions: []string{"Postgres", "magic links"}, Artifacts: []string{"ADR-1"}, Open: []string{"pricing"},
		Persona: persona("growth-marketer"), Skills: skills("launch-strategy"),
	}
	two := one
	two.Skills = skills("launch-strategy", "seo-audit")
	lists := Handoff{Decisions: one.Decisions, Artifacts: one.Artifacts, Open: one.Open}
	for _, tt := range []struct {
		name, text string
		want       Handoff
	}{
		{"protocol text, brackets filled", "Phase 1 complete.\nDecisions: [Postgres; magic links]\nArtifacts: [ADR-1]\nOpen items: [pricing]\nSwitching to: [growth-marketer] + [launch-strategy]", one},
		{"protocol text, brackets replaced", "Phase 1 complete.\nDecisions: Postgres; magic links\nArtifacts: ADR-1\nOpen items: pricing\nSwitching to: growth-marketer + launch-strategy, seo-audit", two},
		{"protocol text, nothing filled in", "Phase 1 complete.\nDecisions: [list]\nArtifacts: [list]\nOpen items: [list]\nSwitching to: [persona] + [skills]", Handoff{Phase: 1}},
		{"long text", "Phase 1 complete.\nDecisions made: Postgres; magic links\nArtifacts created: ADR-1\nOpen questions: pricing\n\nSwitching to Phase 2. Load growth-marketer persona and launch-strategy skill.", one},
		{"long text, nothing filled in", "Phase 1 complete.\nDecisions made: [list key decisions]\nArtifacts created: [list files/docs]\nOpen questions: [what the next phase needs to resolve]\n", Handoff{Phase: 1}},
		{"long text on one line", "Phase 1 complete. Decisions made: Postgres; magic links. Artifacts created: ADR-1. Open questions: pricing. Switching to Phase 2. Load growth-marketer persona and launch-strategy and seo-audit skills.", two},
		{"one line without full stops", "Phase 1 complete. Decisions: Postgres; magic links Artifacts: ADR-1 Open items: pricing Switching to: growth-marketer + launch-strategy", one},
		{"typed in lower case", "decisions: Postgres; magic links artifacts: ADR-1 open items: pricing", lists},
		{"lists in another order", "Open items: pricing\nArtifacts: ADR-1\nDecisions: Postgres; magic links", lists},
		{"bulleted", "Phase 1 complete.\n\nDecisions:\n- Postgres\n- magic links\n\nArtifacts:\n* ADR-1\n\nOpen items:\n• pricing\n\nSwitching to:\n- growth-marketer + launch-strategy", one},
		{"numbered", "Phase 1 complete\nDecisions:\n1. Postgres\n2) magic links\nArtifacts:\n1. ADR-1\nOpen items:\n1. pricing\nSwitching to: growth-marketer + launch-strategy.", one},
		{"plain lines", "Phase 1 complete.\nDecisions:\nPostgres\nmagic links\nArtifacts:\nADR-1\nOpen items:\npricing\nSwitching to:\ngrowth-marketer + launch-strategy", one},
		{"bullets are the headings", "Phase 1 complete.\n- **Decisions:** Postgres; magic links\n- **Artifacts:** ADR-1\n- **Open items:** pricing\n- **Switching to:** growth-marketer + launch-strategy", one},
		{"bold", "**Phase 1 complete.**\n\n**Decisions:**\n- Postgres\n- magic links\n\n**Artifacts**: ADR-1\n\n__Open items:__ pricing\n\n**Switching to:** growth-marketer + launch-strategy", one},
		{"bold on one line", "**Phase 1 complete.** **Decisions:** Postgres; magic links. **Artifacts:** ADR-1. **Open items:** pricing. **Switching to:** growth-marketer + launch-strategy", one},
		{"Markdown headings", "## Phase 1 complete\n\n### Decisions made\n- Postgres\n- magic links\n\n### Artifacts created\n- ADR-1\n\n### Open questions\n- pricing\n\n### Switching to\ngrowth-marketer + launch-strategy", one},
		{"bold headings without colons", "Phase 1 complete.\n**Decisions**\n- Postgres\n- magic links\n**Artifacts**\n- ADR-1\n**Open items**\n- pricing\n**Switching to**\ngrowth-marketer + launch-strategy", one},
		{"CRLF", "Phase 1 complete.\r\nDecisions:\r\n- Postgres\r\n- magic links\r\nArtifacts: ADR-1\r\nOpen items: pricing\r\nSwitching to: growth-marketer + launch-strategy\r\n", one},
		{"quoted", "> Phase 1 complete.\n> Decisions:\n> - Postgres\n> - magic links\n>\n> Artifacts: ADR-1\n> Open items: pricing\n> Switching to: growth-marketer + launch-strategy", one},
		{"fenced", "```text\nPhase 1 complete.\nDecisions: Postgres; magic links\nArtifacts: ADR-1\nOpen items: pricing\nSwitching to: growth-marketer + launch-strategy\n```", one},
		{"fenced as Slack does", "```Phase 1 complete.\nDecisions: Postgres; magic links\nArtifacts: ADR-1\nOpen items: pricing\nSwitching to: growth-marketer + launch-strategy```", one},
		{"phase with its name", "Phase 1 (Build) complete.\nDecisions: Postgres; magic links\nArtifacts: ADR-1\nOpen items: pricing\nSwitching to: Phase 2. Load growth-marketer persona and launch-strategy skill.", one},
		{"two sentences to load", "Phase 1: Build is complete!\nDecisions: Postgres; magic links\nArtifacts: ADR-1\nOpen items: pricing\nSwitching to Phase 2 (Prepare).\nLoad growth-marketer persona.\nLoad launch-strategy skill.", one},
		{"several bullets to load", "Phase 1 complete.\nDecisions: Postgres; magic links\nArtifacts: ADR-1\nOpen items: pricing\nSwitching to: growth-marketer +\n- launch-strategy\n- seo-audit\n\nThanks, all!", two},
		{"a bullet that wraps", "Decisions:\n- Postgres\n- magic\n  links\nArtifacts: ADR-1\nOpen items: pricing", lists},
		{"a section of another kind", "Decisions:\n- Postgres\n- magic links\n\n## Thanks\nto everybody; you know who\n\n## Artifacts\n- ADR-1\n## Open items\npricing", lists},
		{"nobody", "Decisions: a\nSwitching to: nobody + copywriting", Handoff{Decisions: []string{"a"}, Skills: skills("copywriting")}},
		{"no skills", "Decisions: a\nSwitching to: startup-cto + none", Handoff{Decisions: []string{"a"}, Persona: persona("startup-cto")}},
		{"persona alone", "Decisions: a\nSwitching to: Startup CTO", Handoff{Decisions: []string{"a"}, Persona: persona("startup-cto")}},
		{"skills alone", "Decisions: a\nSwitching to Phase 2. Load the copywriting skill.", Handoff{Decisions: []string{"a"}, Skills: skills("copywriting")}},
		{"said twice", "Decisions: a\nSwitching to: growth-marketer + launch-strategy. Switching to Phase 2.", Handoff{Decisions: []string{"a"}, Persona: persona("growth-marketer"), Skills: skills("launch-strategy")}},
		{"without a colon", "Decisions: a\nSwitching to growth-marketer + launch-strategy, seo-audit.\n\nThanks, all!", Handoff{Decisions: []string{"a"}, Persona: persona("growth-marketer"), Skills: skills("launch-strategy", "seo-audit")}},
		{"without a colon or skills", "Decisions: a\nSwitching to growth-marketer", Handoff{Decisions: []string{"a"}, Persona: persona("growth-marketer")}},
		{"a decision to switch", "Decisions:\nSwitching to Postgres\nOne region\nOpen: b\nc", Handoff{Decisions: []string{"Switching to Postgres", "One region"}, Open: []string{"b", "c"}}},
		{"open, for short, only where a line begins", "Decisions: keep it open: always\nOpen: b", Handoff{Decisions: []string{"keep it open: always"}, Open: []string{"b"}}},
		{"a line that begins anew under bullets", "Decisions:\n- a\nNext sentence\n- b\n  Still b", Handoff{Decisions: []string{"a", "Next sentence", "b Still b"}}},
		{"the end", "Decisions: a\nSwitching to: end", Handoff{Decisions: []string{"a"}}},
		{"paths", "Decisions: a\nSwitching to: agents/personas/startup-cto.md + engineering/aws-solution-architect/SKILL.md", Handoff{
			Decisions: []string{"a"},
			Persona:   persona("agents/personas/startup-cto.md"), Skills: skills("engineering/aws-solution-architect/skill.md"),
		}},
		{
			"words of headings in items", "Decisions:\n- Decisions: are lists\n- Artifacts: live in S3\n- Switching to Phase 2. Load nothing.\n- **Open items:** are questions\nArtifacts: none\nOpen items: none",
			Handoff{Decisions: []string{"Decisions: are lists", "Artifacts: live in S3", "Switching to Phase 2. Load nothing.", "**Open items:** are questions"}},
		},
		{"a heading counts once in a line", "Decisions: we log decisions: always\nArtifacts: doc on decisions: v2", Handoff{Decisions: []string{"we log decisions: always"}, Artifacts: []string{"doc on decisions: v2"}}},
		{"customers who switch", "Decisions: customers switching to phase 2 pricing stay\nOpen items: b", Handoff{Decisions: []string{"customers switching to phase 2 pricing stay"}, Open: []string{"b"}}},
		{"none as people say it", "Decisions: a\nArtifacts:\n- None.\nOpen items: _none_", Handoff{Decisions: []string{"a"}}},
		{"brackets that belong to an item", "Decisions: [a] and [b]\nArtifacts: [doc](https://x.example/y)\nOpen items: [ ]", Handoff{Decisions: []string{"[a] and [b]"}, Artifacts: []string{"[doc](https://x.example/y)"}}},
		{"not ASCII", "Phase 2 complete.\nDecisions:\n– größer ist besser\n— 東京 zuerst\nArtifacts: 🏗️ plan", Handoff{Phase: 2, Decisions: []string{"größer ist besser", "東京 zuerst"}, Artifacts: []string{"🏗️ plan"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseHandoff(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, sameHandoff); diff != "" {
				t.Error(diff)
			}
			if got.Phase > 0 != LooksLikeHandoff(tt.text) {
				t.Errorf("looks like a handoff: %t", LooksLikeHandoff(tt.text))
			}
		})
	}
}

func TestParseHandoffRefuses(t *testing.T) {
	for _, tt := range []struct{ text, says string }{
		{"", "no heading"},
		{"Phase 1 complete.", "no heading"},
		{"we decided a lot of things", "no heading"},
		{"- decisions, decisions", "no heading"},
		{"Decisions: a\nSwitching to: startup-cto, aws-solution-architect", "cannot be in a persona name"},
		{"Decisions: a\nSwitching to: x + what?", "cannot be in a skill name"},
	} {
		_, err := ParseHandoff(tt.text)
		checkRefusal(t, err, tt.says)
	}
	for _, text := range []string{"Phase 1 is going well", "Complete phase 1", "the phase 1 complete plan", "phases", ""} {
		if LooksLikeHandoff(text) {
			t.Errorf("%q looks like a handoff", text)
		}
	}
}

// What is printed is read back, whatever an item's words look like.
func TestHandoffRoundTrip(t *testing.T) {
	awkward := []string{
		"- a bullet", "* another", "1. first", "2) second", "– dash", "> quoted", "# heading", "## Decisions", "Decisions:", "decisions: a; b",
		"**Artifacts:** x", "Open items: none", "Switching to: a + b", "Switching to Phase 2. Load x persona and y skill.", "Phase 1 complete.",
		"a; b; c", "[list] of things", "[x] done", "[all]", "none of it", "nonetheless", "```", "Load startup-cto", "x.", "…and so on", "a+b", "“quoted”", "100 %",
	}
	for _, h := range []Handoff{
		launched(),
		{Decisions: awkward},
		{Phase: 3, Artifacts: awkward, Open: awkward},
		{Phase: 12, Decisions: []string{"a"}, Persona: persona("startup-cto")},
		{Phase: 12, Decisions: []string{"a"}, Skills: skills("one")},
		{Decisions: []string{"a"}, Skills: skills("one", "two", "three")},
		{Phase: 1, Open: awkward, Persona: persona("src:dom/plug/x.y"), Skills: skills("and", "the", "skill", "skills", "with", "load", "persona", "a.b/c")},
		{Phase: 1, Persona: persona("load"), Skills: skills("skill")},
		{Persona: persona("load"), Skills: skills("persona")},
		{Persona: persona("persona"), Skills: skills("skills")},
		{Persona: persona("the"), Skills: skills("persona")},
		{Persona: persona("phase")},
		{Persona: persona("decisions:x"), Skills: skills("artifacts:y")},
		{Persona: persona("長い名前"), Skills: skills("größe")},
		{Persona: persona("x"), Skills: skills("n/a", "no-skills")},
	} {
		for _, d := range []Dialect{ProtocolText, LongText} {
			text := h.Text(d)
			got, err := ParseHandoff(text)
			if err != nil {
				t.Errorf("%v\n%s", err, text)
				continue
			}
			if diff := cmp.Diff(h, got, sameHandoff); diff != "" {
				t.Errorf("%s\n%s", diff, text)
			}
			crlf, err := ParseHandoff(strings.ReplaceAll(text, "\n", "\r\n"))
			if err != nil || !cmp.Equal(got, crlf, sameHandoff) {
				t.Errorf("with CRLF: %v, %v", crlf, err)
			}
		}
	}
}

// Every word that cannot be read back as an item cannot be recorded as one.
func TestNoItemSaysNone(t *testing.T) {
	st := begin(t, sprint())
	id := st.note(DecisionItem, "a")
	for _, text := range []string{"none", "None.", "n/a", "-", "–", "—", "…", "...", "[list]", "*", "(none)"} {
		st.no("then none is recorded")(st.Record(ana, st.in, Note{Kind: OpenItem, Text: text}, ""))
		st.no("then none is recorded")(st.Edit(ana, st.in, id, text, ""))
		st.no("then none is recorded")(st.Supersede(ana, st.in, id, text, ""))
	}
}

func TestSplitList(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"none", nil},
		{"[]", nil},
		{" ; ;", nil},
		{"-", nil},
		{"[list]", nil},
		{"a", []string{"a"}},
		{"a; b;c", []string{"a", "b", "c"}},
		{"[a; b]", []string{"a", "b"}},
		{"[[a]]", []string{"[a]"}},
		{"a\nb\r\nc", []string{"a", "b", "c"}},
		{"a; b\nc", []string{"a", "b", "c"}},
		{"- a; still a\n- b", []string{"a; still a", "b"}},
		{"- a\n  goes on\n- b", []string{"a goes on", "b"}},
		{"- a\n\nanother", []string{"a", "another"}},
		{"first\n- a", []string{"first", "a"}},
		{"- - a", []string{"- a"}},
		{"1. a\n2. b\n10) c", []string{"a", "b", "c"}},
		{"-5 degrees", []string{"-5 degrees"}},
		{"*bold* word", []string{"*bold* word"}},
	} {
		if got := SplitList(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%q gives %q, want %q", tt.text, got, tt.want)
		}
	}
}

// From a report only lists under headings of their own are taken: the same
// words in its prose, in its code and after its lists are not.
func TestReportedItems(t *testing.T) {
	d, a, o := DecisionItem, ArtifactItem, OpenItem
	long := strings.Repeat("ö", MaxItem)
	for _, tt := range []struct {
		name, text string
		want       []Note
	}{
		{"prose", "I thought about the open questions: are there any? And about decisions: many.", nil},
		{
			"lists", "Here is the draft.\n\n## Decisions\n- Postgres\n- magic\n  links\n\nThat was hard.\n\n## Next steps\n- celebrate\n\n**Open questions:**\n- pricing",
			[]Note{{Kind: d, Text: "Postgres"}, {Kind: d, Text: "magic links"}, {Kind: o, Text: "pricing"}},
		},
		{"after an intro", "Decisions:\n- a\n\n- b\nArtifacts: x; y\nOpen items: none", []Note{{Kind: d, Text: "a"}, {Kind: d, Text: "b"}, {Kind: a, Text: "x"}, {Kind: a, Text: "y"}}},
		{"plain lines", "Decisions:\nPostgres\nMagic links\n\nProse.", []Note{{Kind: d, Text: "Postgres"}, {Kind: d, Text: "Magic links"}}},
		{"prose right below a list", "Decisions:\n- a\nThat was hard; very.", []Note{{Kind: d, Text: "a"}}},
		{"code", "```yaml\ndecisions:\n- a\n```\n\nArtifacts:\n- b\n```\nopen items: c\n```\n", []Note{{Kind: a, Text: "b"}}},
		{"a whole handoff", "Phase 1 complete. Decisions: a; b. Open items: c. Switching to: what ever + ?!", []Note{{Kind: d, Text: "a"}, {Kind: d, Text: "b"}, {Kind: o, Text: "c"}}},
		{"too long for an item", "Decisions:\n- " + long, []Note{{Kind: d, Text: strings.Repeat("ö", (MaxItem-3)/2) + "…"}}},
		{"what cannot be shown", "Decisions:\n- a\u202eb\u200b\n- \u200b\n- \u2060none", []Note{{Kind: d, Text: "ab"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, ReportedItems(tt.text), cmp.AllowUnexported(Human{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// seeds are handoffs as people paste them, for the fuzzers.
func seeds() []string {
	out := []string{
		launched().Text(ProtocolText), launched().Text(LongText), Handoff{}.Text(ProtocolText),
		"Phase 1 complete. Decisions made: a Artifacts created: b Open questions: c Switching to Phase 2. Load growth-marketer persona and launch-strategy skill.",
		"**Phase 2 complete!**\r\n\r\n**Decisions:**\r\n* a\r\n* b\r\n", "> Decisions: a\n> Artifacts: b", "```\nPhase 1 complete.\nDecisions: [a; b]\n```",
		"Decisions:\n1. none\n2. - \n3. Switching to: x", "Switching to: a +\n+ b,\n- c and d", "# Decisions\n[\n]\n## Other\nx\n# Open items\n[a]; b",
		"Decisions:a\nDecisions:b;Artifacts:c", "Switching to the next phase (x). Load none persona and none skill.", "- Decisions: - a\n- Artifacts: [b]",
	}
	return out
}

// checkReading holds that what was read is printed so that it is read again
// the same.
func checkReading(t failer, text string) {
	t.Helper()
	LooksLikeHandoff(text)
	for _, n := range ReportedItems(text) {
		if _, err := itemText(n.Kind, n.Text); err != nil {
			t.Errorf("a report's %q cannot be recorded: %v", n.Text, err)
		}
	}
	h, err := ParseHandoff(text)
	if err != nil {
		checkRefusal(t, err, "")
		return
	}
	for _, d := range []Dialect{ProtocolText, LongText} {
		again, err := ParseHandoff(h.Text(d))
		if err != nil {
			t.Fatalf("%v\n%s", err, h.Text(d))
		}
		if diff := cmp.Diff(h, again, sameHandoff); diff != "" {
			t.Fatalf("%s\n%s", diff, h.Text(d))
		}
	}
	if c, err := h.clean(); err == nil { // so is what the rules make of it
		again, err := ParseHandoff(c.Text(ProtocolText))
		if c.Output = ""; err != nil || !cmp.Equal(c, again, sameHandoff) {
			t.Fatalf("%v, %v\n%s", again, err, c.Text(ProtocolText))
		}
	}
}

// FuzzParseHandoff holds that reading never panics and finds again what it
// found.
func FuzzParseHandoff(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { checkReading(t, text) })
}

// The same for texts made of the words that matter, in any order.
func TestReadingAnyOrderOfWords(t *testing.T) {
	words := rapid.SampledFrom([]string{
		"Decisions", "decisions made", "Artifacts", "artefacts created", "Open items", "Open question", "Switching to",
		"switching to phase 2", "the next phase", "Phase 1 complete", "Load ", "the ", " persona", " and ", " skill", " skills", "nobody", "none", "end", "[list]", "[persona]",
		":", ":", ":", "\n", "\n", "\n", "\n\n", "\r\n", "- ", "* ", "1. ", "> ", "```", "# ", "## ", "**", "_", "; ", ", ", ". ", " + ", "[", "]", "(", ")", " ", "a", "b c", "ö", "\u2028", "\v", "\u00a0", "\u200b",
	})
	rapid.Check(t, func(t *rapid.T) {
		checkReading(t, strings.Join(rapid.SliceOfN(words, 0, 40).Draw(t, "words"), ""))
	})
}
