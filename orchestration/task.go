package orchestration

import "time"

// TaskState says how far a task is.
type TaskState string

// The states.
const (
	TaskOpen      TaskState = "open"
	TaskDone      TaskState = "reported"
	TaskGood      TaskState = "accepted"
	TaskBad       TaskState = "rejected"
	TaskCalledOff TaskState = "stopped"
)

// Task is scoped work that somebody asked for. What it was to be done with is
// pinned at the moment of asking. Its slices are shared: read them only.
type Task struct {
	ID      int
	Brief   string
	By      Human
	At      time.Time
	Phase   int
	Persona Persona
	Skills  []Skill
	State   TaskState
	Report  string
	Via     string // which assistant the report was copied from, if that was said
	DoneBy  Actor
	DoneAt  time.Time

	reported uint64 // the decision that brought the report
	decided  verdict
}

// verdict is who decided on a report or a proposal last, and when.
type verdict struct {
	by Actor
	at time.Time
}

// text is the verdict in a sentence.
func (v verdict) text(in Room) string {
	if v.by == nil {
		return ""
	}
	return ", by " + v.by.String() + " on " + v.at.In(in.Zone()).Format("2 Jan 2006 15:04")
}

// decidedAlready refuses to turn what somebody decided: that is taken back in so
// many words, or not at all.
func (t Task) decidedAlready(in Room) error {
	return Refuse("#%d is %s already%s: `undo` takes that back while it is the last decision", t.ID, t.State, t.decided.text(in)).
		Try("undo because …", "run report "+itoa(t.ID)+": …")
}

func (t Task) marks() marks { return phaseMark(t.Phase) }

// counts reports whether the task has a report that nobody rejected.
func (t Task) counts() bool { return t.State == TaskDone || t.State == TaskGood }

// maxTask bounds a task's brief, in bytes.
const maxTask = 4096

// Ask records a task. Whether anything works on it by itself is not for the
// rules to know.
func (s Session) Ask(by Human, in Room, brief, because string) (Decision, error) {
	if err := s.may(by, in, ToRecord, object{}); err != nil {
		return Decision{}, err
	}
	if err := s.running("ask for work"); err != nil {
		return Decision{}, err
	}
	brief, err := parseText("task", brief, maxTask)
	if err != nil {
		return Decision{}, err
	}
	if brief == "" {
		return Decision{}, Refuse("the task has no words").Try("run draft the architecture")
	}
	return decide(by, because, TaskAsked{s.next(), brief})
}

// Report brings a task's result, by whoever has it: a person who copied it from
// an assistant, or an agent. A paused session still takes it: the work is done.
func (s Session) Report(by Human, in Room, id int, text, via, because string) (Decision, error) {
	if err := s.may(by, in, ToRecord, object{}); err != nil {
		return Decision{}, err
	}
	e, err := s.report(id, text, via)
	if err != nil {
		return Decision{}, err
	}
	return decide(by, because, e)
}

// ReportByAgent is an agent bringing its result.
func (s Session) ReportByAgent(by Agent, id int, text string) (Decision, error) {
	e, err := s.report(id, text, by.Name())
	if err != nil {
		return Decision{}, err
	}
	return decideAgent(by, e)
}

func (s Session) report(id int, text, via string) (TaskReported, error) {
	t, err := s.openTask(id)
	if err != nil {
		return TaskReported{}, err
	}
	if text, err = parseText("report", text, MaxOutput); err != nil {
		return TaskReported{}, err
	}
	if text == "" {
		return TaskReported{}, Refuse("the report on #%d has no words", id).Try("run report " + itoa(id) + ": …")
	}
	via, err = parseLine("name", via, 100)
	return TaskReported{t.ID, text, via}, err
}

// openTask is a task that waits for its report.
func (s Session) openTask(id int) (Task, error) {
	if err := s.writable("report on a task"); err != nil {
		return Task{}, err
	}
	t, ok := s.task(id)
	if !ok {
		return Task{}, s.noSuch("task", id)
	}
	switch t.State {
	case TaskDone, TaskGood:
		if t.State == TaskGood {
			return Task{}, Refuse("#%d has its report already, and it was accepted", id).Try("undo because …", "run …")
		}
		return Task{}, Refuse("#%d has its report already", id).Try("deny "+itoa(id)+" because …", "run …")
	case TaskCalledOff:
		return Task{}, Refuse("#%d was stopped", id).Try("run …")
	}
	return t, nil
}

// Stop calls a task off. Whoever may ask may stop: stopping never waits.
func (s Session) Stop(by Human, in Room, id int, because string) (Decision, error) {
	if err := s.may(by, in, ToRecord, object{}); err != nil {
		return Decision{}, err
	}
	t, ok := s.task(id)
	if !ok {
		return Decision{}, s.noSuch("task", id)
	}
	if t.State != TaskOpen && t.State != TaskBad {
		return Decision{}, Refuse("#%d is %s: there is nothing to stop", id, t.State).Try("status")
	}
	return decide(by, because, TaskStopped{id})
}

