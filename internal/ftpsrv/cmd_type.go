package ftpsrv

import (
	"context"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdTYPE sets the representation type (RFC 959, 3.1.1). Telnet's format makes no
// difference to Non-print (RFC 1123, 4.1.2.2), and octets of seven bits are those of
// a text. The size of L may stand without a blank.
func cmdTYPE(_ context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	words := strings.Fields(strings.ToUpper(arg))
	if words[0] == "L7" || words[0] == "L8" {
		words = append([]string{"L", words[0][1:]}, words[1:]...)
	}
	letter, format := words[0], strings.Join(words[1:], " ")
	switch {
	case letter == "A" && (format == "" || format == "N" || format == "T"), letter == "L" && format == "7":
		c.sess.image = false
	case letter == "I" && format == "", letter == "L" && format == "8":
		c.sess.image = true
	case letter == "A", letter == "E", letter == "I", letter == "L":
		return ftpwire.Reply{}, errNotForThat
	default:
		return ftpwire.Reply{}, errArgument
	}
	return ftpwire.NewReply(200, "Type set to "+letter+"."), nil
}
