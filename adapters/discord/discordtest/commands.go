package discordtest

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Types of commands (D:interactions/application-commands).
const (
	chatInput      = 1
	userCommand    = 2
	messageCommand = 3
)

// Limits of commands (D:interactions/application-commands; the 130 of a PUT:
// Spec).
const (
	chatInputs    = 100
	contextMenus  = 15
	commandsPut   = 130
	createsPerDay = 200
)

// scope is which list of commands a request is about: "" is the global one.
func (c *call) scope() (string, error) {
	if err := c.mine(); err != nil {
		return "", err
	}
	guild := c.params["guild_id"]
	if guild == "" {
		return "", nil
	}
	g := c.s.guild(guild)
	if g == nil || g.members[c.app.Bot.ID] == nil {
		return "", missingAccess()
	}
	return guild, nil
}

func listCommands(c *call) (reply, error) {
	scope, err := c.scope()
	if err != nil {
		return reply{}, err
	}
	out := []object{}
	for _, cmd := range c.app.commands[scope] {
		cmd = maps.Clone(cmd)
		if c.query.Get("with_localizations") != "true" {
			delete(cmd, "name_localizations")
			delete(cmd, "description_localizations")
		}
		out = append(out, cmd)
	}
	return reply{200, out}, nil
}

// putCommands replaces the whole list, all types of it. Only commands that did
// not exist count as created.
func putCommands(c *call) (reply, error) {
	scope, err := c.scope()
	if err != nil {
		return reply{}, err
	}
	if c.list == nil {
		return reply{}, refuse(400, 50035, "Invalid Form Body")
	}
	f := newForm(object{"": c.list})
	var next []object
	for i, in := range c.list {
		o, _ := in.(object)
		next = append(next, readCommand(form{path: strconv.Itoa(i), in: o, found: f.found}, scope))
	}
	if len(c.list) > commandsPut {
		f.fail("", "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", commandsPut)
	}
	c.keepUnknown(f)
	if err := f.failure(); err != nil {
		return reply{}, err
	}
	if err := c.register(scope, next); err != nil {
		return reply{}, err
	}
	return reply{200, orEmpty(c.app.commands[scope])}, nil
}

// register makes a list of commands the one of a scope.
func (c *call) register(scope string, next []object) error {
	had := c.app.commands[scope]
	count := map[int]int{}
	names := map[string]bool{}
	created := 0
	for _, cmd := range next {
		kind := cmd["type"].(int)
		name := strconv.Itoa(kind) + cmd["name"].(string)
		if names[name] {
			return refuse(400, 50035, "Invalid Form Body: APPLICATION_COMMANDS_DUPLICATE_NAME")
		}
		names[name] = true
		count[kind]++
		if old := sameCommand(had, cmd); old != nil {
			cmd["id"] = old["id"]
		} else {
			cmd["id"] = c.s.newID()
			created++
		}
		c.finish(scope, cmd)
	}
	if count[chatInput] > chatInputs || count[userCommand] > contextMenus || count[messageCommand] > contextMenus {
		return refuse(400, 30032, "Maximum number of application commands reached")
	}
	if !c.mayCreate(scope, created) {
		return refuse(400, 30034, "Max number of daily application command creates has been reached (200)")
	}
	c.app.commands[scope] = next
	return nil
}

func (c *call) finish(scope string, cmd object) {
	cmd["application_id"], cmd["version"] = c.app.ID, c.s.newID()
	if scope != "" {
		cmd["guild_id"] = scope
	}
}

func (c *call) mayCreate(scope string, n int) bool {
	now := c.s.clock.Now()
	recent := slices.DeleteFunc(c.app.created[scope], func(t time.Time) bool { return now.Sub(t) >= 24*time.Hour })
	if len(recent)+n > createsPerDay {
		return false
	}
	for range n {
		recent = append(recent, now)
	}
	c.app.created[scope] = recent
	return true
}

func sameCommand(all []object, cmd object) object {
	for _, o := range all {
		if o["name"] == cmd["name"] && o["type"] == cmd["type"] {
			return o
		}
	}
	return nil
}

// postCommand makes a command, or changes the one of that name: 200 then, else
// 201.
func postCommand(c *call) (reply, error) {
	scope, err := c.scope()
	if err != nil {
		return reply{}, err
	}
	f := newForm(c.body)
	cmd := readCommand(f, scope)
	c.keepUnknown(f)
	if err := f.failure(); err != nil {
		return reply{}, err
	}
	had := c.app.commands[scope]
	status, next := 201, append(slices.Clone(had), cmd)
	if old := sameCommand(had, cmd); old != nil {
		status, next = 200, slices.Clone(had)
		next[slices.IndexFunc(had, func(o object) bool { return o["id"] == old["id"] })] = cmd
	}
	if err := c.register(scope, next); err != nil {
		return reply{}, err
	}
	return reply{status, cmd}, nil
}

func (c *call) command() (scope string, at int, err error) {
	if scope, err = c.scope(); err != nil {
		return "", 0, err
	}
	at = slices.IndexFunc(c.app.commands[scope], func(o object) bool { return o["id"] == c.params["command_id"] })
	if at < 0 {
		return "", 0, unknownCommand()
	}
	return scope, at, nil
}

func getCommand(c *call) (reply, error) {
	scope, at, err := c.command()
	if err != nil {
		return reply{}, err
	}
	return reply{200, c.app.commands[scope][at]}, nil
}

func patchCommand(c *call) (reply, error) {
	scope, at, err := c.command()
	if err != nil {
		return reply{}, err
	}
	old := c.app.commands[scope][at]
	merged := object{"type": old["type"]}
	for _, key := range commandKeys {
		if v, ok := old[key]; ok {
			merged[key] = v
		}
	}
	maps.Copy(merged, c.body)
	f := newForm(asSent(merged))
	cmd := readCommand(f, scope)
	c.keepUnknown(f)
	if err := f.failure(); err != nil {
		return reply{}, err
	}
	cmd["id"] = old["id"]
	c.finish(scope, cmd)
	c.app.commands[scope][at] = cmd
	return reply{200, cmd}, nil
}

func deleteCommand(c *call) (reply, error) {
	scope, at, err := c.command()
	if err != nil {
		return reply{}, err
	}
	c.app.commands[scope] = slices.Delete(slices.Clone(c.app.commands[scope]), at, at+1)
	return reply{status: 204}, nil
}

// asSent is an object as if it had just been read from a request.
func asSent(o object) object {
	data, err := json.Marshal(o)
	if err != nil {
		panic("discordtest: " + err.Error())
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var out object
	if err := dec.Decode(&out); err != nil {
		panic("discordtest: " + err.Error())
	}
	return out
}
