package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionCmd is bot version.
type versionCmd struct{}

// version is what was built, by whom it was told.
type version struct {
	Version  string `json:"version"` // of the module, or "(devel)"
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"` // there were changes beside the commit
	Go       string `json:"go"`
	System   string `json:"system"`
}

func readVersion() version {
	v := version{Version: "(devel)", Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

// Run prints the version.
func (*versionCmd) Run(j *job) error {
	v := readVersion()
	if j.JSON {
		return printJSON(j.out, v)
	}
	text := "baton " + v.Version
	if v.Commit != "" {
		text += " " + v.Commit[:min(12, len(v.Commit))]
	}
	if v.Modified {
		text += " with changes"
	}
	_, err := fmt.Fprintf(j.out, "%s, %s, %s\n", text, v.Go, v.System)
	return err
}
