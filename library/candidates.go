package library

import (
	"path"
	"strings"
)

// maxResources bounds how many files beside a skill are listed.
const maxResources = 200

// files finds the candidates in one folder and says what the folders below are in.
func (w *walk) files(dir string, l *listing, at place) place {
	skill, twins := skillFile(l.files)
	for _, twin := range twins {
		w.tell(join(dir, twin), Refused, "keep one of them", "differs from %s only in case", skill)
	}
	for _, name := range l.odd {
		if strings.EqualFold(name, "SKILL.md") || w.kindOf(name, at) != "" {
			w.tell(join(dir, name), Refused, "replace it by a file", "is no regular file")
		}
	}
	switch {
	case skill != "" && at.resource:
		w.tell(join(dir, skill), Skipped, "move the folder beside the skill to load it", "lies among the files of the skill in %s", w.skillAbove(at))
		skill = ""
	case skill != "":
		at = w.skill(dir, skill, at)
	}
	if at.skill > 0 {
		w.resources(dir, l.files, at.skill-1, skill)
		return at
	}
	for _, name := range l.files {
		w.file(dir, name, at)
	}
	return at
}

// skillAbove is the folder of the skill that a place is in.
func (w *walk) skillAbove(at place) string { return path.Dir(w.found[at.skill-1].path) }

func (w *walk) skill(dir, name string, at place) place {
	if name != "SKILL.md" {
		w.tell(join(dir, name), Noted, "rename it to SKILL.md", "is not called SKILL.md")
	}
	if at.subagent && at.holds == PersonaKind {
		at.holds = ""
	}
	if w.add(candidate{kind: SkillKind, path: join(dir, name)}) {
		at.skill = len(w.found)
	}
	return at
}

// resources lists what lies in a skill's folder beside its SKILL.md.
func (w *walk) resources(dir string, names []string, skill int, own string) {
	c := &w.found[skill]
	base := path.Dir(c.path)
	for _, name := range names {
		if name == own || strings.HasPrefix(name, ".") || !printable(name) {
			continue
		}
		if len(c.resources) == maxResources {
			w.tell(base, Noted, "split the skill", "has more than %d files beside it; the rest is not listed", maxResources)
			return
		}
		rel := join(dir, name)
		if base != "." {
			rel = strings.TrimPrefix(rel, base+"/")
		}
		c.resources = append(c.resources, rel)
	}
}

// kindOf is what a file of that name is in such a place, or "".
func (w *walk) kindOf(name string, at place) Kind {
	ext := strings.ToLower(path.Ext(name))
	switch {
	case at.skill > 0 || at.resource:
		return ""
	case at.holds == PersonaKind && ext == ".md":
		return PersonaKind
	case at.holds == PatternKind && ext == ".toml":
		return PatternKind
	}
	return ""
}

func (w *walk) file(dir, name string, at place) {
	kind := w.kindOf(name, at)
	file := join(dir, name)
	switch {
	case kind == "":
		return
	case !printable(name):
		w.tell(dir, Refused, "rename it", "the file %q has a name that cannot be shown", name)
		return
	case kind == PersonaKind && reserved(stemOf(name)):
		w.tell(file, Skipped, "rename it if it is a persona", "%s is about the folder, not a persona", name)
		return
	case kind == PersonaKind && (strings.EqualFold(stemOf(name), "nobody") || strings.EqualFold(stemOf(name), "none")):
		w.tell(file, Refused, "rename it", "%s is the word for having no persona", stemOf(name))
		return
	}
	w.add(candidate{kind: kind, path: file, subagent: at.subagent})
}

// add keeps a candidate while there is room, and tells once when there is not.
func (w *walk) add(c candidate) bool {
	if len(w.found) >= w.caps.Files {
		if !w.full {
			w.tell(c.path, Refused, "split the source", "is one file more than the %d that are read of a source; what follows is not read either", w.caps.Files)
		}
		w.full = true
		return false
	}
	w.found = append(w.found, c)
	return true
}
