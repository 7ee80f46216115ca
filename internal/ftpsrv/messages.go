package ftpsrv

import (
	"context"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// expand puts in what the variables of an administrator's text stand for
// (expandVariables of IIS's messages). Octets are counted from the client's view, as
// Microsoft's page does: BytesReceived went from here to the client.
func expand(c *conn, text string) string {
	if !c.srv.cfg.Messages.ExpandVariables {
		return text
	}
	return strings.NewReplacer(
		"%BytesReceived%", strconv.FormatInt(c.conduct.sent, 10),
		"%BytesSent%", strconv.FormatInt(c.conduct.received, 10),
		"%SessionID%", c.log.row.Session,
		"%SiteName%", c.srv.cfg.SiteName,
		"%UserName%", strings.ReplaceAll(c.sess.name, "\n", "?"), // one line, whatever the directory holds
	).Replace(text)
}

// available is the line about free space that DisplayAvailableBytes asks for; "" where
// the storage cannot tell.
func available(ctx context.Context, root storage.FS) string {
	space, err := root.Statfs(ctx)
	if err != nil {
		return ""
	}
	return "Directory has " + grouped(space.Free) + " bytes of disk space available."
}

// grouped writes n with a comma before each three digits.
func grouped(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// before puts texts before a reply's own; empty ones count for nothing.
func before(reply ftpwire.Reply, texts ...string) ftpwire.Reply {
	var lines []string
	for _, text := range texts {
		if text != "" {
			lines = append(lines, strings.Split(text, "\n")...)
		}
	}
	return ftpwire.NewReply(reply.Code, append(lines, reply.Lines...)...)
}
