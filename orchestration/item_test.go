package orchestration

import (
	"strings"
	"testing"
)

// An open item travels from phase to phase until somebody resolves it.
func TestOpenItemsTravelUntilSettled(t *testing.T) {
	st := begin(t, sprint())
	pricing := st.note(OpenItem, "pricing")
	legal := st.note(OpenItem, "legal")
	st.pass("a")
	st.want("open", texts(st.Open()), "pricing", "legal").want("carried", texts(st.Carried()), "pricing", "legal", "a")
	st.do(st.Resolve(cem, st.in, pricing, "Ana said so"))
	st.pass("b")
	h, _ := st.LastHandoff()
	st.want("handed off", h.Open, "legal")
	st.pass("c").pass("d")
	st.want("open at the end", texts(st.Open()), "legal")
	st.do(st.Resolve(cem, st.in, legal, "")) // what was left can be settled after the end
	st.want("open", texts(st.Open()))
	item, _ := st.Item(legal)
	if item.State != Resolved || item.Settled != "Cem" {
		t.Errorf("%s is %s by %s", item.Text, item.State, item.Settled)
	}
}

// What passed phases settled travels in its newest wording.
func TestSupersedeAndEdit(t *testing.T) {
	st := begin(t, sprint())
	pg := st.note(DecisionItem, "Postgres")
	doc := st.note(ArtifactItem, "draft.md")
	st.pass("x")
	st.do(st.Supersede(ana, st.in, pg, "SQLite", "cheaper"))
	st.do(st.Edit(ana, st.in, doc, "final.md", ""))
	st.want("carried", texts(st.Carried()), "final.md", "x").want("here", texts(st.Here()), "SQLite")
	old, _ := st.Item(pg)
	if old.State != Superseded || old.Replaced != st.Here()[0].ID || old.Text != "Postgres" {
		t.Errorf("the old one is %+v", old)
	}
	edited, _ := st.Item(doc)
	if edited.Edits != 1 || edited.Phase != 0 {
		t.Errorf("edited %d times, of phase %d", edited.Edits, edited.Phase)
	}
	st.undo().undo()
	st.want("carried", texts(st.Carried()), "Postgres", "draft.md", "x").want("here", texts(st.Here()))
}

func TestSupersedeOpenItemKeepsItsOwner(t *testing.T) {
	st := begin(t, sprint())
	st.do(st.Record(cem, st.in, Note{Kind: OpenItem, Text: "pricing", Owner: ben, Link: "https://x.example/1"}, ""))
	st.do(st.Supersede(cem, st.in, 1, "pricing for teams", ""))
	item, _ := st.Item(2)
	if item.Owner != ben || item.Kind != OpenItem || item.By != Actor(cem) {
		t.Errorf("%+v", item)
	}
	first, _ := st.Item(1)
	if first.Link != "https://x.example/1" || !first.At.Equal(monday) {
		t.Errorf("%+v", first)
	}
}

