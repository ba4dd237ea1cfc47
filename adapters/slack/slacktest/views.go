package slacktest

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// View is a modal, or somebody's home tab.
type View struct {
	ID     string
	body   map[string]any // as the app gave it, blocks with ids
	hash   string
	values map[string]map[string]any // block id, action id: what was filled in
	open   bool
	in     *Install
	person *Person
	root   string
	before string
}

var (
	viewFields = fields{
		"blocks!": array(0, 1000, func(any, string, *problems) {}), "private_metadata": text(0, maxPrivate),
		"callback_id": text(0, maxID), "external_id": text(0, maxID),
	}
	modalShape = object(typed("modal").with(viewFields).with(fields{
		"title!": plain(maxViewTitle), "submit": plain(maxViewTitle), "close": plain(maxViewTitle),
		"clear_on_close": truth, "notify_on_close": truth, "submit_disabled": truth,
	}))
	homeShape = object(typed("home").with(viewFields))
)

// readView reads and checks a view (D:reference/views).
func (s *Server) readView(args Args, kind string) (map[string]any, *refusal) {
	v, err := args.JSON("view")
	if err != nil {
		return nil, refuse("invalid_arguments", "[ERROR] view: "+err.Error())
	}
	raw, _ := json.Marshal(v)
	if len(raw) > maxView {
		return nil, refuse("view_too_large")
	}
	var wrong problems
	shape := modalShape
	if kind == "home" {
		shape = homeShape
	}
	shape(v, "/view", &wrong)
	o, _ := v.(map[string]any)
	items, _ := o["blocks"].([]any)
	if len(items) > maxViewBlocks {
		wrong.add("/view/blocks", "no more than %d items allowed", maxViewBlocks)
	}
	wrong = append(wrong, checkBlocks(items, inViews, "/view/blocks")...)
	checkInputs(o, items, kind, &wrong)
	if len(wrong) > 0 {
		return nil, refuse("invalid_arguments", wrong...)
	}
	o = clone(o).(map[string]any)
	o["blocks"] = s.named(items)
	return o, nil
}

// checkInputs wants a submit button for inputs, and one element in focus at most.
func checkInputs(o map[string]any, items []any, kind string, wrong *problems) {
	inputs, focused := 0, 0
	for i, item := range items {
		b, _ := item.(map[string]any)
		if b["type"] == "input" {
			inputs++
		}
		for _, e := range elementsOf(b) {
			if e["focus_on_load"] == true {
				focused++
			}
			if e["response_url_enabled"] == true && (kind != "modal" || b["type"] != "input") {
				wrong.add("/view/blocks/"+strconv.Itoa(i), "response_url_enabled is for inputs of modals")
			}
		}
	}
	if kind == "modal" && inputs > 0 && o["submit"] == nil {
		wrong.add("/view", "a modal with inputs needs submit")
	}
	if focused > 1 {
		wrong.add("/view/blocks", "focus_on_load for more than one element")
	}
}

// newView makes a view of a body that was checked.
func (s *Server) newView(body map[string]any, in *Install, p *Person) *View {
	v := &View{ID: s.id("V"), in: in, person: p, open: true}
	v.root = v.ID
	v.fill(s, body)
	s.views[v.ID] = v
	return v
}

// fill puts a body into the view. What people filled in stays where block and
// action have the same ids as before (D:surfaces/modals).
func (v *View) fill(s *Server, body map[string]any) {
	v.body, v.hash = body, fmt.Sprintf("%d.%s", s.Now().Unix(), s.secret()[:8])
	kept := map[string]map[string]any{}
	for _, item := range body["blocks"].([]any) {
		b := item.(map[string]any)
		block := b["block_id"].(string)
		for _, e := range elementsOf(b) {
			action, _ := e["action_id"].(string)
			kind, _ := e["type"].(string)
			if action == "" || kind == "button" || kind == "overflow" {
				continue
			}
			if kept[block] == nil {
				kept[block] = map[string]any{}
			}
			kept[block][action] = initial(e)
			if before, was := v.values[block][action]; was {
				kept[block][action] = before
			}
		}
	}
	v.values = kept
}

func (v *View) wire() map[string]any {
	w := map[string]any{
		"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": false, "notify_on_close": false,
		"close": nil, "submit": nil, "previous_view_id": nil,
	}
	for name, e := range v.body {
		w[name] = e
	}
	if v.before != "" {
		w["previous_view_id"] = v.before
	}
	w["id"], w["hash"], w["root_view_id"], w["app_id"], w["team_id"] = v.ID, v.hash, v.root, v.in.app.ID, v.person.team.ID
	w["bot_id"], w["app_installed_team_id"] = v.in.BotID, v.person.team.ID
	w["state"] = map[string]any{"values": clone(v.state())}
	return w
}

