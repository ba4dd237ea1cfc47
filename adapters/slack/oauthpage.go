package slack

import (
	"html/template"
	"net/http"
	"net/url"
)

// page is what a browser shows at the end of the flow.
var page = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>
body { font: 1.05rem/1.55 system-ui, sans-serif; max-width: 38rem; margin: 12vh auto; padding: 0 1.2rem; color: #1d1c1d; background: #fff }
code { background: #f1f1f1; padding: .1rem .35rem; border-radius: .25rem }
a { color: #0b57a4 }
@media (prefers-color-scheme: dark) { body { color: #e8e8e8; background: #1a1d21 } code { background: #2c2f33 } a { color: #8ab8f0 } }
</style>
<h1>{{.Title}}</h1>
{{with .Text}}<p>{{.}}</p>{{end}}
{{if .Steps}}<ol>
<li>In Slack, open a channel and type <code>/invite @{{.Bot}}</code>.</li>
<li>Type <code>/baton start product-launch Launch an invoicing tool for freelancers</code>, or <code>/baton help</code>.</li>
<li>In the session’s thread, talk to <code>@{{.Bot}}</code>.</li>
</ol>
{{end}}{{range .Lacks}}<p>Not everything was allowed. {{.}}.</p>
{{end}}{{with .Link}}<p><a href="{{.}}">Open Slack</a></p>
{{end}}{{with .Again}}<p><a href="{{.}}">Begin again</a></p>
{{end}}</html>
`))

type pageData struct {
	Title, Text, Bot, Link, Again string
	Steps                         bool
	Lacks                         []string
}

// show writes a page that holds nothing secret, runs nothing and fits in no frame.
func (o *OAuth) show(w http.ResponseWriter, status int, p pageData) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer") // the address holds a code
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	w.WriteHeader(status)
	if err := page.Execute(w, p); err != nil {
		o.Log.Debug("show a page", "err", err)
	}
}

// fail says what did not work and how to begin again; why goes to the log.
func (o *OAuth) fail(w http.ResponseWriter, status int, sentence string, why error) {
	o.Log.Warn("an installation failed", "err", why)
	o.show(w, status, pageData{Title: "Baton was not installed", Text: sentence, Again: InstallPath})
}

// welcome says what to do next.
func (o *OAuth) welcome(w http.ResponseWriter, id Identity) {
	link := url.URL{Scheme: "https", Host: "slack.com", Path: "/app_redirect", RawQuery: url.Values{"app": {id.App}, "team": {id.Team}}.Encode()}
	if id.Org {
		link.RawQuery = url.Values{"app": {id.App}}.Encode()
	}
	p := pageData{Title: "Baton is in " + id.TeamName, Bot: id.BotName, Link: link.String(), Steps: true, Lacks: Missing(id.Scopes, o.Features...)}
	if id.Org {
		p.Text = "It can be added to each workspace of the organisation by its admins."
	}
	o.show(w, http.StatusOK, p)
}
