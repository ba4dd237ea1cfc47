//go:build unix

package main

import (
	"io/fs"
	"net"
	"syscall"
)

// listenPrivately makes a socket that nobody else may connect to, at no moment.
// What this process makes meanwhile is for its user alone too; folders it makes
// can still be entered.
func listenPrivately(path string) (*net.UnixListener, error) {
	defer syscall.Umask(syscall.Umask(0o077))
	return net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
}

// sameOwner reports whether two files belong to one user.
func sameOwner(a, b fs.FileInfo) bool {
	x, ok := a.Sys().(*syscall.Stat_t)
	y, ok2 := b.Sys().(*syscall.Stat_t)
	return ok && ok2 && x.Uid == y.Uid
}
