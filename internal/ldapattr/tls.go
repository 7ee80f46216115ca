package ldapattr

import (
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"strings"
)

// errPin: the server showed another certificate than the pinned one.
var errPin = errors.New("the server's certificate is not the pinned one")

// pins are SHA-256 sums of acceptable certificates.
type pins [][sha256.Size]byte

// parsePins reads a list of SHA-256 sums.
func parsePins(s string) (pins, error) {
	var list pins
	for text := range strings.SplitSeq(s, ",") {
		// openssl prints it with colons.
		sum, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(text), ":", ""))
		if err != nil || len(sum) != sha256.Size {
			return nil, &Error{Kind: ErrUsage, Op: "use certificate pin", Object: abridge(text),
				Err: errors.New("is not a SHA-256 in hexadecimal (64 digits)")}
		}
		list = append(list, [sha256.Size]byte(sum))
	}
	return list, nil
}

// verify is a tls.Config.VerifyConnection.
func (p pins) verify(state tls.ConnectionState) error {
	if len(state.PeerCertificates) == 0 {
		return errPin
	}
	sum := sha256.Sum256(state.PeerCertificates[0].Raw)
	for _, pin := range p {
		if subtle.ConstantTimeCompare(sum[:], pin[:]) == 1 {
			return nil
		}
	}
	return errPin
}

// tlsConfig always verifies: chain and host name, or the pin in their place.
func tlsConfig(cfg Config, certName string) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.RootCAs, ServerName: certName}
	if cfg.PinSHA256 == "" {
		return config, nil
	}
	accepted, err := parsePins(cfg.PinSHA256)
	if err != nil {
		return nil, err
	}
	// The pin names the very certificate, so it replaces the chain. VerifyConnection
	// runs on every handshake, resumed ones included.
	config.InsecureSkipVerify = true
	config.VerifyConnection = accepted.verify
	return config, nil
}

// certificateHint says what to do about a certificate that was refused, or "".
func certificateHint(err error) string {
	var (
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
	)
	switch {
	case errors.Is(err, errPin):
		return "compare --tls-pin with the SHA-256 of the server's certificate"
	case errors.As(err, &unknown):
		return "the certificate's authority is not known here; give it with --ca-file"
	case errors.As(err, &host):
		return "connect by a name that the certificate holds"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate has expired, or the clock of this machine is wrong"
	}
	return ""
}
