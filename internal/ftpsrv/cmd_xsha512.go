package ftpsrv

// cmdXSHA512 tells the SHA-512 of a file or of a part of it.
func cmdXSHA512(c *conn, arg string) (task, error) {
	return xsum(c, arg, sumSHA512)
}
