package ftpsrv

import (
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftptls"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// session is what commands change. Its parts have lives of their own and are
// replaced whole: a new USER ends the identity and its transfer parameters, not
// what client and server have agreed on.
type session struct {
	identity
	negotiated
	parameters
}

// identity is who is logged in. Rights belong to it and to nothing else: no table
// keyed by user name exists.
type identity struct {
	asked bool       // USER was given, PASS may follow
	user  string     // argument of USER
	name  string     // Grant.Name
	root  storage.FS // nil before login
	cwd   string     // current directory, absolute
	crlf  bool       // Grant.CRLF
	lacks trait      // reads, writes: rights that the authorization rules withhold
}

// negotiated is what holds for the connection, whoever is logged in.
type negotiated struct {
	epsvAll bool            // EPSV ALL: no other way to a data connection (RFC 2428, 4)
	tls     *ftptls.Session // since AUTH; it stays after CCC for the data connections
	cleared bool            // CCC: the control connection is in clear text again
	pbsz    bool            // PBSZ has come, PROT may
	prot    bool            // PROT P: data connections are under TLS
	host    string          // named by HOST, host|user or SNI, in lower case
	ansi    bool            // OPTS UTF8 OFF: names are in the Windows code page
	turned  bool            // SITE DIRSTYLE: the other listing style
	facts   listing.Facts   // OPTS MLST
}

// negotiate is what holds for a connection that has agreed on nothing.
func negotiate(cfg Config) negotiated {
	return negotiated{ansi: cfg.NoUTF8, facts: listing.AllFacts}
}

// parameters are the transfer parameters (RFC 959, 5.1) and the arguments that
// wait for the next command.
type parameters struct {
	image   bool   // TYPE I or L 8
	records bool   // STRU R
	deflate bool   // MODE Z
	level   int    // of it; 0 is Config.ModeZ's
	sum     int    // algorithm of HASH
	rest    int64  // restart offset, for the data command that comes next
	upTo    int64  // with RANG, the octet behind the last one wanted; else 0
	from    string // source of a rename, taken by an RNTO that follows at once
}

// login begins the session of a grant.
func (s *session) login(g Grant) {
	s.identity = identity{user: s.user, name: g.Name, root: g.Root, cwd: "/", crlf: g.CRLF}
	if g.NoRead {
		s.lacks |= reads
	}
	if g.NoWrite {
		s.lacks |= writes
	}
	s.parameters = parameters{}
}

// may reports whether the login has the rights among the traits of a verb. Nobody
// has logged in yet: no right is withheld.
func (s *session) may(t trait) bool { return s.lacks&t == 0 }

// logout ends identity and parameters and returns the root to close, if any.
func (s *session) logout() storage.FS {
	root := s.root
	s.identity, s.parameters = identity{}, parameters{}
	return root
}

func (s *session) loggedIn() bool { return s.root != nil }
