// Package adaptertest is the suite that every platform adapter passes. It is
// written from the contract in package chat and knows no platform: an adapter's
// test gives it a [Harness], which is one running adapter together with a fake
// of its platform, and the suite plays the people, the platform's bad days and
// whoever posts.
//
// Each case runs in a bubble of [testing/synctest]: time is fake, and an adapter
// that leaves a goroutine behind when it was stopped fails the case. A harness
// therefore talks to its fake through memory ([net.Pipe]), not through sockets.
//
// What a platform cannot do is named in [Harness.Lacks], with the reason. A case
// that needs it is skipped by name, and all that was skipped is listed at the
// end, in the case "Skipped".
package adaptertest
