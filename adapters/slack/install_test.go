package slack

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// No verb of package fmt shows a token, alone or in what holds it, nor does a log
// or JSON.
func TestSecretsDoNotPrint(t *testing.T) {
	const canary = "canary-0123456789"
	hex := fmt.Sprintf("%x", canary)
	secret := Secret(canary)
	for _, v := range []any{
		secret, &secret, []Secret{secret}, Install{Token: secret}, &Install{Token: secret},
		Options{AppToken: secret, SigningSecret: secret}, OAuthOptions{ClientSecret: secret}, Identity{Install: Install{Token: secret}},
	} {
		var all strings.Builder
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%c", "%U", "%5.99s", "%T"} {
			fmt.Fprintf(&all, verb+"\n", v)
		}
		slog.New(slog.NewTextHandler(&all, nil)).Info("told", "what", v)
		slog.New(slog.NewJSONHandler(&all, nil)).Info("told", "what", v)
		if data, err := json.Marshal(v); err == nil { // a function in it is none
			all.Write(data)
		}
		if text := all.String(); strings.Contains(text, canary) || strings.Contains(strings.ToLower(text), hex) {
			t.Errorf("%T is shown:\n%s", v, text)
		}
	}
}
