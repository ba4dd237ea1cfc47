//go:build unix

package bolt

import (
	"fmt"
	"os"
	"strconv"
	"testing"
)

// TestMain is also the main of the processes that tests start.
func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		work(path, os.Getenv("BATON_TEST_STEP"), number("BATON_TEST_HIT"), number("BATON_TEST_ROUND"))
		os.Exit(1)
	}
	if path := os.Getenv(filled); path != "" {
		if err := fill(path, number("BATON_TEST_SESSIONS")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func number(name string) int {
	n, _ := strconv.Atoi(os.Getenv(name))
	return n
}
