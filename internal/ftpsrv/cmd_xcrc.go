package ftpsrv

import "context"

// cmdXCRC tells the CRC-32 of a file or of a part of it, in eight digits.
func cmdXCRC(ctx context.Context, c *conn, arg string) (task, error) {
	return xsum(ctx, c, arg, sumCRC32)
}
