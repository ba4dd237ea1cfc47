package frontmatter

import "strings"

// yamlRemedy is what to do about an error of the YAML library, by its words.
func yamlRemedy(what string) string {
	for _, r := range []struct{ part, remedy string }{
		{"mapping values are not allowed", "put double quotes around values that hold a colon"},
		{"unexpected end of stream", "close the quote that is opened on a line above"},
		{"unexpected document indicator", "close the quote that is opened on a line above"},
		{"expected ',' or ']'", "close the list with ], or put double quotes around the value"},
		{"expected ',' or '}'", "close the braces with }, or put double quotes around the value"},
		{"tab character", "indent with spaces instead of tabs"},
		{"cannot start any token", "put double quotes around values that begin with a sign like @, ` or %"},
		{"escape", "write \\\\ for a backslash, or put single quotes around the value"},
		{"did not find expected key", "indent it like the lines beside it, or put double quotes around the whole value"},
	} {
		if strings.Contains(what, r.part) {
			return r.remedy
		}
	}
	return "correct the YAML on this line, or put double quotes around the value"
}
