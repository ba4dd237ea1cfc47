package adaptertest

import (
	"context"
	"fmt"
	"strings"

	"github.com/synthoperator/baton/chat"
)

var callTests = []test{
	{"CallDecoded", nil, testCallDecoded},
	{"PlaceOfACall", []Ability{Threads}, testPlaceOfACall},
	{"AnswerElsewhere", []Ability{Threads}, testAnswerElsewhere},
	{"Repeated", []Ability{Repeats}, testRepeated},
	{"RepeatedAfterRestart", []Ability{Repeats, Restarts}, testRepeatedAfterRestart},
	{"EqualTextsDiffer", nil, testEqualTextsDiffer},
	{"FirstSeenAsRetry", []Ability{Repeats, RetryMarks}, testFirstSeenAsRetry},
	{"RefusalAndFaultShown", nil, testRefusalAndFaultShown},
	{"OnlyYou", []Ability{Private}, testOnlyYou},
	{"SilentAnswer", nil, testSilentAnswer},
	{"LongAnswer", nil, testLongAnswer},
	{"HostileAnswer", nil, testHostileAnswer},
}

// testCallDecoded: who, where, what, which delivery, and who is named.
func testCallDecoded(f *fixture) {
	name := f.Stage.Mention(f.bo)
	f.says(f.ana, f.channel, "note ask "+name+" for the <draft> & more")
	f.settle()
	c := f.onlyCall()
	if c.ID == "" || c.Person.ID != f.ana.ID || c.Person.Name != f.ana.Name || c.Thread != f.channel {
		f.Errorf("delivery %q by %+v in %s", c.ID, c.Person, c.Thread.Key())
	}
	if verb(c) != "note" {
		f.Errorf("the verb is %q", verb(c))
	}
	for _, word := range []string{"ask", name, "for the <draft> & more"} {
		if !strings.Contains(words(c), word) {
			f.Errorf("%q is not in %q", word, words(c))
		}
	}
	if got := c.Mentions[name]; got.ID != f.bo.ID {
		f.Errorf("%s is %+v among %+v", name, got, c.Mentions)
	}
	if c.Form {
		f.Error("nobody asked for a form")
	}
}

func testPlaceOfACall(f *fixture) {
	one, two := f.thread(1), f.thread(2)
	for _, in := range []chat.Thread{one, f.channel, two} {
		f.says(f.ana, in, "status of "+in.Key())
		f.settle()
	}
	places := map[chat.Thread]int{}
	for _, c := range f.called() {
		places[c.Thread]++
		if !strings.Contains(words(c), c.Thread.Key()) {
			f.Errorf("%q was heard in %s", words(c), c.Thread.Key())
		}
	}
	for _, in := range []chat.Thread{one, two, f.channel} {
		if places[in] != 1 {
			f.Errorf("%d calls in %s", places[in], in.Key())
		}
		if n := len(containing(f.baton(in), "heard status of "+in.Key())); n != 1 {
			f.Errorf("%d answers in %s: %q", n, in.Key(), texts(f.baton(in)))
		}
	}
}

// testAnswerElsewhere: an answer goes where it says that it belongs.
func testAnswerElsewhere(f *fixture) {
	one := f.thread(1)
	f.answers(func(context.Context, chat.Call) chat.Message {
		m := paragraph("announced")
		m.Thread = one
		return m
	})
	f.says(f.ana, f.channel, "status")
	f.settle()
	if n := len(containing(f.baton(one), "announced")); n != 1 {
		f.Errorf("%d answers in the thread", n)
	}
}

func testRepeated(f *fixture) {
	d := f.says(f.ana, f.channel, "note once")
	f.settle()
	for range 3 {
		f.Deliver(d, true)
		f.settle()
	}
	f.sameDelivery()
}

func testRepeatedAfterRestart(f *fixture) {
	d := f.says(f.ana, f.channel, "note once")
	f.settle()
	for range 3 {
		f.Restart()
		f.Deliver(d, true)
		f.settle()
	}
	f.sameDelivery()
}

