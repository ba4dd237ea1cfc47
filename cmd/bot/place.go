package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const databaseName = "baton.db"

// database is the path of the database file: in --data's folder, else where
// the configuration says, else in the user's data directory.
func (j *job) database() (string, error) {
	if j.Data != "" {
		dir, err := filepath.Abs(j.Data)
		if err != nil {
			return "", fmt.Errorf("find the folder %s: %w", j.Data, err)
		}
		return filepath.Join(dir, databaseName), nil
	}
	path := j.config.State.Path
	if path == "" {
		dir, err := userData(runtime.GOOS, os.Getenv, os.UserHomeDir)
		if err != nil {
			return "", err
		}
		return filepath.Join(dir, databaseName), nil
	}
	info, err := os.Stat(path)
	if strings.HasSuffix(path, string(filepath.Separator)) || strings.HasSuffix(path, "/") || err == nil && info.IsDir() {
		return filepath.Join(path, databaseName), nil
	}
	return path, nil
}

// userData is Baton's folder among the user's data
// (https://specifications.freedesktop.org/basedir-spec/latest/ and the
// conventions of macOS and Windows).
func userData(system string, getenv func(string) string, home func() (string, error)) (string, error) {
	switch system {
	case "windows":
		if dir := getenv("LocalAppData"); dir != "" {
			return filepath.Join(dir, "Baton"), nil
		}
		return "", usageError{errors.New("%LocalAppData% is not set, so there is no data directory; name one with --data DIR")}
	case "darwin", "ios":
	default:
		if dir := getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
			return filepath.Join(dir, "baton"), nil
		}
	}
	dir, err := home()
	if err != nil {
		return "", usageError{errors.New("your home folder is not known, so there is no data directory; name one with --data DIR")}
	}
	if system == "darwin" || system == "ios" {
		return filepath.Join(dir, "Library", "Application Support", "Baton"), nil
	}
	return filepath.Join(dir, ".local", "share", "baton"), nil
}

// makeFolder makes the folder of a database, for its owner alone.
func makeFolder(database string) error {
	dir := filepath.Dir(database)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data directory %s: %s", dir, cause(err))
	}
	return nil
}

// existing is the path of a database that must be there.
func (j *job) existing() (string, error) {
	path, err := j.database()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no database at %s; `bot console` makes one, --data DIR looks elsewhere", path)
	} else if err != nil {
		return "", fmt.Errorf("look at the database %s: %s", path, cause(err))
	}
	return path, nil
}
