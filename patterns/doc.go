// Package patterns holds the patterns Baton ships and reads pattern files.
//
// A pattern is one TOML file that a person writes by hand. It becomes an
// [orchestration.Plan] through the constructor of its kind; a file that breaks
// the kind's rules is refused with its path, the line and the rule.
//
//	name = "product-launch"          # what people type: start product-launch …
//	title = "Six-week product launch"
//	kind = "solo-sprint"             # or domain-deep-dive, multi-agent-handoff, skill-chain
//	description = "From architecture to measured conversions."
//	best-for = "A first product, a small team."
//	sealed = false                   # multi-agent-handoff only: reviewers do not see each other
//
//	[[phase]]                        # one table per phase, in order
//	name = "Build"
//	objective = "A first version that a customer can use."
//	weeks = 2                        # or days = 14; without either nothing is due
//	persona = "startup-cto"
//	skills = ["aws-solution-architect", "senior-frontend"]
//	deliverables = ["Architecture doc", "Deployed MVP"]
//	part = "author"                  # multi-agent-handoff only: author, reviewer or decider
//
// name may be left out: the file's stem is taken. The rules of the kinds:
//
//	solo-sprint          one phase or more, a persona in each, any skills
//	domain-deep-dive     exactly one phase, a persona, two skills or more
//	multi-agent-handoff  an author, one reviewer or more, a decider, in this
//	                     order; a persona in each, never the same twice in a row
//	skill-chain          one phase or more, exactly one skill in each, no persona
package patterns
