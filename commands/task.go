package commands

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/synthoperator/baton/chat"
	"github.com/synthoperator/baton/orchestration"
	"github.com/synthoperator/baton/state"
)

type runArgs struct {
	Brief  string `pos:"rest" kind:"text" help:"the work to do, in your own words"`
	Task   int    `help:"the task a report is for"`
	Report string `kind:"text" help:"what the assistant answered, pasted; left out, the report is shown"`
	Via    string `help:"which assistant that was"`
}

func run() Command {
	return declare(about{
		Name: "run", Help: "Ask for work: get the prompt to copy, paste the answer back as its report",
		Example: "run draft the architecture", Form: "Report on a task", Verbatim: reportText, Fill: reportForm,
	}, doRun)
}

// reportText reads "report 3: the pasted answer", and "report 3 via: … report:
// …". The answer is taken whole, whatever words are in it.
func reportText(text string) (map[string]string, bool) {
	rest, ok := cutWord(text, "report")
	if !ok {
		return nil, false
	}
	word, report := nextWord(rest)
	n, err := strconv.Atoi(strings.Trim(word, "#:"))
	if err != nil {
		return nil, false
	}
	values := map[string]string{"task": strconv.Itoa(n)}
	if after, ok := cutPrefixFold(report, "via:"); ok {
		if via, text, found := strings.Cut(after, "report:"); found {
			values["via"], report = strings.TrimSpace(via), text
		}
	}
	report = strings.TrimPrefix(strings.TrimSpace(report), ":")
	if rest, ok := cutPrefixFold(report, "report:"); ok {
		report = rest
	}
	values["report"] = strings.TrimSpace(report)
	return values, true
}

func reportForm(t *turn) (chat.Form, error) {
	s, err := t.session()
	if err != nil {
		return chat.Form{}, err
	}
	f := chat.Form{Title: "Report on a task", Submit: "Report", Args: map[string]string{inSession: fmt.Sprint(s.number)}}
	latest := ""
	for _, task := range s.Tasks() {
		if task.State == orchestration.TaskOpen || task.State == orchestration.TaskBad {
			latest = strconv.Itoa(task.ID)
		}
	}
	for _, o := range t.cmd.spec.Options {
		switch o.Name {
		case "task":
			f.Inputs = append(f.Inputs, chat.Input{Option: o, Value: latest})
		case "report", "via":
			f.Inputs = append(f.Inputs, chat.Input{Option: o})
		}
	}
	return f, nil
}