// Accept makes a report count. The decisions, artifacts and open items that it
// lists in the protocol's words are recorded with it, but for those that stand
// on record already.
func (s Session) Accept(by Human, in Room, id int, because string) (Decision, error) {
	t, err := s.reported(by, in, id, "accept a report")
	if err != nil {
		return Decision{}, err
	}
	if t.State == TaskGood {
		return Decision{}, Refuse("#%d is accepted already%s", id, t.decided.text(in)).Try("undo because …")
	}
	known := map[Note]bool{}
	for _, item := range s.items.all() {
		if item.State == Live && !s.hidden(item) {
			known[Note{Kind: item.Kind, Text: item.Text}] = true
		}
	}
	events := []Event{TaskAccepted{id}}
	for _, n := range ReportedItems(t.Report) {
		if known[n] {
			continue
		}
		known[n] = true
		e, err := s.newItem(len(events)-1, n)
		if err != nil {
			return Decision{}, err
		}
		e.Task = id
		events = append(events, e)
	}
	return decide(by, because, events...)
}

// Reject sends a report back. The task is open again. One that somebody accepted
// is not sent back: that decision is taken back first.
func (s Session) Reject(by Human, in Room, id int, because string) (Decision, error) {
	t, err := s.reported(by, in, id, "reject a report")
	if err != nil {
		return Decision{}, err
	}
	if t.State == TaskGood {
		return Decision{}, t.decidedAlready(in)
	}
	return decide(by, because, s.rejected(t)...)
}

// rejected sends a report back with what accepting it recorded, in whatever
// phase that was.
func (s Session) rejected(t Task) []Event {
	events := []Event{TaskRejected{t.ID}}
	if t.State != TaskGood {
		return events
	}
	for _, item := range s.items.all() {
		if item.Task == t.ID && item.State == Live {
			events = append(events, ItemWithdrawn{item.ID})
		}
	}
	return events
}

func (s Session) reported(by Human, in Room, id int, what string) (Task, error) {
	if err := s.mayMove(by, in, what); err != nil {
		return Task{}, err
	}
	t, ok := s.task(id)
	if !ok {
		return Task{}, s.noSuch("task", id)
	}
	if s.sealedPhase(t.Phase) {
		return Task{}, sealedNow(id)
	}
	if s.reviewing() && t.Phase != s.at {
		return Task{}, s.leaveAlone(id, t.Phase)
	}
	if t.State == TaskCalledOff {
		return Task{}, Refuse("#%d was stopped", id).Try("run …")
	}
	if t.State == TaskBad {
		return Task{}, t.decidedAlready(in)
	}
	if !t.counts() {
		return Task{}, Refuse("#%d is %s: there is no report to decide on", id, t.State).Try("run report " + itoa(id) + ": …")
	}
	return t, nil
}

// ReportedItems are the items a report lists under the handoff's headings,
// each as an item can be recorded: a longer one is cut, the report has it whole.
func ReportedItems(report string) []Note {
	h := readReport(report)
	var out []Note
	for _, list := range []struct {
		kind  ItemKind
		texts []string
	}{{DecisionItem, h.Decisions}, {ArtifactItem, h.Artifacts}, {OpenItem, h.Open}} {
		for _, text := range list.texts {
			if text = cut(cleanLine(text), MaxItem); text != "" && !none(text) {
				out = append(out, Note{Kind: list.kind, Text: text})
			}
		}
	}
	return out
}

// Task is the task with that number; ok is false where it is sealed now.
func (s Session) Task(id int) (task Task, ok bool) {
	task, ok = s.task(id)
	if !ok || s.sealedPhase(task.Phase) {
		return Task{}, false
	}
	return task, true
}

// task is the task with that number, sealed or not.
func (s Session) task(id int) (Task, bool) {
	i, ok := s.find(id, taskRef)
	if !ok {
		return Task{}, false
	}
	return s.tasks.at(i), true
}

// Tasks are all tasks, in order, without those of phases sealed now.
func (s Session) Tasks() []Task {
	var out []Task
	for _, t := range s.tasks.all() {
		if !s.sealedPhase(t.Phase) {
			out = append(out, t)
		}
	}
	return out
}

// noSuch says what a number names instead, so that a slip is seen.
func (s Session) noSuch(kind string, id int) error {
	if other := s.Numbered(id); other != "" {
		return Refuse("#%d is %s, not %s", id, withArticle(other), withArticle(kind)).Try("status")
	}
	return Refuse("there is no %s #%d here", kind, id).Try("status")
}
