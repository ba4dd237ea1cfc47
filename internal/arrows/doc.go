// Package arrows holds which package may import which. The table in its test is
// the architecture: a new arrow is added there first, with a reason.
package arrows
