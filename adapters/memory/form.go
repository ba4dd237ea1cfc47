package memory

import (
	"slices"

	"github.com/synthoperator/baton/chat"
)

// openForm opens a form in front of somebody.
func (w *World) openForm(d Delivery, form chat.Form) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := d.Person.Key(d.In)
	id := "form-" + d.ID
	if !slices.ContainsFunc(w.forms[key], func(f Form) bool { return f.ID == id }) {
		w.forms[key] = append(w.forms[key], Form{ID: id, In: d.In, Form: form})
	}
}

// form is the form that a delivery submits, as it was opened.
func (w *World) form(d Delivery) (chat.Form, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.forms[d.Person.Key(d.In)] {
		if f.ID == d.Form {
			return f.Form, true
		}
	}
	return chat.Form{}, false
}

// keepForm leaves a form that was not taken open with what was entered in it,
// and says why; Baton may ask for other values this time.
func (w *World) keepForm(d Delivery, again *chat.Form, why string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	forms := w.forms[d.Person.Key(d.In)]
	for i, f := range forms {
		if f.ID != d.Form {
			continue
		}
		if again != nil {
			f.Form = *again
		}
		f.Form.Inputs = slices.Clone(f.Form.Inputs)
		for j, in := range f.Form.Inputs {
			if value, ok := d.Values[in.Name]; ok {
				f.Form.Inputs[j].Value = value
			}
		}
		f.Note = why
		forms[i] = f
	}
}

// closeForm closes a form that was taken.
func (w *World) closeForm(d Delivery) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := d.Person.Key(d.In)
	w.forms[key] = slices.DeleteFunc(w.forms[key], func(f Form) bool { return f.ID == d.Form })
}
