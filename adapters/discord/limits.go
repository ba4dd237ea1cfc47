package discord

import (
	"time"
	"unicode/utf16"
)

// Numbers of Discord's, each with where it stands. "D:x" is the page x of
// https://docs.discord.com/developers, "Spec" Discord's OpenAPI description
// (https://github.com/discord/discord-api-spec), "GH:" an issue on GitHub.

// Messages (D:resources/message).
const (
	maxContent = 2000
	maxNonce   = 25
	maxPinged  = 100 // ids in allowed_mentions (D:resources/message, Allowed Mentions Object)
	maxListed  = 100 // messages in one answer of a list
)

// Embeds (D:resources/message, Embed Limits). That all of a message's have at most
// 6000 characters together follows from maxShown: see [inEmbeds].
const (
	maxEmbeds      = 10
	maxEmbedFields = 25   // of one embed
	maxEmbedName   = 256  // of a field, and of an author
	maxEmbedValue  = 1024 // of a field
)

// Components V2 (D:components/reference).
const (
	maxComponents  = 40   // in one message, those inside others included
	maxShown       = 4000 // characters of all text displays together (GH: discord/discord-api-docs#8562; Spec)
	maxComponentID = 1<<31 - 1
	maxRowButtons  = 5
	maxRows        = 5 // without Components V2, which a message has to fit into too
	maxButtonLabel = 80
	maxOptions     = 25  // of a select
	maxOption      = 100 // characters of an option's label, value and description
	maxPlaceholder = 150 // of a select
	maxGallery     = 10  // pictures in a media gallery
	maxMediaURL    = 2048
	maxAlt         = 1024 // a picture's description (Spec)
)

// Files (D:reference, Uploading Files).
const (
	maxFile     = 10 << 20 // each, where nobody pays for more
	maxFiles    = 10       // of one message
	maxUpload   = 25 << 20 // of one request
	maxFileName = 200      // fewer than the 1024 of the Spec, as file systems have 255
)

// Forms (D:interactions/receiving-and-responding, Modal; D:components/reference).
const (
	maxModalTitle    = 45
	maxModalInputs   = 5 // the documentation's; the Spec has 40
	maxLabel         = 45
	maxLabelHelp     = 100
	maxInputValue    = 4000
	maxInputExample  = 100
	minRadioChoices  = 2
	maxRadioChoices  = 10
	maxSelectChoices = maxOptions
)

// Threads and forum posts (D:resources/channel).
const (
	maxThreadName = 100
	maxTags       = 5
	// archiveAfter is when a thread that nobody writes in is put away, in minutes:
	// a week, the longest there is.
	archiveAfter = 10080
)

// Webhooks (D:resources/webhook).
const maxUsername = 80

// Requests (D:topics/rate-limits).
const (
	globalRequests = 50 // a second and bot; interactions do not count
	globalWindow   = time.Second
	// invalidWindow is in what time 10,000 refused requests get an address shut
	// out. Baton stops at a tenth of that, so that others at the address are safe
	// from it.
	invalidWindow = 10 * time.Minute
	maxInvalid    = 1000
)

// epoch is the moment from which ids count milliseconds (D:reference, Snowflakes).
var epoch = time.UnixMilli(1420070400000)

// units is how long a text is. Discord does not say what it counts; a text has
// at least as many UTF-16 units as characters, so that these are safe.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}
