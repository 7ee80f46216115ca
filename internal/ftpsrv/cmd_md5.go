package ftpsrv

import "github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"

// cmdMD5 tells the MD5 of a file (draft-twine-ftpmd5-00).
func cmdMD5(c *conn, arg string) (task, error) {
	return checksum(c, sumMD5, quotedSpan(arg), func(sum string, _ int64) ftpwire.Reply {
		return ftpwire.NewReply(251, arg+" "+sum)
	}), nil
}
