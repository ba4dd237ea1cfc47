package discord

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
)

const (
	// maxBody is the most that is read of a request. An interaction is at most the
	// largest message with what was entered in a form.
	maxBody = 1 << 20
	// stale is how far the time of a signature may be from now by Discord's clock. Discord signs at
	// the moment of sending; the window only keeps what was overheard from being
	// brought again after the ids of what was heard are forgotten.
	stale = 5 * time.Minute
)

// Routes answers Discord's requests: interactions over HTTP. It serves while
// [Adapter.Run] runs.
func (a *Adapter) Routes() http.Handler { return http.HandlerFunc(a.serve) }

func (a *Adapter) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "Discord posts here", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		status := http.StatusBadRequest
		if errors.As(err, new(*http.MaxBytesError)) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, "the request cannot be read", status)
		return
	}
	if !a.verified(r, body) {
		a.o.Log.Warn("a request without Discord's signature was turned away", "from", r.RemoteAddr)
		http.Error(w, "this is not signed by Discord", http.StatusUnauthorized)
		return
	}
	var probe struct {
		Type int `json:"type"`
	}
	if err := json.Unmarshal(body, &probe); err != nil {
		http.Error(w, "this is no interaction", http.StatusBadRequest)
		return
	}
	if probe.Type == typePing {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"type":1}`)
		return
	}
	a.accept(w, r, body)
}

// accept has an interaction answered by callbacks, as over the gateway, and says
// so once that was done (D:interactions/receiving-and-responding).
func (a *Adapter) accept(w http.ResponseWriter, r *http.Request, body []byte) {
	s := a.current.Load()
	if s == nil {
		http.Error(w, "Baton is not running yet", http.StatusServiceUnavailable)
		return
	}
	given := s.takeInteraction(body)
	late := time.NewTimer(respondBy)
	defer late.Stop()
	select {
	case <-given:
	case <-late.C:
	case <-r.Context().Done():
	}
	w.WriteHeader(http.StatusAccepted)
}

// verified checks a signature over the time and the body as it came.
func (a *Adapter) verified(r *http.Request, body []byte) bool {
	key, err := hex.DecodeString(a.o.PublicKey)
	at, err2 := strconv.ParseInt(r.Header.Get("X-Signature-Timestamp"), 10, 64)
	if err != nil || err2 != nil || len(key) != ed25519.PublicKeySize {
		return false
	}
	if age := a.clock.theirs(a.o.Now()).Sub(time.Unix(at, 0)); age > stale || age < -stale {
		return false
	}
	signed := r.Clone(r.Context())
	signed.Body = io.NopCloser(bytes.NewReader(body))
	return discordgo.VerifyInteraction(signed, key)
}
