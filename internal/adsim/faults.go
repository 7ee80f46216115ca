package adsim

import "time"

// Op names an LDAP operation (RFC 4511, section 4) in Faults.
type Op string

// The operations a fault can be limited to.
const (
	OpBind     Op = "bind"
	OpSearch   Op = "search"
	OpModify   Op = "modify"
	OpAdd      Op = "add"
	OpDelete   Op = "delete"
	OpModifyDN Op = "modifydn"
	OpCompare  Op = "compare"
	OpExtended Op = "extended"
)

// Faults makes the server misbehave on purpose. The zero value behaves. Several
// switches may be on; they act in the order Refuse, Delay, Drop, Busy, Lose.
type Faults struct {
	Only      Op            // limits Delay, Drop, Busy and Lose to one operation; "" means every one
	Delay     time.Duration // wait before the operation is looked at
	Drop      bool          // close the connection instead of doing the operation
	Busy      bool          // answer 51 busy instead of doing the operation
	Lose      bool          // do the operation, then close the connection instead of answering
	Refuse    bool          // accept new connections and close them at once
	SizeLimit int           // if > 0, searches end after so many entries with sizeLimitExceeded
}

func (f Faults) hits(op Op) bool { return f.Only == "" || f.Only == op }

// SetFaults changes how the server misbehaves, from the next connection and the
// next request on. It may be called at any time.
func (s *Server) SetFaults(f Faults) { s.faults.Store(&f) }
