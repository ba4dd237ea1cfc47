// Package personas holds the personas Baton ships and reads persona files.
//
// A persona says who is thinking. It is one Markdown file; its name is the stem
// of the file, the frontmatter's name is its title for people:
//
//	---
//	name: Startup CTO
//	description: Technical lead of an early-stage company. Use for …
//	emoji: 🏗️
//	vibe: Spends caution on the four decisions that cannot be undone.
//	skills: [aws-solution-architect, senior-security]
//	---
//	You are the startup CTO of this team …
//
// Subagents of other tools are personas too: they have the same fields and say
// who is thinking. A file without frontmatter is read by its headings.
package personas