func TestItemsAreRefused(t *testing.T) {
	st := begin(t, sprint())
	d := st.note(DecisionItem, "Postgres")
	o := st.note(OpenItem, "pricing")
	task := st.ask("draft")
	edit := func(by Human, id int, text string) (Decision, error) { return st.Edit(by, st.in, id, text, "") }
	record := func(by Human, n Note) (Decision, error) { return st.Record(by, st.in, n, "") }

	st.no("and Dot only observes here")(record(dot, Note{Kind: DecisionItem, Text: "x"}))
	st.no("nobody decided this")(record(Human{}, Note{Kind: DecisionItem, Text: "x"}))
	st.no("an item is a decision, an artifact or open, not \"hunch\"")(record(ana, Note{Kind: "hunch", Text: "x"}))
	st.no("this decision has no words")(record(ana, Note{Kind: DecisionItem, Text: " \u200b\n"}))
	st.no("this open item has no words")(record(ana, Note{Kind: OpenItem}))
	st.no("this decision has 1001 bytes")(record(ana, Note{Kind: DecisionItem, Text: strings.Repeat("x", 1001)}))
	st.no("this link has 2001 bytes")(record(ana, Note{Kind: DecisionItem, Text: "x", Link: strings.Repeat("x", 2001)}))
	st.no("only an open item has somebody")(record(ana, Note{Kind: DecisionItem, Text: "x", Owner: ben}))
	st.no("this reason has 1001 bytes")(st.Record(ana, st.in, Note{Kind: DecisionItem, Text: "x"}, strings.Repeat("x", 1001)))

	st.no("only its author, the owner (Ana), an approver or an admin")(edit(cem, d, "SQLite"))
	st.no("there is no item #99")(edit(ana, 99, "x"))
	st.no("#3 is a task, not an item")(edit(ana, task, "x"))
	st.no("#1 says that already")(edit(ana, d, " Postgres"))
	st.no("this decision has no words")(edit(ana, d, "\t"))
	st.no("this decision has 1001 bytes")(edit(ana, d, strings.Repeat("x", 1001)))

	st.no("#1 says that already")(st.Supersede(ana, st.in, d, "Postgres", ""))
	st.no("only its author")(st.Supersede(cem, st.in, d, "SQLite", ""))
	st.no("no words")(st.Supersede(ana, st.in, d, "", ""))
	st.no("#1 is a decision, only an open item is resolved")(st.Resolve(ana, st.in, d, ""))
	st.no("only observes")(st.Resolve(dot, st.in, o, ""))
	st.no("there is no item #0")(st.Resolve(ana, st.in, 0, ""))
	st.no("there is no item #-1")(st.Resolve(ana, st.in, -1, ""))
	st.no("#1 is a decision, only an open item has somebody")(st.Assign(ana, st.in, d, ben, ""))
	st.no("only observes")(st.Assign(dot, st.in, o, ben, ""))
	st.no("#2 is with nobody already")(st.Assign(ana, st.in, o, Human{}, ""))
	st.do(st.Assign(cem, st.in, o, ben, ""))
	st.no("#2 is with Ben already")(st.Assign(ana, st.in, o, ben, ""))
	st.do(st.Assign(cem, st.in, o, Human{}, ""))

	st.do(st.Resolve(cem, st.in, o, ""))
	st.no("#2 was resolved already")(st.Resolve(cem, st.in, o, ""))
	st.no("#2 was resolved already")(edit(ana, o, "x"))
	st.do(st.Supersede(ana, st.in, d, "SQLite", ""))
	st.no("#1 was replaced by #4")(edit(ana, d, "x"))
	st.note(DecisionItem, "oops")
	st.undo()
	st.no("#5 was taken back")(edit(ana, 5, "x"))

	// A paused session takes notes, an ended one does not.
	st.do(st.Pause(ana, st.in, ""))
	d = st.note(DecisionItem, "while we wait")
	st.do(st.Edit(ana, st.in, d, "while we waited", ""))
	st.do(st.End(ana, st.in, "enough"))
	st.no("has ended; to record something")(record(ana, Note{Kind: DecisionItem, Text: "x"}))
	st.no("has ended; to change an item")(edit(ana, d, "x"))
	st.no("has ended; to change an item")(st.Supersede(ana, st.in, d, "x", ""))

	st = tell(t)
	st.no("nothing has been started")(st.Record(ana, st.in, Note{Kind: DecisionItem, Text: "x"}, ""))
	st.no("nothing has been started")(st.Edit(ana, st.in, 1, "x", ""))
	st.no("nothing has been started")(st.Resolve(ana, st.in, 1, ""))
}

// An item that should not have been recorded is withdrawn, and stays in the log.
func TestWithdraw(t *testing.T) {
	st := begin(t, sprint())
	st.do(st.Record(cem, st.in, Note{Kind: OpenItem, Text: "a"}, "the call"))
	st.note(DecisionItem, "b")
	st.no("only its author")(st.Withdraw(cem, st.in, 2, ""))
	st.do(st.Withdraw(cem, st.in, 1, "")).want("open", texts(st.Open())).want("here", texts(st.Here()), "b")
	if item, _ := st.Item(1); item.State != Withdrawn || item.Settled != "Cem" || item.Because != "the call" {
		t.Errorf("%+v", item)
	}
	st.no("was taken back")(st.Withdraw(cem, st.in, 1, ""))
	st.do(st.Undo(cem, st.in, "")).want("open", texts(st.Open()), "a")
	st.pass().want("carried", texts(st.Carried()), "a", "b")
	st.do(st.Withdraw(ben, st.in, 1, "")).want("carried", texts(st.Carried()), "b")
	st.do(st.End(ana, st.in, "x"))
	st.no("has ended")(st.Withdraw(ana, st.in, 2, ""))
}

