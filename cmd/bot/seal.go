package main

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
)

// sealer encrypts what is kept with AES-256-GCM, each time with a random nonce
// (NIST SP 800-38D; 2^32 of them are safe under one key).
type sealer struct{ aead cipher.AEAD }

// sealKeyBytes is how long the key is.
const sealKeyBytes = 32

// newSealer reads a key as base64.
func newSealer(key Secret) (sealer, error) {
	if key.IsZero() {
		return sealer{}, fmt.Errorf("tokens of workspaces are kept encrypted, and there is no key; make one with `openssl rand -base64 32` and set %s, or name a file with it as slack.encryption_key_file", encryptionKey)
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(key.Reveal())
	if err != nil || len(raw) != sealKeyBytes {
		return sealer{}, fmt.Errorf("%s is no key: it has to be %d random bytes in base64, as `openssl rand -base64 32` prints them", encryptionKey, sealKeyBytes)
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return sealer{}, errors.New("the key cannot be used")
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealer{}, errors.New("the key cannot be used")
	}
	return sealer{aead}, nil
}

// seal encrypts a secret so that it opens only in the place it was sealed for.
func (s sealer) seal(secret, place string) []byte {
	return s.aead.Seal(nil, nil, []byte(secret), []byte(place))
}

// errSealed says that something does not open.
var errSealed = errors.New("it was encrypted with another key, or changed")

// open reads what was sealed for that place.
func (s sealer) open(sealed []byte, place string) (string, error) {
	text, err := s.aead.Open(nil, nil, sealed, []byte(place))
	if err != nil {
		return "", errSealed // and nothing of what it was
	}
	return string(text), nil
}
