package ftpsrv

// cmdXCRC tells the CRC-32 of a file or of a part of it, in eight digits.
func cmdXCRC(c *conn, arg string) (task, error) {
	return xsum(c, arg, sumCRC32)
}
