package state

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strconv"
	"time"

	"github.com/synthoperator/baton/orchestration"
)

// A record is one decision as it is kept:
//
//	version (1 byte) | chain (16) | JSON of stored | CRC32-C (4, big endian)
//
// chain is the first half of SHA-256 over the chain of the record before, the
// stream, the number and the JSON. 128 bits are enough to notice what was
// changed, dropped or moved; they are no defence against someone who may write
// the file. The checksum covers stream, number and all before it.
const (
	recordVersion = 1
	chainLen      = 16
	recordFrame   = 1 + chainLen + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// chain links a record to all before it in its stream.
type chain [chainLen]byte

// stored is a decision in JSON. Names and meanings are frozen: what a release
// wrote, all later ones read.
type stored struct {
	At      time.Time     `json:"at"`
	By      actor         `json:"by"`
	Because string        `json:"because,omitempty"`
	Number  int           `json:"number,omitempty"`  // the session's number in its channel, in its first record
	Content []string      `json:"content,omitempty"` // hashes of the texts this commit brought
	Events  []storedEvent `json:"events,omitempty"`
}

// storedEvent is one event. Version is left out where it is 1.
type storedEvent struct {
	Type    string          `json:"type"`
	Version int             `json:"v,omitempty"`
	Data    json.RawMessage `json:"data,omitempty"`
}

// actor is who decided: a person by id and name, or an agent by name.
type actor struct {
	ID    string `json:"id,omitempty"`
	Name  string `json:"name,omitempty"`
	Agent string `json:"agent,omitempty"`
}

// note is what a record says beside its decision.
type note struct {
	number  int
	content []string
}

// place is where a record stands in its stream.
type place struct {
	stream Stream
	seq    uint64
	before chain // of the record before
}

// seal makes a record of JSON.
func (p place) seal(payload []byte) ([]byte, chain) {
	link := p.link(payload)
	record := make([]byte, 0, recordFrame+len(payload))
	record = append(record, recordVersion)
	record = append(record, link[:]...)
	record = append(record, payload...)
	return binary.BigEndian.AppendUint32(record, p.sum(record)), link
}

// open checks a record and returns its JSON.
func (p place) open(record []byte) ([]byte, chain, error) {
	payload, err := p.peek(record)
	if err != nil {
		return nil, chain{}, err
	}
	link := p.link(payload)
	if link != chain(record[1:1+chainLen]) {
		return nil, link, p.damaged("it does not follow the decision before it")
	}
	return payload, link, nil
}

// peek checks a record without regard to the one before it.
func (p place) peek(record []byte) ([]byte, error) {
	if len(record) < recordFrame {
		return nil, p.damaged("the record is %d bytes long", len(record))
	}
	body := record[:len(record)-4]
	if binary.BigEndian.Uint32(record[len(body):]) != p.sum(body) {
		return nil, p.damaged("its checksum does not match")
	}
	if record[0] != recordVersion {
		return nil, p.damaged("the record has format %d, this release knows %d", record[0], recordVersion)
	}
	return body[1+chainLen:], nil
}

func (p place) link(payload []byte) chain {
	b := make([]byte, 0, chainLen+len(p.stream)+8+len(payload))
	b = append(append(b, p.before[:]...), p.stream...)
	b = append(binary.BigEndian.AppendUint64(b, p.seq), payload...)
	sum := sha256.Sum256(b)
	return chain(sum[:chainLen])
}

func (p place) sum(body []byte) uint32 {
	b := make([]byte, 0, len(p.stream)+8)
	b = binary.BigEndian.AppendUint64(append(b, p.stream...), p.seq)
	return crc32.Update(crc32.Checksum(b, castagnoli), castagnoli, body)
}

func (p place) damaged(format string, args ...any) *Damaged {
	return &Damaged{Stream: p.stream, Seq: p.seq, Why: fmt.Sprintf(format, args...)}
}

// encode makes the JSON of a decision: what json.Marshal makes of stored, put
// together by hand because every command waits for it.
func encode(e orchestration.Entry, n note) ([]byte, error) {
	b := append(make([]byte, 0, 512), `{"at":"`...)
	b = append(e.At.AppendFormat(b, time.RFC3339Nano), `","by":{`...)
	switch by := e.By().(type) {
	case orchestration.Human:
		b = appendField(b, "id", string(by.ID()))
		b = appendField(b, "name", by.Name())
	case orchestration.Agent:
		b = appendField(b, "agent", by.Name())
	default:
		return nil, fmt.Errorf("a decision by %T", by)
	}
	b = append(b, '}')
	b = appendField(b, "because", e.Because())
	if n.number != 0 {
		b = strconv.AppendInt(append(b, `,"number":`...), int64(n.number), 10)
	}
	if len(n.content) > 0 {
		b = append(b, `,"content":[`...)
		for i, hash := range n.content {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendText(b, hash)
		}
		b = append(b, ']')
	}
	if len(e.Events()) == 0 {
		return append(b, '}'), nil
	}
	b = append(b, `,"events":[`...)
	for i, event := range e.Events() {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = forms.append(b, event); err != nil {
			return nil, err
		}
	}
	return append(b, ']', '}'), nil
}

// appendField adds a text under a plain name, unless it is empty.
func appendField(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = append(append(append(b, '"'), name...), `":`...)
	return appendText(b, text)
}

// appendText adds a text as JSON.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(text) // a string has no error
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}

// decode reads what encode wrote.
func decode(seq uint64, payload []byte) (orchestration.Entry, note, error) {
	var s stored
	dec := json.NewDecoder(bytes.NewReader(payload))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return orchestration.Entry{}, note{}, err
	}
	events := make([]orchestration.Event, 0, len(s.Events))
	for _, se := range s.Events {
		event, err := forms.decode(se)
		if err != nil {
			return orchestration.Entry{}, note{}, err
		}
		events = append(events, event)
	}
	var by orchestration.Actor = orchestration.RecallHuman(orchestration.PersonID(s.By.ID), s.By.Name)
	if s.By.Agent != "" {
		by = orchestration.NewAgent(s.By.Agent)
	}
	return orchestration.Entry{Seq: seq, At: s.At, Decision: orchestration.Recall(by, s.Because, events)},
		note{number: s.Number, content: s.Content}, nil
}