func doRun(t *turn, a runArgs) (chat.Message, error) {
	if a.Report != "" {
		return t.report(a)
	}
	if a.Brief != "" && (a.Task > 0 || a.Via != "") {
		return chat.Message{}, orchestration.Refuse("a new task takes only its words; a report names its task").
			Try("run draft the architecture", "run report 3 via: … report: …")
	}
	if a.Brief == "" && a.Task > 0 {
		return t.showReport(a.Task)
	}
	if a.Brief == "" {
		return chat.Message{}, orchestration.Refuse("what should be done?").Try("run draft the architecture")
	}
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		return s.Ask(t.by, in, a.Brief, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	s := t.after(res)
	asked, ok := first[orchestration.TaskAsked](res.Entry)
	if !ok {
		return chat.Message{}, errOther
	}
	id := asked.ID
	m := say(fmt.Sprintf("Task #%d recorded%s. Its prompt is ready to be copied into the assistant you use:", id, becauseOf(res.Entry.Because())))
	s.attachPrompt(&m, a.Brief, fmt.Sprintf("prompt-%d.md", id))
	m.Blocks = append(m.Blocks, chat.Remark(fmt.Sprintf("Paste the answer as `run report %d: …`.", id)))
	m.Buttons = []chat.Button{
		s.about("Paste the answer", "run", "task", id, true),
		s.about("Stop", "stop", "task", id, false),
	}
	return m, nil
}

// showReport shows the report on a task, whole.
func (t *turn) showReport(id int) (chat.Message, error) {
	s, err := t.session()
	if err != nil {
		return chat.Message{}, err
	}
	task, ok := s.Task(id)
	switch {
	case !ok:
		return chat.Message{}, orchestration.Refuse("there is no task #%d here", id).Try("status")
	case task.Report == "":
		return chat.Message{}, orchestration.Refuse("#%d has no report yet", id).Try(fmt.Sprintf("run report %d: …", id))
	}
	return say(fmt.Sprintf("Task #%d (%s): %s", id, task.State, stopped(firstLine(task.Brief))),
		chat.Paragraph(fmt.Sprintf("Report by %s, %s:", task.DoneBy, moment(task.DoneAt, s.in.Zone()))), chat.Code(task.Report)), nil
}

func (t *turn) report(a runArgs) (chat.Message, error) {
	if a.Task == 0 {
		return chat.Message{}, orchestration.Refuse("which task is this the report on?").Try("run report 3: …")
	}
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		return s.Report(t.by, in, a.Task, a.Report, a.Via, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	s := t.after(res)
	task, seen := s.Task(a.Task)
	if !seen {
		return say(fmt.Sprintf("Reported on #%d. It is sealed until the decision.", a.Task)), nil
	}
	return s.reported(task, becauseOf(res.Entry.Because())), nil
}

// reported is a report that waits for people.
func (s shown) reported(task orchestration.Task, because string) chat.Message {
	via := ""
	if task.Via != "" && task.Via != agentName(task.DoneBy) {
		via = " via " + task.Via
	}
	m := say(fmt.Sprintf("Report on #%d from %s%s%s: %s", task.ID, task.DoneBy, via, because, short(firstLine(task.Report), 200)))
	if items := orchestration.ReportedItems(task.Report); len(items) > 0 {
		m.Blocks = append(m.Blocks, chat.Paragraph(fmt.Sprintf("It lists %s, which `approve %d` records:", countKinds(items), task.ID)), noteLines(items))
	}
	m.Blocks = append(m.Blocks, chat.Remark(next(s, task.ID)))
	m.Buttons = []chat.Button{
		s.about("Accept", "approve", "number", task.ID, false),
		s.about("Send back", "deny", "number", task.ID, false),
	}
	return m
}

// agentName is the name of an agent; "" of a person.
func agentName(by orchestration.Actor) string {
	if agent, ok := by.(orchestration.Agent); ok {
		return agent.Name()
	}
	return ""
}

// next says what a report is good for in this pattern.
func next(s shown, id int) string {
	phase, _ := s.Phase()
	switch {
	case s.Plan().Kind() == orchestration.SkillChainKind:
		return "`handoff accept` makes it this step's output, `handoff redo because …` throws it away."
	case phase.Part == orchestration.Reviewer:
		return "`handoff` passes it on as this review."
	case phase.Part == orchestration.Author:
		return "`handoff` passes it on as the artifact under review."
	}
	return fmt.Sprintf("`approve %d` accepts it, `deny %d because …` sends it back.", id, id)
}

// noteLines are the items a report lists, as they would be recorded.
func noteLines(items []orchestration.Note) chat.Bullets {
	var lines chat.Bullets
	for i, item := range items {
		if i == mostItems {
			lines = append(lines, fmt.Sprintf("and %d more", len(items)-i))
			break
		}
		lines = append(lines, string(item.Kind)+": "+item.Text)
	}
	return lines
}

func countKinds(items []orchestration.Note) string {
	n := map[orchestration.ItemKind]int{}
	for _, item := range items {
		n[item.Kind]++
	}
	var parts []string
	for _, k := range []struct {
		kind      orchestration.ItemKind
		one, many string
	}{{orchestration.DecisionItem, "decision", "decisions"}, {orchestration.ArtifactItem, "artifact", "artifacts"}, {orchestration.OpenItem, "open item", "open items"}} {
		if n[k.kind] > 0 {
			parts = append(parts, plural(n[k.kind], k.one, k.many))
		}
	}
	return strings.Join(parts, ", ")
}

type stopArgs struct {
	Task int `pos:"word" help:"the task's number; the newest open one if left out"`
}

func stop() Command {
	return declare(about{Name: "stop", Help: "Call a task off; it never waits for anything", Example: "stop 3"}, doStop)
}

func doStop(t *turn, a stopArgs) (chat.Message, error) {
	var stopped int
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		stopped = a.Task
		if stopped == 0 {
			stopped = newestOpen(s)
		}
		if stopped == 0 {
			return orchestration.Decision{}, orchestration.Refuse("no task is open here").Try("status")
		}
		return s.Stop(t.by, in, stopped, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	called, ok := first[orchestration.TaskStopped](res.Entry)
	if !ok {
		return chat.Message{}, errOther
	}
	id := called.ID
	task, _ := res.After.Task(id)
	return say(fmt.Sprintf("Stopped #%d%s: %s", id, becauseOf(res.Entry.Because()), short(firstLine(task.Brief), 120))), nil
}

func newestOpen(s orchestration.Session) int {
	id := 0
	for _, task := range s.Tasks() {
		if task.State == orchestration.TaskOpen || task.State == orchestration.TaskBad {
			id = task.ID
		}
	}
	return id
}

type numberArgs struct {
	Number int `pos:"word" need:"yes" alias:"task,proposal" help:"the report or proposal, by its number"`
}

func approve() Command {
	return declare(about{Name: "approve", Help: "Accept a report or a proposal; what it lists is recorded", Example: "approve 3"}, doApprove)
}

func doApprove(t *turn, a numberArgs) (chat.Message, error) {
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		if s.Numbered(a.Number) == "proposal" {
			return s.Approve(t.by, in, a.Number, t.because)
		}
		return s.Accept(t.by, in, a.Number, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	return t.decidedOn(res), nil
}

func deny() Command {
	return declare(about{Name: "deny", Help: "Send a report back, or turn a proposal down", Example: "deny 3 because the costs are missing"}, doDeny)
}

func doDeny(t *turn, a numberArgs) (chat.Message, error) {
	res, err := t.decide(func(s orchestration.Session, in orchestration.Room) (orchestration.Decision, error) {
		if s.Numbered(a.Number) == "proposal" {
			return s.Deny(t.by, in, a.Number, t.because)
		}
		return s.Reject(t.by, in, a.Number, t.because)
	})
	if err != nil {
		return chat.Message{}, err
	}
	return t.decidedOn(res), nil
}

func (t *turn) decidedOn(res state.Result) chat.Message {
	return say(stopped(upperFirst(orchestration.Describe(res.Entry.Decision)) + becauseOf(res.Entry.Because())))
}
