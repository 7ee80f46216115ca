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

// pageKey is the secret of one connection.
type pageKey []byte

func (k pageKey) newCookie(next uint64, q *query) string {
	cookie := binary.BigEndian.AppendUint64(nil, next)
	return string(append(cookie, k.seal(cookie, q)...))
}

// openCookie returns the number in a cookie that newCookie made for this search.
func (k pageKey) openCookie(cookie string, q *query) (uint64, bool) {
	if len(cookie) != 8+sealSize {
		return 0, false
	}
	number := []byte(cookie[:8])
	if !hmac.Equal([]byte(cookie[8:]), k.seal(number, q)) {
		return 0, false
	}
	return binary.BigEndian.Uint64(number), true
}

func (k pageKey) seal(number []byte, q *query) []byte {
	mac := hmac.New(sha256.New, k)
	mac.Write(number)
	fmt.Fprintf(mac, "%d %q %s", q.scope, normDN(q.base), q.filter)
	return mac.Sum(nil)[:sealSize]
}
