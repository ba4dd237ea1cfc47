package slack

import (
	"encoding/json"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	slackgo "github.com/slack-go/slack"
)

func fixedNow() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

var schemaOf = sync.OnceValues(func() (*jsonschema.Resolved, error) {
	data, err := os.ReadFile("../../../shared/specs/slack-blocks.schema.json")
	if err != nil {
		return nil, err
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(data, &schema); err != nil {
		return nil, err
	}
	return schema.Resolve(nil)
})

// checkBlocks holds blocks against the schema that was made of Slack's own types,
// where that is there.
func checkBlocks(t *testing.T, blocks []slackgo.Block) {
	t.Helper()
	schema, err := schemaOf()
	if errors.Is(err, os.ErrNotExist) {
		t.Log("the schema of blocks is not there")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%v\n%s", err, data)
	}
}

// checkView holds a modal's blocks against the same.
func checkView(t *testing.T, v slackgo.ModalViewRequest) {
	t.Helper()
	checkBlocks(t, v.Blocks.BlockSet)
	data, err := json.Marshal(v)
	if err != nil || len(data) > maxView || len(v.Blocks.BlockSet) > maxViewBlocks {
		t.Errorf("a view of %d bytes and %d blocks: %v", len(data), len(v.Blocks.BlockSet), err)
	}
}
