package ftpsrv

import (
	"context"
	"crypto/rand"
	"fmt"
	"path"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Names that STOU makes: of a name that the client gives and that is taken, with a
// number behind it, and at last with letters that nobody foresees.
const (
	uniquePrefix  = "ftp-"
	uniqueNumbers = 9
	uniqueLetters = 10
)

// cmdSTOU stores a file under a name that no other has (RFC 959, 4.1.3), made of the
// one given, if there is one. The preliminary reply tells it (RFC 1123, 4.1.2.9).
func cmdSTOU(c *conn, arg string) (opener, error) {
	if c.sess.rest > 0 || c.sess.upTo > 0 {
		return nil, errArgument
	}
	wanted, keep := arg, c.srv.cfg.Files.KeepPartialUploads
	if blank(arg) {
		wanted = uniquePrefix + letters()
	}
	return func(ctx context.Context, at *place) (dataJob, error) {
		if _, err := at.target(wanted); err != nil {
			return dataJob{}, err
		}
		err := error(winerr.AlreadyExists)
		for n := 0; n <= uniqueNumbers+1; n++ {
			told := unique(wanted, n)
			name, refused := at.target(told)
			if refused != nil {
				return dataJob{}, refused
			}
			var file storage.Upload
			file, err = at.root.Create(ctx, name, storage.New, 0)
			if err == nil {
				job := receiving(file, keep)
				job.told = told
				return job, nil
			}
			// A name that somebody else is storing just now is taken, too. A directory
			// of the name is told as what it is.
			if !taken(err) {
				break
			}
		}
		return dataJob{}, err
	}, nil
}

func taken(err error) bool {
	win32 := winerr.Of(err)
	return win32 == winerr.AlreadyExists || win32 == winerr.SharingViolation
}

// unique is the nth name to try.
func unique(wanted string, n int) string {
	ext := path.Ext(path.Base(wanted))
	stem := strings.TrimSuffix(wanted, ext)
	if stem == "" || strings.HasSuffix(stem, "/") || strings.HasSuffix(stem, `\`) { // .profile
		stem, ext = wanted, ""
	}
	switch {
	case n == 0:
		return wanted
	case n <= uniqueNumbers:
		return fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
	return stem + "-" + letters() + ext
}

func letters() string { return strings.ToLower(rand.Text()[:uniqueLetters]) }
