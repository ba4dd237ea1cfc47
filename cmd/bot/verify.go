package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/synthoperator/baton/state/bolt"
)

// verifyCmd is bot verify.
type verifyCmd struct{}

// Run checks every record of the log and prints what is not as it was written.
func (*verifyCmd) Run(j *job) error {
	path, err := j.existing()
	if err != nil {
		return err
	}
	found, err := j.verify(path)
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

// verify checks the file in a process of its own, or has the process check it
// that holds it.
func (j *job) verify(path string) (found inspection, err error) {
	var out bytes.Buffer
	begin := func() (io.Writer, error) {
		out.Reset()
		return &out, nil
	}
	err = j.reach(path, request{Do: "verify"}, begin, func(patience time.Duration) (err error) {
		if found, err = inspect(j, path, looking{patience: patience}); err == nil && found.InUse {
			err = found.err()
		}
		return err
	})
	switch {
	case errors.Is(err, bolt.ErrInUse) && found.InUse: // that is what was found
		return found, nil
	case err != nil:
		return found, err
	case out.Len() > 0:
		found = inspection{}
		if err := json.Unmarshal(out.Bytes(), &found); err != nil {
			return found, fmt.Errorf("read the answer of the running bot: %w", err)
		}
	}
	return found, nil
}
