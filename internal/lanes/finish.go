package lanes

import "time"

// Finish takes no more calls and waits until those that were begun are done, and
// then what is said about them. After grace it tells them to end, by hurry, and
// waits as long once more; it reports whether all of them ended.
func Finish(calls, answers *Lanes, grace time.Duration, hurry func()) bool {
	idle := make(chan struct{})
	go func() {
		calls.Stop()
		<-calls.Idle()
		<-answers.Idle()
		answers.Stop()
		close(idle)
	}()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-idle:
		return true
	case <-timer.C:
	}
	hurry()
	timer.Reset(grace)
	select {
	case <-idle:
		return true
	case <-timer.C:
		return false
	}
}
