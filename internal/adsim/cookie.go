package adsim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// A page cookie is the number of the next node and a seal over it, over the
// search, and over a key of the connection. So it costs the server no memory, and
// neither another connection, nor another search, nor a changed bit is accepted.
const sealSize = 16

func (c *conn) newCookie(next uint64, q *query) string {
	cookie := binary.BigEndian.AppendUint64(nil, next)
	return string(append(cookie, c.seal(cookie, q)...))
}

// openCookie returns the number in a cookie that newCookie made for this search.
func (c *conn) openCookie(cookie string, q *query) (uint64, bool) {
	if len(cookie) != 8+sealSize {
		return 0, false
	}
	number := []byte(cookie[:8])
	if !hmac.Equal([]byte(cookie[8:]), c.seal(number, q)) {
		return 0, false
	}
	return binary.BigEndian.Uint64(number), true
}

func (c *conn) seal(number []byte, q *query) []byte {
	mac := hmac.New(sha256.New, c.key)
	mac.Write(number)
	fmt.Fprintf(mac, "%d %q %s", q.scope, normDN(q.base), q.filter)
	return mac.Sum(nil)[:sealSize]
}