// sameDelivery: every call there was is the same delivery.
func (f *fixture) sameDelivery() {
	f.Helper()
	calls := f.called()
	if len(calls) == 0 {
		f.Fatal("nothing was heard")
	}
	for _, c := range calls {
		if c.ID == "" || c.ID != calls[0].ID {
			f.Errorf("the delivery %q came again as %q", calls[0].ID, c.ID)
		}
	}
}

// testEqualTextsDiffer: what somebody says twice are two deliveries, and so is
// what two people say.
func testEqualTextsDiffer(f *fixture) {
	for _, p := range []chat.Person{f.ana, f.ana, f.bo} {
		f.says(p, f.channel, "note again")
		f.settle()
	}
	ids := map[string]bool{}
	for _, c := range f.called() {
		ids[c.ID] = true
	}
	if len(ids) != 3 {
		f.Errorf("three deliveries have the ids %v", ids)
	}
}

// testFirstSeenAsRetry: what was lost the first time is heard the second time.
func testFirstSeenAsRetry(f *fixture) {
	d := f.People.Say(f.ana, f.channel, "note lost at first")
	f.settle()
	f.Deliver(d, true)
	f.settle()
	if c := f.onlyCall(); !strings.Contains(words(c), "lost at first") {
		f.Errorf("%q", words(c))
	}
}

func testRefusalAndFaultShown(f *fixture) {
	for _, m := range []chat.Message{
		{Refused: true, Title: "Not done: this step is not yours", Blocks: []chat.Block{chat.Bullets{"try status"}}},
		{Fault: true, Blocks: []chat.Block{chat.Paragraph("Something broke, its key is k17")}},
	} {
		f.answers(func(context.Context, chat.Call) chat.Message { return m })
		f.says(f.ana, f.channel, "approve 1")
		f.settle()
		if lost := lost(m, f.baton(f.channel)); lost != "" {
			f.Errorf("%s is not shown: %q", lost, texts(f.baton(f.channel)))
		}
	}
}

func testOnlyYou(f *fixture) {
	f.answers(func(context.Context, chat.Call) chat.Message {
		m := paragraph("for you alone")
		m.Only = true
		return m
	})
	f.says(f.ana, f.channel, "status")
	f.settle()
	seen := containing(f.baton(f.channel), "for you alone")
	if len(seen) != 1 || seen[0].Only != f.ana.ID {
		f.Errorf("who called sees %+v", seen)
	}
}

// testSilentAnswer: a message that says nothing is not shown, and harms nothing.
func testSilentAnswer(f *fixture) {
	f.answers(func(context.Context, chat.Call) chat.Message { return chat.Message{} })
	f.says(f.ana, f.channel, "status")
	f.settle()
	f.answers(nil)
	f.says(f.ana, f.channel, "status again")
	f.settle()
	if got := f.onlyAnswer(f.channel); !strings.Contains(got.Text, "heard status again") {
		f.Errorf("%q", got.Text)
	}
}

func testLongAnswer(f *fixture) {
	m := chat.Message{Title: "All of it", Blocks: []chat.Block{chat.Paragraph(manyWords("word", 3000))}}
	f.answers(func(context.Context, chat.Call) chat.Message { return m })
	f.says(f.ana, f.channel, "status")
	f.settle()
	if lost := lost(m, f.baton(f.channel)); lost != "" {
		f.Errorf("%s is not shown", lost)
	}
}

func testHostileAnswer(f *fixture) {
	f.answers(func(_ context.Context, c chat.Call) chat.Message { return f.hostile() })
	f.says(f.ana, f.channel, "status")
	f.settle()
	f.quiet(f.baton(f.channel))
}

// manyWords are numbered words of ten characters with the space.
func manyWords(word string, n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "%s ", numbered(word, i))
		if i%20 == 19 {
			text.WriteString("\n")
		}
	}
	return text.String()
}
