package slacktest

// Limits of what apps send. T is the declarations of @slack/types 3.2.0, K the
// method pages, D docs.slack.dev, GH an issue.
const (
	maxText           = 40000 // D:apis/web-api/rate-limits: longer is truncated; here refused
	maxUpdate         = 4000  // K:chat.update, msg_too_long
	maxMarkdown       = 12000 // K: markdown_text; T: markdown block
	maxMessageBlocks  = 50    // K, T
	maxViewBlocks     = 100   // T
	maxMessageChars   = 13200 // GH: bolt-js#2509, all blocks of a message, seen in the field
	maxAttachments    = 100   // K
	maxMetadata       = 16000 // unverified: K only has the error metadata_too_large
	maxID             = 255   // T: block_id, action_id, callback_id
	maxView           = 250 << 10
	maxStack          = 3 // D:surfaces/modals
	maxPrivate        = 3000
	maxViewTitle      = 24
	maxTaskField      = 256   // K: chat.startStream chunks
	maxAck            = 20480 // S: socketmode/socketmode.go; a payload has to stay below
	maxConnections    = 10    // D:apis/events-api/using-socket-mode
	maxSuggestions    = 100   // D:reference/block-kit/block-elements
	maxHookUses       = 5     // D:interactivity/handling-user-interaction
	commercialObjects = 15    // D: changelog 2025-05-29
	maxSessionTitle   = 200   // D:ai/agent-sessions
	maxLoadingLines   = 10    // K:assistant.threads.setStatus
)
