package slack

import "time"

// What Slack holds of a message. Lengths are counted as UTF-16 does, which is
// never less than characters: what Slack counts is not said anywhere.
const (
	// maxText is what the text of a message may be, sent or edited
	// (https://docs.slack.dev/reference/methods/chat.update, msg_too_long).
	maxText = 4000
	// maxBlocks is how many blocks a message has
	// (https://docs.slack.dev/reference/block-kit/blocks).
	maxBlocks = 50
	// maxMessage is what all blocks of a message hold together. Slack names no
	// number; msg_blocks_too_long was seen at about 13,200
	// (https://github.com/slackapi/bolt-js/issues/2509).
	maxMessage = 13000
	// maxMarkdown is what one markdown block holds; Slack's own limit is 12,000
	// (https://docs.slack.dev/reference/block-kit/blocks/markdown-block).
	maxMarkdown = 10000
	// maxSection is the text of a section
	// (https://docs.slack.dev/reference/block-kit/blocks/section-block), and what
	// we put into one block of rich text, for which Slack names no number.
	maxSection = 3000
	// maxSmall is one text of a context block
	// (https://docs.slack.dev/reference/block-kit/composition-objects/text-object).
	maxSmall = 3000
	// maxFields and maxField are how many fields a section has, and how long one is
	// (https://docs.slack.dev/reference/block-kit/blocks/section-block).
	maxFields, maxField = 10, 2000
	// maxHeader is a header's text
	// (https://docs.slack.dev/reference/block-kit/blocks/header-block).
	maxHeader = 150
	// maxButtons is how many elements an actions block has
	// (https://docs.slack.dev/reference/block-kit/blocks/actions-block).
	maxButtons = 25
	// maxLabel is the text of a button or an option, and maxChoice an option's value
	// (https://docs.slack.dev/reference/block-kit/composition-objects/option-object
	// says 75 for the text; the declarations of @slack/types 3.2.0 say 75 for both).
	maxLabel, maxChoice = 75, 75
	// maxPlaceholder is what a menu shows before something is chosen
	// (https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element).
	maxPlaceholder = 150
	// maxChoices is how many options a menu, or a group in one, has
	// (https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element).
	maxChoices = 100
	// maxID is the length of block_id, action_id and callback_id
	// (https://docs.slack.dev/reference/block-kit/block-elements/button-element).
	maxID = 255
	// maxURL is the length of an address
	// (https://docs.slack.dev/reference/block-kit/block-elements/button-element).
	maxURL = 3000
	// maxSpeaker is the name somebody speaks under. Slack names no number for
	// username; 80 is that of a bot's display name in a manifest
	// (https://docs.slack.dev/reference/app-manifest).
	maxSpeaker = 80
)

// What Slack holds of a modal (https://docs.slack.dev/reference/views/modal-views
// unless another page is named).
const (
	maxViewTitle  = 24
	maxViewBlocks = 100
	maxPrivate    = 3000
	maxView       = 250 << 10 // https://docs.slack.dev/reference/methods/views.open
	// maxInput is what an input holds
	// (https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element).
	maxInput = 3000
	// maxInputLabel is a label or hint
	// (https://docs.slack.dev/reference/block-kit/blocks/input-block).
	maxInputLabel = 2000
)

// How often Slack may be asked (https://docs.slack.dev/apis/web-api/rate-limits
// and the page of each method).
const (
	postEvery      = time.Second      // chat.postMessage in one channel
	editsPerMinute = 50               // chat.update in a workspace, tier 3
	retryBare      = 30 * time.Second // where Slack does not say when; no source
	atOnce         = 5                // few, so that a crash leaves few unknown posts
	requestTime    = 10 * time.Second // how long one request may take
	// settle is how long until a look-up shows what an attempt left. Slack names
	// no number; this is what a request may take, three times.
	settle = 3 * requestTime
	// historyPage is how many messages a look-up asks for at once; Slack takes 999
	// and recommends 200 at most
	// (https://docs.slack.dev/reference/methods/conversations.history).
	historyPage = 200
)

// What Slack holds of a stream (https://docs.slack.dev/reference/methods/chat.appendStream).
const (
	// rotateStream is how old a stream gets: Slack ends it after five minutes
	// (https://github.com/slackapi/node-slack-sdk/issues/2702).
	rotateStream = 4 * time.Minute
	// beat is how often a status is set again: Slack takes it away after two
	// minutes (https://docs.slack.dev/reference/methods/assistant.threads.setStatus).
	beat = 90 * time.Second
	// appendEvery is how often a stream is appended to: chat.appendStream is tier 4,
	// 100 a minute.
	appendEvery = time.Second
	// editEvery is the least time between two edits of one message that grows.
	editEvery = 1500 * time.Millisecond
)
