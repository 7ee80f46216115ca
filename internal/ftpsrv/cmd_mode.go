package ftpsrv

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdMODE sets the transfer mode (RFC 959, 3.4): Stream, or Z, a stream that is
// compressed (draft-preston-ftpext-deflate-04), where that is configured.
func cmdMODE(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	letter := strings.ToUpper(strings.TrimSpace(arg))
	switch {
	case letter == "S", letter == "Z" && deflates(c.srv.cfg):
		c.sess.deflate = letter == "Z"
		return done(200, c.cur.cmd.Verb), nil
	case len(letter) == 1 && strings.Contains("BCZ", letter):
		return ftpwire.Reply{}, errNotForThat
	}
	return ftpwire.Reply{}, errArgument
}

// deflates reports whether MODE Z is offered.
func deflates(cfg Config) bool { return cfg.ModeZ != nil && !cfg.IIS }

// optsMODE is OPTS MODE Z LEVEL n: how hard downloads are compressed.
func optsMODE(c *conn, arg string) (ftpwire.Reply, error) {
	words := strings.Fields(strings.ToUpper(arg))
	if !deflates(c.srv.cfg) || len(words) != 3 || words[0] != "Z" || words[1] != "LEVEL" {
		return ftpwire.Reply{}, errOption
	}
	level, err := strconv.Atoi(words[2])
	if err != nil || level < 1 || level > 9 {
		return ftpwire.Reply{}, errArgument
	}
	c.sess.level = level
	return ftpwire.NewReply(200, fmt.Sprintf("MODE Z LEVEL set to %d.", level)), nil
}
