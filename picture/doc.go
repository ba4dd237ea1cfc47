// Package picture draws the timeline of a session as a PNG that can be read in
// a chat on a phone: the plan against what happened, phase by phase.
//
// The picture is opaque, so that a dark chat and a light one show the same. No
// meaning hangs on colour alone: marks differ in shape, bars in hatching, and
// each row says in words how it stands. What cannot be written with the font
// that is built in stands as a box, and the legend says so; [Timeline.Alt] has
// the words themselves. Of a phase that is sealed now it shows when it was open
// and that it was handed off, which everybody is told anyway.
//
// A page is first laid out (plain values with coordinates, layout.go), then
// painted (paint.go). Equal input gives equal bytes.
package picture
