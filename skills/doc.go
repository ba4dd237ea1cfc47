// Package skills holds the skills Baton ships and reads skill files.
//
// A skill says how to do something. It is a folder in the format of the Agent
// Skills specification (https://agentskills.io/specification): SKILL.md with a
// name and a description above the text, and beside it references/, assets/ and
// scripts/, which are listed, read one at a time when somebody asks, and never
// run. Its name is the folder's.
package skills
