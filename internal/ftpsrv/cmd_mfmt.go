package ftpsrv

import (
	"context"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// cmdMFMT sets the time of last change of a file (draft-somers-ftp-mfxx-04, 2).
func cmdMFMT(_ *conn, arg string) (task, error) {
	stamp, file, _ := strings.Cut(arg, " ")
	when, err := parseTime(stamp)
	return touch(when, file), err
}

// touch sets the time of a file, and answers as draft-somers-ftp-mfxx-04 does.
func touch(when time.Time, file string) task {
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) { return at.touch(ctx, when, file) }
}

func (p *place) touch(ctx context.Context, when time.Time, file string) (ftpwire.Reply, error) {
	if blank(file) {
		return ftpwire.Reply{}, errParameters
	}
	_, err := p.file(ctx, file)
	if err == nil {
		err = p.root.SetModTime(ctx, p.path, when)
	}
	return ftpwire.NewReply(213, "Modify="+when.Format(timeForm)+"; "+p.path), err
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
