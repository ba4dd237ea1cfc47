package discordtest

import "strings"

// route is one route of the API, under the name the Spec has for it.
type route struct {
	method string
	path   string
	do     func(*call) (reply, error)
	public bool // needs no bot token
	exempt bool // not counted by the limit of all routes together
	steps  []string
}

// exempt routes bear an interaction's token: "not bound to the global limit"
// (D:interactions/receiving-and-responding).
func (r *route) major(params map[string]string) string {
	for _, name := range []string{"channel_id", "guild_id", "webhook_id", "interaction_id", "application_id"} {
		if v := params[name]; v != "" {
			return v + "/" + params["webhook_token"]
		}
	}
	return ""
}

func get(path string, do func(*call) (reply, error)) *route  { return newRoute("GET", path, do) }
func post(path string, do func(*call) (reply, error)) *route { return newRoute("POST", path, do) }
func patch(path string, do func(*call) (reply, error)) *route {
	return newRoute("PATCH", path, do)
}
func put(path string, do func(*call) (reply, error)) *route { return newRoute("PUT", path, do) }
func del(path string, do func(*call) (reply, error)) *route { return newRoute("DELETE", path, do) }

func newRoute(method, path string, do func(*call) (reply, error)) *route {
	token := strings.Contains(path, "{webhook_token}") || strings.Contains(path, "{interaction_token}")
	return &route{
		method: method, path: path, do: do, public: token || path == "/gateway",
		exempt: token, steps: strings.Split(path, "/"),
	}
}

// match finds a route. A step that is written out is preferred to one that
// holds a parameter.
func match(method, path string) (*route, map[string]string) {
	steps := strings.Split(strings.TrimSuffix(path, "/"), "/")
	var best *route
	literal := -1
	for _, r := range routes() {
		if n := r.fits(method, steps); n > literal {
			best, literal = r, n
		}
	}
	if best == nil {
		return nil, nil
	}
	params := map[string]string{}
	for i, step := range best.steps {
		if name, ok := strings.CutPrefix(step, "{"); ok {
			params[strings.TrimSuffix(name, "}")] = steps[i]
		}
	}
	return best, params
}

// fits counts the steps that match to the letter, or is -1.
func (r *route) fits(method string, steps []string) int {
	if r.method != method || len(r.steps) != len(steps) {
		return -1
	}
	n := 0
	for i, step := range r.steps {
		switch {
		case step == steps[i]:
			n++
		case !strings.HasPrefix(step, "{") || steps[i] == "" || strings.HasPrefix(steps[i], "@"):
			return -1
		}
	}
	return n
}