// An item keeps the reason it was recorded or last edited with; the reason of a
// handoff is the handoff's.
func TestItemsKeepTheirReason(t *testing.T) {
	st := begin(t, sprint())
	st.do(st.Record(ana, st.in, Note{Kind: DecisionItem, Text: "a"}, "why a"))
	st.do(st.Supersede(ana, st.in, 1, "b", "why b"))
	st.do(st.Edit(ana, st.in, 2, "c", ""))
	st.do(st.HandOff(ana, st.in, Pass{Handoff: Handoff{Decisions: []string{"d"}}, Because: "why all"}))
	var got []string
	for _, item := range st.Items() {
		got = append(got, item.Text+": "+item.Because)
	}
	st.want("reasons", got, "a: why a", "c: why b", "d: ")
	st.do(st.Edit(ana, st.in, 3, "e", "why e"))
	if item, _ := st.Item(3); item.Because != "why e" {
		t.Errorf("%+v", item)
	}
}

// An author may change what is their own, and only while they may record.
func TestAuthorsAmend(t *testing.T) {
	st := begin(t, sprint())
	st.do(st.Record(cem, st.in, Note{Kind: DecisionItem, Text: "a"}, ""))
	st.do(st.Edit(cem, st.in, 1, "b", ""))
	st.do(st.Edit(ana, st.in, 1, "c", ""))
	st.do(st.Edit(ben, st.in, 1, "d", ""))
	st.do(st.Edit(eve, st.in, 1, "e", ""))
	st.in.Channel = st.in.Channel.Apply(Entry{Seq: 9, At: monday, Decision: Recall(eve, "", []Event{RoleGiven{cem, Observer}})})
	st.no("only its author")(st.Edit(cem, st.in, 1, "f", ""))
	st.no("only its author")(st.Edit(dot, st.in, 1, "f", ""))
}

// What is stored is what is shown: no control, invisible or direction-changing
// character survives, and every kind of white space is one space.
func TestTextIsCleaned(t *testing.T) {
	for _, tt := range []struct{ in, line, text string }{
		{"plain", "plain", "plain"},
		{"  two\t words \n", "two words", "two\t words"},
		{"a\r\nb\rc\u2028d", "a b c d", "a\nb\nc\nd"},
		{"a\vb\fc\u0085d", "a b c d", "a b c d"},
		{"a\x00\x1b[31mb\x7f", "a[31mb", "a[31mb"},
		{"abc\u202edef\u2066ghi\u061c", "abcdefghi", "abcdefghi"},
		{"zero\u200b\u200e\ufeff\u00ad\u2060width", "zerowidth", "zerowidth"},
		{"tag\U000e0041\U000e007fs and \U000e0100selectors\u034f", "tags and selectors", "tags and selectors"},
		{"hangul \u3164filler", "hangul filler", "hangul filler"},
		{"👩\u200d💻 🏗\ufe0f", "👩\u200d💻 🏗\ufe0f", "👩\u200d💻 🏗\ufe0f"},
		{"bad \xff\xfe bytes", "bad � bytes", "bad � bytes"},
		{"no\u00a0break　wide", "no break wide", "no\u00a0break　wide"},
		{"\u0601 1", "\u0601 1", "\u0601 1"}, // a sign that shows
	} {
		line, err := parseLine("word", tt.in, 100)
		if err != nil || line != tt.line {
			t.Errorf("%q as a line is %q, %v", tt.in, line, err)
		}
		text, err := parseText("word", tt.in, 100)
		if err != nil || text != tt.text {
			t.Errorf("%q as a text is %q, %v", tt.in, text, err)
		}
		if again := cleanLine(line); again != line {
			t.Errorf("%q cleaned again is %q", line, again)
		}
	}
	_, err := parseText("report", strings.Repeat("x", 2049), 2048)
	checkRefusal(t, err, "this report has 2.0 KiB, at most 2.0 KiB are possible")
	for _, tt := range []struct {
		s     string
		limit int
		want  string
	}{{"short", 5, "short"}, {"longer", 5, "lo…"}, {"größer", 6, "gr…"}, {"a bcdef", 5, "a…"}} {
		if got := cut(tt.s, tt.limit); got != tt.want || len(got) > tt.limit {
			t.Errorf("%q cut to %d is %q", tt.s, tt.limit, got)
		}
	}
}
