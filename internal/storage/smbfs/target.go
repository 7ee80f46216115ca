package smbfs

import (
	"net"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// Target is a share on a file server.
type Target struct {
	Address string        // host:port to dial; "" = Host and port 445
	Host    string        // the server's name, also in the Kerberos principal cifs/Host
	Share   string        // the share's name
	Timeout time.Duration // longest wait for one answer of the server; 0 = 30 s
}

func (t Target) address() string {
	if t.Address != "" {
		return t.Address
	}
	return net.JoinHostPort(t.Host, "445")
}

func (t Target) principal() string { return "cifs/" + t.Host }

// Login says as whom, and how, to set up the session. Nothing of it is kept
// after Session.Login has returned.
type Login struct {
	Domain    string // NetBIOS name, for NTLM
	User      string // sAMAccountName
	Password  secret.Text
	Kerberos  *Kerberos // nil = NTLM only, if allowed
	AllowNTLM bool      // use NTLMv2 where no Kerberos ticket is to be had
	// Unsigned sends and takes requests without a signature where the server does not
	// demand one: faster, and somebody in between can change what is stored or read.
	Unsigned bool
}

// Kerberos names the realm and, if they are not to be found by DNS, its KDCs.
type Kerberos struct {
	Realm string
	KDCs  []string // host or host:port; none = SRV records of the realm
}
