// Package library brings many sources of personas, skills and patterns onto one
// shelf: it scans, reads, resolves, searches, pins, and tells what is wrong.
//
// A [Library] is open and can be read again; a [Snapshot] is what it held at one
// moment and never changes. A Snapshot is an [orchestration.Shelf].
//
// Guarantees:
//
//   - Nothing is loaded by guess. A reference that fits several files asks, one
//     that fits none suggests; see [Snapshot.FindSkill].
//   - Nothing is skipped silently. Every SKILL.md and every persona file in a
//     source is either an [Entry] or has a [Finding] with path and remedy, or
//     lies in a folder that has one.
//   - Nothing outside a source is read: symbolic links are not followed, paths
//     are opened below an [os.Root], sizes, depth and counts are bounded.
//   - What was loaded is known by its bytes: a [orchestration.Pin] has their
//     SHA-256, and other bytes are never passed off as pinned ones.
//   - A reload is seen whole or not at all, and a source that cannot be read
//     keeps what was there of it.
//
// Scripts of a skill are listed and never run. Text is kept on disk, not in
// memory, and read again when it is asked for.
package library
