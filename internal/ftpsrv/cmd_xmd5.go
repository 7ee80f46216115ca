package ftpsrv

import "context"

// cmdXMD5 tells the MD5 of a file or of a part of it.
func cmdXMD5(ctx context.Context, c *conn, arg string) (task, error) {
	return xsum(ctx, c, arg, sumMD5)
}
