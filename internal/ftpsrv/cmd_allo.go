package ftpsrv

import (
	"context"
	"strconv"
	"strings"
	"unicode"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// cmdALLO announces the size of an upload (RFC 959, 4.1.3), and perhaps of a record.
// Nothing is set aside, but a client that asks for more than there is gets told
// before it sends anything.
func cmdALLO(c *conn, arg string) (task, error) {
	words := strings.Fields(arg)
	if len(words) == 3 && strings.EqualFold(words[1], "R") {
		words = []string{words[0], words[2]}
	} else if len(words) != 1 {
		return nil, errArgument
	}
	var octets uint64
	for _, word := range words {
		if unicode.IsLetter(rune(word[0])) {
			continue // a dummy value, which the RFC wants to be accepted
		}
		n, err := strconv.ParseUint(word, 10, 63)
		if err != nil {
			return nil, errArgument
		}
		octets = max(octets, n)
	}
	reply := done(200, c.cur.cmd.Verb)
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		space, err := at.root.Statfs(ctx)
		if err == nil && octets > space.Free {
			err = winerr.DiskFull
		}
		return reply, err
	}, nil
}
