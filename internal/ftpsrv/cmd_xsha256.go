package ftpsrv

// cmdXSHA256 tells the SHA-256 of a file or of a part of it.
func cmdXSHA256(c *conn, arg string) (task, error) {
	return xsum(c, arg, sumSHA256)
}
