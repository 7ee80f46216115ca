package ftpsrv

import (
	"context"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
)

// cmdMLST tells facts about one file or directory (RFC 3659, 7). The line of facts
// begins with a blank and names the whole path, which a client can use again.
func cmdMLST(c *conn, arg string) (task, error) {
	m := machine(c)
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		name, err := at.resolve(arg)
		if err != nil {
			return ftpwire.Reply{}, err
		}
		info, err := at.root.Stat(ctx, name)
		if err != nil {
			return ftpwire.Reply{}, err
		}
		m.Dir = name
		facts := string(m.Append([]byte(" "), info, name))
		return ftpwire.NewReply(250, "Listing "+name, facts+" "+name, "End"), nil
	}, nil
}

// machine makes lines of facts for the session, about what lies in the directory that
// the caller sets.
func machine(c *conn) listing.Machine {
	return listing.Machine{Facts: c.sess.facts, NoRead: !c.sess.may(reads), NoWrite: !c.sess.may(writes)}
}

// features is the line of FEAT behind its verb: all facts, the chosen ones marked.
func (s *session) features() string { return s.facts.Feature() }

// optsMLST chooses the facts (RFC 3659, 7.9).
func optsMLST(c *conn, arg string) (ftpwire.Reply, error) {
	facts, ok := listing.ParseFacts(arg)
	if !ok {
		return ftpwire.Reply{}, errOption
	}
	c.sess.facts = facts
	return ftpwire.NewReply(200, "MLST OPTS "+facts.String()), nil
}
