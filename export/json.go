package export

import (
	"encoding/json"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

// The JSON page. Its names are a contract with the programs that read it.
type (
	jsonPage struct {
		Pattern     string        `json:"pattern"`
		Kind        string        `json:"kind"`
		Title       string        `json:"title"`
		Objective   string        `json:"objective"`
		Constraints []string      `json:"constraints,omitempty"`
		Success     []string      `json:"success,omitempty"`
		Background  string        `json:"background,omitempty"`
		State       string        `json:"state"`
		Owner       jsonPerson    `json:"owner"`
		Started     time.Time     `json:"started"`
		Phase       int           `json:"phase"` // counted from 1
		Phases      []jsonPhase   `json:"phases"`
		Items       []jsonItem    `json:"items"`
		Tasks       []jsonTask    `json:"tasks"`
		Handoffs    []jsonHandoff `json:"handoffs"`
		Log         []jsonEntry   `json:"log"`
	}
	jsonPerson struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	jsonPhase struct {
		Name         string   `json:"name"`
		Days         int      `json:"days,omitempty"`
		Persona      string   `json:"persona,omitempty"`
		Skills       []string `json:"skills,omitempty"`
		Deliverables []string `json:"deliverables,omitempty"`
		Part         string   `json:"part,omitempty"`
		Outcome      string   `json:"outcome,omitempty"`
	}
	jsonItem struct {
		ID    int       `json:"id"`
		Kind  string    `json:"kind"`
		Text  string    `json:"text"`
		By    string    `json:"by"`
		At    time.Time `json:"at"`
		Phase int       `json:"phase"`
		Owner string    `json:"owner,omitempty"`
		Link  string    `json:"link,omitempty"`
		State string    `json:"state,omitempty"`
		Why   string    `json:"because,omitempty"`
	}
	jsonTask struct {
		ID     int       `json:"id"`
		Brief  string    `json:"brief"`
		By     string    `json:"by"`
		At     time.Time `json:"at"`
		Phase  int       `json:"phase"`
		State  string    `json:"state"`
		Report string    `json:"report,omitempty"`
		DoneBy string    `json:"doneBy,omitempty"`
		Via    string    `json:"via,omitempty"`
	}
	jsonHandoff struct {
		Phase     int       `json:"phase"`
		By        string    `json:"by"`
		At        time.Time `json:"at"`
		Decisions []string  `json:"decisions"`
		Artifacts []string  `json:"artifacts"`
		Open      []string  `json:"open"`
		Persona   string    `json:"persona,omitempty"`
		Skills    []string  `json:"skills,omitempty"`
		Output    string    `json:"output,omitempty"`
		Text      string    `json:"text"`
	}
	jsonEntry struct {
		Seq     uint64    `json:"seq"`
		At      time.Time `json:"at"`
		By      string    `json:"by"`
		What    string    `json:"what"`
		Because string    `json:"because,omitempty"`
	}
)

// JSON is the page for programs.
func (p Page) JSON() ([]byte, error) {
	s := p.Session
	_, started := s.Starter()
	page := jsonPage{
		Pattern: s.Plan().Name(), Kind: string(s.Plan().Kind()), Title: s.Plan().Title(), Objective: s.Brief().Objective,
		Constraints: s.Brief().Constraints, Success: s.Brief().Success, Background: s.Brief().Background,
		State: string(s.State()), Owner: jsonPerson{string(s.Owner().ID()), s.Owner().Name()}, Started: started, Phase: s.At() + 1,
		Items: []jsonItem{}, Tasks: []jsonTask{}, Handoffs: []jsonHandoff{}, Log: []jsonEntry{},
	}
	for i, phase := range s.Phases() {
		page.Phases = append(page.Phases, jsonPhase{
			phase.Name, phase.Days, phase.Persona.String(), texts(phase.Skills),
			phase.Deliverables, string(phase.Part), string(s.Outcome(i)),
		})
	}
	for _, item := range s.Items() {
		page.Items = append(page.Items, jsonItem{
			item.ID, string(item.Kind), item.Text, item.By.String(), item.At, item.Phase + 1,
			item.Owner.Name(), item.Link, string(item.State), item.Because,
		})
	}
	for _, t := range s.Tasks() {
		done := ""
		if t.DoneBy != nil {
			done = t.DoneBy.String()
		}
		page.Tasks = append(page.Tasks, jsonTask{t.ID, t.Brief, t.By.Name(), t.At, t.Phase + 1, string(t.State), t.Report, done, t.Via})
	}
	for _, h := range s.Handoffs() {
		page.Handoffs = append(page.Handoffs, jsonHandoff{
			h.Index + 1, h.By.String(), h.At, orEmpty(h.Decisions), orEmpty(h.Artifacts),
			orEmpty(h.Open), h.Persona.String(), texts(h.Skills), h.Output, h.Text(orchestration.ProtocolText),
		})
	}
	for _, e := range p.Entries {
		because := e.Because()
		if s.Hides(e) {
			because = ""
		}
		if what := p.told(e); what != "" {
			page.Log = append(page.Log, jsonEntry{e.Seq, e.At, e.By().String(), what, because})
		}
	}
	return json.MarshalIndent(page, "", "  ")
}

func texts(names []orchestration.SkillName) []string {
	var out []string
	for _, n := range names {
		out = append(out, n.String())
	}
	return out
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
