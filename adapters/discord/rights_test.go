package discord

import "testing"

// Permissions are texts because there may be more of them one day than a number
// of 64 bits holds: nobody becomes an admin by that, and what is known is read.
func TestMorePermissionsThanAreKnown(t *testing.T) {
	a := newAdapter(Options{Keep: &memoryKeep{}, Roles: map[string]string{"manage_threads": "approver"}})
	for permissions, want := range map[string]string{
		"36893488147419103232": "",         // 1<<65
		"36893488164599 ":      "",         // no number
		"-1":                   "",         // neither
		"36893488164598972416": "approver", // 1<<65 | manage_threads
		"36893488147419103240": "admin",    // 1<<65 | administrator
	} {
		if got := a.role(member{Permissions: permissions}); got != want {
			t.Errorf("with %s somebody is %q, want %q", permissions, got, want)
		}
	}
	if may := (placed{Overwrites: []overwrite{{ID: "1", Allow: "36893488147419103232"}}}).over(0, "1", "2", nil); may != 0 {
		t.Errorf("an overwrite gives %b", may)
	}
}
