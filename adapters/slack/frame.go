package slack

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// frame is what comes over a connection.
type frame struct {
	Type       string          `json:"type"`
	Reason     string          `json:"reason"`
	EnvelopeID string          `json:"envelope_id"`
	Accepts    bool            `json:"accepts_response_payload"`
	Retry      int             `json:"retry_attempt"`
	Payload    json.RawMessage `json:"payload"`
}

// parseFrame reads a frame; its parts are copies. The payload, which is nearly all
// of it, is passed over here and read once, by whoever takes it in. What is not
// written as Slack writes it is left to package json.
func parseFrame(data []byte) (f frame, err error) {
	if f.scan(data) {
		return f, nil
	}
	f = frame{}
	err = json.Unmarshal(data, &f)
	return f, err
}

// scan reads a frame member by member; false where it cannot.
func (f *frame) scan(data []byte) bool {
	rest, ok := bytes.CutPrefix(space(data), []byte{'{'})
	if !ok {
		return false
	}
	for {
		key, after := span(space(rest))
		after, ok := bytes.CutPrefix(space(after), []byte{':'})
		if !ok {
			return false
		}
		held, after := span(space(after))
		if !f.set(key, held) {
			return false
		}
		if after = space(after); len(after) == 0 {
			return false
		}
		switch rest = after[1:]; after[0] {
		case ',':
		case '}':
			return len(space(rest)) == 0
		default:
			return false
		}
	}
}

// set takes over one member; false where that takes more than a look.
func (f *frame) set(key, held []byte) bool {
	name, ok := word(key)
	if !ok || len(held) == 0 {
		return false
	}
	switch name {
	case "type":
		f.Type, ok = word(held)
	case "reason":
		f.Reason, ok = word(held)
	case "envelope_id":
		f.EnvelopeID, ok = word(held)
	case "accepts_response_payload":
		f.Accepts = held[0] == 't'
		ok = string(held) == "true" || string(held) == "false"
	case "retry_attempt":
		var err error
		f.Retry, err = strconv.Atoi(string(held))
		ok = err == nil && held[0] != '+' && (held[0] != '0' || len(held) == 1)
	case "payload":
		f.Payload = bytes.Clone(held)
	default: // package json takes a name for another that differs in case
		for _, known := range [...]string{"type", "reason", "envelope_id", "accepts_response_payload", "retry_attempt", "payload"} {
			ok = ok && !strings.EqualFold(name, known)
		}
	}
	return ok
}

func space(data []byte) []byte { return bytes.TrimLeft(data, " \t\r\n") }

// word is a string of plain characters.
func word(held []byte) (string, bool) {
	if len(held) < 2 || held[0] != '"' || held[len(held)-1] != '"' {
		return "", false
	}
	for _, c := range held[1 : len(held)-1] {
		if c < ' ' || c >= 0x7f || c == '\\' || c == '"' {
			return "", false
		}
	}
	return string(held[1 : len(held)-1]), true
}

// span is the value that data begins with, and what follows it.
func span(data []byte) (held, rest []byte) {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '"':
			for i++; i < len(data) && data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth == 0 {
				return data[:i], data[i:]
			}
			depth--
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return data[:i], data[i:]
			}
			continue
		default:
			continue
		}
		if depth == 0 && i < len(data) {
			return data[:i+1], data[i+1:]
		}
	}
	return data, nil
}
