package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	slackgo "github.com/slack-go/slack"
	"github.com/synthoperator/baton/chat"
)

// Files are given to Slack in three steps
// (https://docs.slack.dev/messaging/working-with-files): an address is asked for,
// the bytes go there, and the file is shared. Nobody sees anything before the
// last step, so what can fail beforehand is done before the message is said.

// upload gives Slack the files. Nobody sees them yet.
func (a *Adapter) upload(ctx context.Context, api *slackgo.Client, to chat.Thread, files []chat.File) ([]slackgo.FileSummary, error) {
	var ready []slackgo.FileSummary
	for _, f := range files {
		const method = "files.getUploadURLExternal"
		if err := a.open(method, to); err != nil {
			return nil, err
		}
		at, err := api.GetUploadURLExternalContext(ctx, slackgo.GetUploadURLExternalParameters{
			FileName: f.Name, FileSize: len(f.Data), AltTxt: shorten(oneLine(f.Alt), maxAlt),
		})
		if err != nil {
			return nil, notYet(a.failed(method, to, err))
		}
		err = api.UploadToURL(ctx, slackgo.UploadToURLParameters{UploadURL: at.UploadURL, Reader: bytes.NewReader(f.Data), Filename: f.Name})
		if err != nil {
			return nil, notYet(a.failed("upload", to, err))
		}
		ready = append(ready, slackgo.FileSummary{ID: at.FileID, Title: f.Name})
	}
	return ready, nil
}

// maxAlt is what may be said of a picture
// (https://docs.slack.dev/reference/methods/files.getUploadURLExternal).
const maxAlt = 1000

// notYet is what came of an attempt that did not get as far as saying something.
func notYet(err error) error {
	var (
		later    chat.Later
		blocked  chat.Blocked
		rejected chat.Rejected
	)
	if errors.As(err, &later) || errors.As(err, &blocked) || errors.As(err, &rejected) || errors.Is(err, context.Canceled) {
		return err
	}
	return chat.Later{After: retryBare, Why: "a file could not be uploaded: " + err.Error()}
}

// share shows the files under what was said. The message stands already, so that
// it is not said again where this fails: it says then that the files are missing.
func (a *Adapter) share(ctx context.Context, api *slackgo.Client, ref chat.Ref, r rendered, ready []slackgo.FileSummary) {
	if len(ready) == 0 {
		return
	}
	channel, ts := place(ref)
	under := ts
	if root := ref.Thread.Root(); root != "" {
		under = root
	}
	_, err := api.CompleteUploadExternalContext(ctx, slackgo.CompleteUploadExternalParameters{
		Files: ready, Channel: channel, ThreadTimestamp: under,
	})
	if err == nil {
		return
	}
	a.o.Log.Warn("files could not be shared", "where", ref.Thread.Key(), "message", ref.ID, "err", err)
	why := fmt.Sprintf("Slack did not take %d of the files that belong here: %s. Ask for them again.", len(ready), reason(err))
	if len(r.Blocks) < maxBlocks {
		r.add(blocksOf(chat.Remark(why))...)
	}
	_, _, _, err = api.UpdateMessageContext(context.WithoutCancel(ctx), channel, ts, slackgo.MsgOptionText(r.Text, false), slackgo.MsgOptionBlocks(r.Blocks...))
	if err != nil {
		a.o.Log.Warn("nor could that be said", "where", ref.Thread.Key(), "message", ref.ID, "err", err)
	}
}

// unattached is a message with its files in words: an edit cannot attach any.
func unattached(m chat.Message) chat.Message {
	for _, f := range m.Files {
		m.Blocks = append(m.Blocks[:len(m.Blocks):len(m.Blocks)], chat.Remark(attached(f)))
	}
	m.Files = nil
	return m
}
