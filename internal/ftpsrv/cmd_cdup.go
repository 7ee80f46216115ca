package ftpsrv

// cmdCDUP changes to the directory above (RFC 959, 4.1.1); above the home is the
// home. XCUP is the same.
func cmdCDUP(c *conn, _ string) (task, error) { return cmdCWD(c, "..") }
