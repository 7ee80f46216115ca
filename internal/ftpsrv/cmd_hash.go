package ftpsrv

import (
	"fmt"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdHASH tells the checksum of a file, as a download in TYPE I would give it, with
// the session's algorithm (draft-bryan-ftpext-hash-02), of the part that RANG named
// or of the whole. The last octet belongs to the range that the reply tells.
func cmdHASH(c *conn, arg string) (task, error) {
	find, from, end := whole(arg), int64(0), c.sess.upTo
	if end > 0 {
		from = c.sess.rest
		find = part(arg, from, end)
		c.sess.rest, c.sess.upTo = 0, 0
	}
	name := algorithms[c.sess.sum].name
	return checksum(c, c.sess.sum, find, func(sum string, octets int64) ftpwire.Reply {
		return ftpwire.NewReply(213, fmt.Sprintf("%s %d-%d %s %s", name, from, from+max(octets-1, 0), sum, arg))
	}), nil
}

// optsHASH tells the algorithm that HASH uses, or chooses one.
func optsHASH(c *conn, arg string) (ftpwire.Reply, error) {
	if arg != "" {
		chosen, known := algorithmNamed(arg)
		if !known {
			return ftpwire.Reply{}, errAlgorithm
		}
		c.sess.sum = chosen
	}
	return ftpwire.NewReply(200, algorithms[c.sess.sum].name), nil
}

// hashes is FEAT's list of the algorithms, a star behind the one in use.
func hashes(s *session) string {
	var b strings.Builder
	for i, a := range algorithms {
		b.WriteString(a.name)
		if i == s.sum {
			b.WriteByte('*')
		}
		b.WriteByte(';')
	}
	return b.String()
}
