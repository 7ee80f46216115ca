package ftpsrv

import "context"

// cmdXSHA1 tells the SHA-1 of a file or of a part of it. XSHA is the same.
func cmdXSHA1(ctx context.Context, c *conn, arg string) (task, error) {
	return xsum(ctx, c, arg, sumSHA1)
}
