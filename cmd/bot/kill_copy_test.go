package main

import (
	"errors"
	"io"
	"os"
)

// What lseek is asked for on Linux to find what is not a hole
// (https://man7.org/linux/man-pages/man2/lseek.2.html).
const (
	seekData = 3
	seekHole = 4
)

// copyFile copies a file that is mostly holes. Where holes cannot be told, all
// is copied.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	for at := int64(0); at < info.Size(); {
		data, err := in.Seek(at, seekData)
		if err != nil && at > 0 {
			break // nothing but a hole is left
		}
		hole, err := in.Seek(data, seekHole)
		if err != nil {
			data, hole = 0, info.Size()
		}
		if _, err := io.Copy(io.NewOffsetWriter(out, data), io.NewSectionReader(in, data, hole-data)); err != nil {
			return errors.Join(err, out.Close())
		}
		at = hole
	}
	return errors.Join(out.Truncate(info.Size()), out.Close())
}
