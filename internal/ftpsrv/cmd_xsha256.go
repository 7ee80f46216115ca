package ftpsrv

import "context"

// cmdXSHA256 tells the SHA-256 of a file or of a part of it.
func cmdXSHA256(ctx context.Context, c *conn, arg string) (task, error) {
	return xsum(ctx, c, arg, sumSHA256)
}
