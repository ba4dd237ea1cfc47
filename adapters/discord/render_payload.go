package discord

import "github.com/synthoperator/baton/chat"

// payload is a message as it is sent: the fields of D:resources/message that
// Baton uses, and those of D:resources/webhook.
type payload struct {
	Content         *string      `json:"content,omitempty"`
	Embeds          []embed      `json:"embeds,omitzero"`
	Components      []component  `json:"components,omitzero"` // an edit of embeds without buttons takes the old ones away: empty, not nil
	Flags           int          `json:"flags,omitempty"`
	AllowedMentions mentions     `json:"allowed_mentions"`
	Nonce           string       `json:"nonce,omitempty"`
	EnforceNonce    bool         `json:"enforce_nonce,omitempty"`
	Attachments     []attachment `json:"attachments,omitzero"` // an edit without files takes the old ones away: empty, not nil

	// Of a webhook's message only.
	Username  string `json:"username,omitempty"`
	AvatarURL string `json:"avatar_url,omitempty"`

	files  []chat.File      // what is uploaded with it, in the order of Attachments
	embeds func() *embedded // the same as embeds; nil where there is no other way to say it
}

// Flags of messages (D:resources/message, Message Flags).
const (
	flagSuppressEmbeds = 1 << 2
	flagEphemeral      = 1 << 6
	flagComponentsV2   = 1 << 15
)

// mentions is whom a message notifies. Parse is never left out: without it a
// bot's message notifies everybody it names (D:resources/message, Allowed
// Mentions Object).
type mentions struct {
	Parse []string `json:"parse"`
	Users []string `json:"users,omitempty"`
}

// attachment describes a file that is uploaded (D:reference, Uploading Files).
type attachment struct {
	ID          int    `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// component is one component of a message or a form (D:components/reference).
type component struct {
	Type        kind        `json:"type"`
	ID          int         `json:"id,omitempty"`
	CustomID    string      `json:"custom_id,omitempty"`
	Components  []component `json:"components,omitempty"`
	Accessory   *component  `json:"accessory,omitempty"` // of a section
	Component   *component  `json:"component,omitempty"` // of a label
	Content     string      `json:"content,omitempty"`
	AccentColor uint32      `json:"accent_color,omitempty"`
	Style       int         `json:"style,omitempty"`
	Label       string      `json:"label,omitempty"`
	Description string      `json:"description,omitempty"`
	Placeholder string      `json:"placeholder,omitempty"`
	Options     []option    `json:"options,omitempty"`
	Disabled    bool        `json:"disabled,omitempty"`
	Items       []media     `json:"items,omitempty"`
	Media       *mediaURL   `json:"media,omitempty"`
	File        *mediaURL   `json:"file,omitempty"`
	Divider     *bool       `json:"divider,omitempty"`
	Value       string      `json:"value,omitempty"`
	Required    *bool       `json:"required,omitempty"`
	MaxLength   int         `json:"max_length,omitempty"`
}

// kind is the type of a component.
type kind int

const (
	actionRow    kind = 1
	pressButton  kind = 2
	stringSelect kind = 3
	textInput    kind = 4
	section      kind = 9
	textDisplay  kind = 10
	thumbnail    kind = 11
	mediaGallery kind = 12
	fileDisplay  kind = 13
	separator    kind = 14
	container    kind = 17
	fieldLabel   kind = 18
	radioGroup   kind = 21
)

// Styles of buttons and of text inputs.
const (
	primaryButton   = 1
	secondaryButton = 2
	oneLine         = 1
	manyLines       = 2
)

type option struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

type media struct {
	Media       mediaURL `json:"media"`
	Description string   `json:"description,omitempty"`
}

type mediaURL struct {
	URL string `json:"url"`
}
