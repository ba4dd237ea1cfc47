package discordtest

// Routes are the names of all routes: "POST /channels/{channel_id}/messages".
func Routes() []string {
	var out []string
	for _, r := range routes() {
		out = append(out, r.method+" "+r.path)
	}
	return out
}
