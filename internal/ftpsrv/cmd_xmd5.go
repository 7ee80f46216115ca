package ftpsrv

// cmdXMD5 tells the MD5 of a file or of a part of it.
func cmdXMD5(c *conn, arg string) (task, error) {
	return xsum(c, arg, sumMD5)
}
