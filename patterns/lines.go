package patterns

import "github.com/pelletier/go-toml/v2/unstable"

// lines knows where the keys of a file stand. The decoder tells the place of
// what it cannot read; a rule of the protocol is broken by what it can.
type lines struct {
	top    map[string]int
	phases []map[string]int // "" is the [[phase]] line
}

// linesOf reads the places. The file has been decoded before, so it is TOML.
func linesOf(data []byte) lines {
	out := lines{top: map[string]int{}}
	here := out.top
	var p unstable.Parser
	p.Reset(data)
	for p.NextExpression() {
		e := p.Expression()
		key := e.Key()
		if !key.Next() {
			continue
		}
		name, row := string(key.Node().Data), p.Shape(key.Node().Raw).Start.Line
		switch {
		case e.Kind == unstable.ArrayTable && name == "phase":
			here = map[string]int{"": row}
			out.phases = append(out.phases, here)
		case e.Kind == unstable.KeyValue:
			here[name] = row
		}
	}
	return out
}

// at is the line of a key of phase i, or of the file where i is -1; where the
// key is absent, the line of its phase, or the first.
func (l lines) at(i int, key string) int {
	if i >= 0 && i < len(l.phases) {
		if row := l.phases[i][key]; row > 0 {
			return row
		}
		return l.phases[i][""]
	}
	return max(l.top[key], 1)
}
