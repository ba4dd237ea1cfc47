package frontmatter

// known reports whether a key, in lower case, is one that personas, subagents
// or skills carry: the Agent Skills specification, Claude Code's subagents, and
// what 3,870 real files were measured to use.
//
// https://agentskills.io/specification
func known(key string) bool {
	switch key {
	case "license", "compatibility", "metadata", "type", "domain", "command", "commands", "context", "agent",
		"hooks", "memory", "background", "isolation", "effort", "title", "depends_on", "triggers", "aliases":
		return true
	}
	return anchor(key)
}

// anchor reports whether a key is trusted to open a field in a block that is no
// valid YAML. It is a shorter list: "context:", "user:" or "command:" in the
// first column of such a block are lines of an example, not fields.
func anchor(key string) bool {
	switch key {
	case "name", "description", "license", "compatibility", "metadata", "allowed-tools", "tools", "disallowedtools",
		"model", "color", "emoji", "vibe", "skills", "domain", "version", "author", "argument-hint", "tags",
		"triggers", "category", "depends_on", "disable-model-invocation", "user-invocable", "permissionmode", "maxturns":
		return true
	}
	return false
}
