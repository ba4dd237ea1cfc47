package discordtest

// Types of callbacks (D:interactions/receiving-and-responding).
const (
	callbackPong         = 1
	callbackMessage      = 4
	callbackDefer        = 5
	callbackDeferUpdate  = 6
	callbackUpdate       = 7
	callbackAutocomplete = 8
	callbackModal        = 9
	callbackActivity     = 12
)

// postCallback answers an interaction: once, and within three seconds.
func postCallback(c *call) (reply, error) {
	i := c.s.interactions[c.params["interaction_token"]]
	if i == nil || i.ID != c.params["interaction_id"] {
		return reply{}, unknownInteraction()
	}
	if err := i.answer(c); err != nil {
		return reply{}, err
	}
	if c.query.Get("with_response") != "true" {
		return reply{status: 204}, nil
	}
	return reply{200, i.response(c)}, nil
}

// answer takes a callback, whichever way it came.
func (i *Interaction) answer(c *call) error {
	switch {
	case i.state == Failed:
		c.s.violate(c.req, LateAnswer, "the interaction %s was %v old", i.ID, c.s.clock.Now().Sub(i.made))
		return unknownInteraction()
	case i.state != Waiting:
		return alreadyAcknowledged()
	}
	f := newForm(c.body)
	f.known("type", "data")
	f.require("type")
	kind := f.oneOf("type", callbackPong, callbackMessage, callbackDefer, callbackDeferUpdate, callbackUpdate,
		callbackAutocomplete, callbackModal, callbackActivity)
	if err := f.failure(); err != nil {
		return err
	}
	if !i.takes(kind) {
		f.fail("type", "INTERACTION_INVALID_CALLBACK_TYPE", "An interaction of type %d cannot be answered with %d.", i.Type, kind)
		return f.failure()
	}
	return i.doAnswer(c, f, kind)
}

// takes: autocomplete takes suggestions and nothing else does; a modal does not
// follow a modal; what changes a message needs one.
func (i *Interaction) takes(kind int) bool {
	switch kind {
	case callbackMessage, callbackDefer:
		return i.Type != autocompleteInteraction
	case callbackDeferUpdate, callbackUpdate:
		return i.source != nil
	case callbackAutocomplete:
		return i.Type == autocompleteInteraction
	case callbackModal:
		return i.Type == commandInteraction || i.Type == componentInteraction
	}
	return false
}

func (i *Interaction) doAnswer(c *call, f form, kind int) error {
	data, _ := f.child("data")
	if !f.has("data") {
		data = form{path: "data", in: object{}, found: f.found}
	}
	switch kind {
	case callbackMessage:
		d, err := c.readDraft(data, byReply, nil)
		if err != nil {
			return err
		}
		i.original = i.say(c, d, i.kind())
		i.become(Replied)
	case callbackDefer:
		return i.postpone(c, data)
	case callbackDeferUpdate:
		i.original = i.source
		i.become(Accepted)
	case callbackUpdate:
		return i.update(c, data)
	case callbackAutocomplete:
		return i.suggest(c, data)
	case callbackModal:
		return i.open(c, data)
	}
	return nil
}

// kind is the type of the message that answers.
func (i *Interaction) kind() int {
	if i.Type != commandInteraction {
		return kindDefault
	}
	if data := i.body["data"].(object); data["type"] == messageCommand {
		return kindContextMenu
	}
	return kindCommand
}

// say adds a message of the application that only some may see.
func (i *Interaction) say(c *call, d draft, kind int) *message {
	m := &message{
		kind: kind, author: i.app.Bot, draft: d, application: i.app.ID, webhook: i.app.ID, token: i.Token,
		meta: i.metadata(),
	}
	if d.flags&flagEphemeral != 0 {
		m.only = i.who.User.ID
	}
	i.channel.say(m)
	if d.flags&flagLoading == 0 {
		c.observe(m)
	}
	return m
}

// metadata is what a message tells of the interaction it answers.
func (i *Interaction) metadata() object {
	out := object{
		"id": i.ID, "type": i.Type, "user": i.who.User.json(),
		"authorizing_integration_owners": object{"0": i.channel.guild.ID},
	}
	switch i.Type {
	case componentInteraction:
		out["interacted_message_id"] = i.source.id
	case modalInteraction:
		out["triggering_interaction_metadata"] = i.opener.metadata()
	}
	return out
}

// postpone: the only flag that can be set is EPHEMERAL, and it is set for good.
func (i *Interaction) postpone(c *call, data form) error {
	data.known("flags", "content", "embeds", "components", "allowed_mentions", "tts")
	if n := data.number("flags", 0, 1<<31-1); n&^flagEphemeral != 0 {
		data.fail("flags", "BITFIELD_INVALID", "Only EPHEMERAL can be set when an answer is deferred.")
	}
	c.keepUnknown(data)
	if err := data.failure(); err != nil {
		return err
	}
	n := data.number("flags", 0, 1<<31-1)
	i.original = i.say(c, draft{flags: n | flagLoading}, i.kind())
	i.become(Thinking)
	return nil
}

func (i *Interaction) update(c *call, data form) error {
	d, err := c.readDraft(data, byModalled, i.source)
	if err != nil {
		return err
	}
	i.source.rewrite(d)
	c.observe(i.source)
	i.original = i.source
	i.become(Updated)
	return nil
}

// suggest takes up to 25 choices with names of up to 100 characters
// (D:interactions/application-commands).
func (i *Interaction) suggest(c *call, data form) error {
	data.known("choices")
	data.require("choices")
	choices := []Choice{}
	for _, o := range data.each("choices", 0, optionCount) {
		readChoice(o, stringOptionType)
		name, _ := o.in["name"].(string)
		choices = append(choices, Choice{name, o.in["value"]})
	}
	c.keepUnknown(data)
	if err := data.failure(); err != nil {
		return err
	}
	i.choices = choices
	i.become(Choices)
	return nil
}

func (i *Interaction) open(c *call, data form) error {
	shapes := readModal(data)
	c.keepUnknown(data)
	if err := data.failure(); err != nil {
		return err
	}
	i.shapes, i.modal = shapes, modalOf(data.in, shapes)
	i.become(Form)
	return nil
}

// response is what with_response=true answers.
func (i *Interaction) response(c *call) object {
	about := object{"id": i.ID, "type": i.Type, "channel_id": i.channel.ID, "guild_id": i.channel.guild.ID}
	out := object{"interaction": about}
	kind, _ := whole(c.body["type"])
	if i.original != nil {
		about["response_message_id"] = i.original.id
		about["response_message_loading"] = i.original.flags&flagLoading != 0
		about["response_message_ephemeral"] = i.original.only != ""
		resource := map[int]int{callbackMessage: 4, callbackDefer: 4, callbackUpdate: 7, callbackDeferUpdate: 7}[kind]
		out["resource"] = object{"type": resource, "message": i.original.json()}
	}
	return out
}
