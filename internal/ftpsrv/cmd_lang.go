package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdLANG sets the language of replies (RFC 2640, 4.1), which is English of any
// country. No argument is the default language.
func cmdLANG(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	language, _, _ := strings.Cut(strings.TrimSpace(arg), "-")
	if language != "" && !strings.EqualFold(language, "en") {
		return ftpwire.Reply{}, errNotForThat
	}
	return done(200, c.cur.cmd.Verb), nil
}
