package ftpsrv

import "context"

// cmdXSHA512 tells the SHA-512 of a file or of a part of it.
func cmdXSHA512(ctx context.Context, c *conn, arg string) (task, error) {
	return xsum(ctx, c, arg, sumSHA512)
}
