package coding

import (
	"bytes"
	"io"
)

// Count is an io.Writer that counts how many octets TYPE A makes of those written.
type Count struct {
	Octets int64
	cr     bool
}

var _ io.Writer = (*Count)(nil)

// Write counts p; it never fails.
func (c *Count) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	alone := bytes.Count(p, []byte("\n")) - bytes.Count(p, []byte("\r\n"))
	if c.cr && p[0] == '\n' {
		alone--
	}
	c.Octets += int64(len(p) + alone)
	c.cr = p[len(p)-1] == '\r'
	return len(p), nil
}