// state is what was filled in, as payloads carry it.
func (v *View) state() map[string]any {
	all := map[string]any{}
	for block, actions := range v.values {
		of := map[string]any{}
		for action, value := range actions {
			of[action] = value
		}
		all[block] = of
	}
	return all
}

func (s *Server) viewsOpen(c *Call) (map[string]any, *refusal) {
	body, refused := s.readView(c.Args, "modal")
	if refused != nil {
		return nil, refused
	}
	if refused := s.uniqueView(c, body, nil); refused != nil {
		return nil, refused
	}
	t, refused := s.useTrigger(c)
	if refused != nil {
		return nil, refused
	}
	v := s.newView(body, t.in, t.person)
	for _, old := range t.person.stack {
		old.open = false
	}
	t.view, t.person.stack = v, []*View{v}
	return map[string]any{"view": v.wire()}, nil
}

func (s *Server) viewsPush(c *Call) (map[string]any, *refusal) {
	body, refused := s.readView(c.Args, "modal")
	if refused != nil {
		return nil, refused
	}
	if refused := s.uniqueView(c, body, nil); refused != nil {
		return nil, refused
	}
	t, refused := s.useTrigger(c)
	if refused != nil {
		return nil, refused
	}
	if t.within == nil {
		return nil, refuse("invalid_trigger_id", "[ERROR] views.push needs a trigger from within a modal")
	}
	v, refused := s.stackView(body, t.within)
	if refused != nil {
		return nil, refused
	}
	t.view = v
	return map[string]any{"view": v.wire()}, nil
}

// stackView puts a modal on top of another one.
func (s *Server) stackView(body map[string]any, below *View) (*View, *refusal) {
	p := below.person
	if len(p.stack) >= maxStack {
		return nil, refuse("push_limit_reached")
	}
	v := s.newView(body, below.in, p)
	v.root, v.before = below.root, below.ID
	p.stack = append(p.stack, v)
	return v, nil
}

func (s *Server) viewsUpdate(c *Call) (map[string]any, *refusal) {
	v := s.views[c.Args.Text("view_id")]
	for _, other := range s.views {
		if c.Args.Has("external_id") && other.open && other.in.app == c.grant.app && other.body["external_id"] == c.Args.Text("external_id") {
			v = other
		}
	}
	if v == nil || !v.open || v.in.app != c.grant.app {
		return nil, refuseFairly("not_found") // somebody may have closed it
	}
	body, refused := s.readView(c.Args, "modal")
	if refused != nil {
		return nil, refused
	}
	if refused := s.uniqueView(c, body, v); refused != nil {
		return nil, refused
	}
	if c.Args.Has("hash") && c.Args.Text("hash") != v.hash {
		return nil, refuseFairly("hash_conflict")
	}
	v.fill(s, body)
	return map[string]any{"view": v.wire()}, nil
}

// uniqueView holds that an external id names one view of an app.
func (s *Server) uniqueView(c *Call, body map[string]any, but *View) *refusal {
	name, _ := body["external_id"].(string)
	for _, v := range s.views {
		if name != "" && v != but && v.open && v.in.app == c.grant.app && v.body["external_id"] == name {
			return refuse("duplicate_external_id")
		}
	}
	return nil
}

func (s *Server) viewsPublish(c *Call) (map[string]any, *refusal) {
	if !c.grant.app.HomeTab {
		return nil, refuse("not_enabled")
	}
	p := s.personFor(c, c.Args.Text("user_id"))
	if p == nil {
		return nil, refuse("invalid_arguments", "[ERROR] no such user: "+c.Args.Text("user_id"))
	}
	body, refused := s.readView(c.Args, "home")
	if refused != nil {
		return nil, refused
	}
	v := p.homes[c.grant.app.ID]
	if c.Args.Has("hash") && (v == nil || c.Args.Text("hash") != v.hash) {
		return nil, refuseFairly("hash_conflict")
	}
	if refused := s.uniqueView(c, body, v); refused != nil {
		return nil, refused
	}
	if v == nil {
		v = s.newView(body, c.grant.install, p)
		p.homes[c.grant.app.ID] = v
	} else {
		v.fill(s, body)
	}
	return map[string]any{"view": v.wire()}, nil
}
