package ftpsrv

// cmdXSHA1 tells the SHA-1 of a file or of a part of it. XSHA is the same.
func cmdXSHA1(c *conn, arg string) (task, error) {
	return xsum(c, arg, sumSHA1)
}
