package discordtest

import (
	"fmt"
	"net/http"
)

// failure is an answer that refuses. The codes and words are those of
// D:topics/opcodes-and-status-codes.
type failure struct {
	status  int
	code    int
	message string
	faults  []fault // what is wrong with a form, for 50035
	header  http.Header
	extra   object
	raw     string // a body that is no JSON
}

func (f *failure) Error() string { return fmt.Sprintf("%d: %s", f.code, f.message) }

func refuse(status, code int, message string) *failure {
	return &failure{status: status, code: code, message: message}
}

// The documentation gives codes without HTTP statuses for most of these; the
// statuses are those its examples and clients show. That of 160005 is
// unverified.
func unknownChannel() *failure     { return refuse(404, 10003, "Unknown Channel") }
func unknownGuild() *failure       { return refuse(404, 10004, "Unknown Guild") }
func unknownMember() *failure      { return refuse(404, 10007, "Unknown Member") }
func unknownMessage() *failure     { return refuse(404, 10008, "Unknown Message") }
func unknownUser() *failure        { return refuse(404, 10013, "Unknown User") }
func unknownApplication() *failure { return refuse(404, 10002, "Unknown Application") }
func unknownWebhook() *failure     { return refuse(404, 10015, "Unknown Webhook") }
func unknownInteraction() *failure { return refuse(404, 10062, "Unknown interaction") }
func unknownCommand() *failure     { return refuse(404, 10063, "Unknown application command") }
func missingAccess() *failure      { return refuse(403, 50001, "Missing Access") }
func missingPermission() *failure  { return refuse(403, 50013, "Missing Permissions") }
func unauthorized() *failure       { return refuse(401, 0, "401: Unauthorized") }
func notFound() *failure           { return refuse(404, 0, "404: Not Found") }
func invalidToken() *failure       { return refuse(401, 50027, "Invalid Webhook Token") }
func archived() *failure           { return refuse(400, 50083, "Thread is archived") }
func locked() *failure             { return refuse(400, 160005, "Thread is locked") }
func emptyMessage() *failure       { return refuse(400, 50006, "Cannot send an empty message") }
func wrongChannel() *failure {
	return refuse(400, 50024, "Cannot execute action on this channel type")
}

func alreadyAcknowledged() *failure {
	return refuse(400, 40060, "Interaction has already been acknowledged.")
}

// body is what the failure says on the wire.
func (f *failure) body() any {
	out := object{"code": f.code, "message": f.message}
	if len(f.faults) > 0 {
		out["errors"] = faultTree(f.faults)
	}
	for k, v := range f.extra {
		out[k] = v
	}
	return out
}
