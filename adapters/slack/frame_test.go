package slack

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever comes over a connection is read as package json reads it.
func FuzzFrame(f *testing.F) {
	for _, seed := range []string{
		`{"type":"hello","num_connections":1,"debug_info":{"host":"x"},"connection_info":{"app_id":"A1"}}`,
		`{"envelope_id":"1-2","payload":{"text":"a \"b\" \\","trigger_id":"x","more":[1,{"y":"}"}]},"type":"slash_commands","accepts_response_payload":true}`,
		` { "type" : "events_api" , "retry_attempt" : 2 , "retry_reason" : "timeout", "payload" : null } `,
		`{"type":"disconnect","reason":"refresh_requested"}`,
		`{"Type":"hello"}`, `{"type":"h\u0065llo"}`, `{"type":null}`, `{"retry_attempt":01}`, `{"retry_attempt":1e0}`, `{"payload":"{}"}`,
		`{}`, `{"type":1}`, `[]`, `{"type":"a"}x`, `{"type":"a",}`, `{"type" "a"}`, `{"type":"a" "b":1}`, `{"a":}`, "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := parseFrame(data)
		if !json.Valid(data) {
			return // it may be read as far as it makes sense; its payload is looked at elsewhere
		}
		var want frame
		if wantErr := json.Unmarshal(data, &want); (err != nil) != (wantErr != nil) {
			t.Fatalf("%v, and package json %v: %s", err, wantErr, data)
		}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			t.Errorf("%s\n%s", data, diff)
		}
	})
}

// What Slack sends takes the short way.
func TestFrameIsScanned(t *testing.T) {
	var f frame
	if !f.scan([]byte(`{"envelope_id":"1-2","payload":{"text":"ünï \"c\" {","x":[]},"type":"slash_commands","accepts_response_payload":true,"retry_attempt":1}`)) {
		t.Fatal("it is left to package json")
	}
	want := frame{Type: "slash_commands", EnvelopeID: "1-2", Accepts: true, Retry: 1, Payload: json.RawMessage(`{"text":"ünï \"c\" {","x":[]}`)}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Error(diff)
	}
}
