package main

import (
	"fmt"
)

// verifyCmd is bot verify.
type verifyCmd struct{}

// Run checks every record of the log and prints what is not as it was written.
func (*verifyCmd) Run(j *job) error {
	path, err := j.existing()
	if err != nil {
		return err
	}
	found, err := inspect(j, path, false)
	if err != nil {
		return err
	}
	if j.JSON {
		if err := printJSON(j.out, found); err != nil {
			return err
		}
		if !found.OK {
			return ended{found.Code}
		}
		return nil
	}
	for _, f := range found.Findings {
		if _, err := fmt.Fprintln(j.out, f); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	if !found.OK {
		return found.err()
	}
	_, err = fmt.Fprintf(j.out, "%s: %s in %s, and every checksum is right\n", path, count(found.Decisions, "decision"), count(found.Sessions, "session"))
	return err
}
