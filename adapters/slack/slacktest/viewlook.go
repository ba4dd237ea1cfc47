package slacktest

// What a test reads of a view. Each call sees the view as it is then.

func (v *View) look(f func()) {
	s := v.person.s
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// JSON is the view as the Web API tells it.
func (v *View) JSON() (w map[string]any) {
	v.look(func() { w = clone(v.wire()).(map[string]any) })
	return w
}

// Open reports whether the view is still there.
func (v *View) Open() (open bool) {
	v.look(func() { open = v.open })
	return open
}

// Hash changes with every update.
func (v *View) Hash() (hash string) {
	v.look(func() { hash = v.hash })
	return hash
}

// CallbackID is what the app called the view.
func (v *View) CallbackID() (id string) {
	v.look(func() { id, _ = v.body["callback_id"].(string) })
	return id
}

// Title is what stands on top of a modal.
func (v *View) Title() (title string) {
	v.look(func() { title = textOf(v.body["title"]) })
	return title
}

// Shown is every text in the view.
func (v *View) Shown() string {
	all := ""
	v.look(func() {
		eachText(v.body["blocks"], func(_, text string) { all += text + "\n" })
	})
	return all
}

// Modal is the topmost open modal of a person, or nil.
func (p *Person) Modal() *View {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if len(p.stack) == 0 {
		return nil
	}
	return p.stack[len(p.stack)-1]
}

// Home is a person's home tab of an app, or nil.
func (p *Person) Home(app *App) *View {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.homes[app.ID]
}

// textOf is the text of a text object.
func textOf(v any) string {
	o, _ := v.(map[string]any)
	t, _ := o["text"].(string)
	return t
}
