package ftpsrv

import (
	"context"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdMFMT sets the time of last change of a file (draft-somers-ftp-mfxx-04, 2).
func cmdMFMT(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error) {
	stamp, file, _ := strings.Cut(arg, " ")
	when, err := parseTime(stamp)
	if err != nil {
		return ftpwire.Reply{}, err
	}
	return touch(ctx, c, when, file)
}

// touch sets the time of a file, and answers as draft-somers-ftp-mfxx-04 does.
func touch(ctx context.Context, c *conn, when time.Time, file string) (ftpwire.Reply, error) {
	if blank(file) {
		return ftpwire.Reply{}, errParameters
	}
	if _, err := statFile(ctx, c, file); err != nil {
		return ftpwire.Reply{}, err
	}
	if err := c.sess.root.SetModTime(ctx, c.cur.path, when); err != nil {
		return ftpwire.Reply{}, err
	}
	return ftpwire.NewReply(213, "Modify="+when.Format(timeForm)+"; "+c.cur.path), nil
}

// timeForm is how times are written (RFC 3659, 2.3). They are UTC.
const timeForm = "20060102150405"

// Years that every kind of storage can keep.
const firstYear, lastYear = 1980, 2107

// parseTime reads a time, in which a fraction of the second counts for nothing.
func parseTime(stamp string) (time.Time, error) {
	whole, fraction, _ := strings.Cut(stamp, ".")
	when, err := time.Parse(timeForm, whole)
	if err != nil || strings.Trim(fraction, "0123456789") != "" || when.Year() < firstYear || when.Year() > lastYear {
		return when, errArgument
	}
	return when, nil
}
