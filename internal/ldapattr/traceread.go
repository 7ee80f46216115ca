package ldapattr

import (
	"encoding/binary"

	"github.com/go-ldap/ldap/v3"
)

// maxKept is octets of one answer that are kept to read its result. The entries of
// a search are not kept at all.
const maxKept = 64 << 10

// answerReader finds the answers in what a connection brings, however it is cut up.
type answerReader struct {
	kept []byte // of the answer that is coming
	skip int    // octets of it that are of no interest
	lost bool   // what came is no LDAP: nothing more is read
}

// take reads p and gives each answer away: its message number, and the result, or
// "" if it is an entry.
func (r *answerReader) take(p []byte, give func(id int64, result string)) {
	for len(p) > 0 && !r.lost {
		if r.skip > 0 {
			n := min(r.skip, len(p))
			r.skip -= n
			p = p[n:]
			continue
		}
		r.kept = append(r.kept, p...)
		p = nil
		for r.next(give) {
		}
	}
}

// next takes one answer off the front, if it is there as far as it is needed.
func (r *answerReader) next(give func(int64, string)) bool {
	head, length, ok := r.header(r.kept)
	if !ok {
		return false
	}
	total := head + length
	id, op, ok := r.identity(r.kept[head:])
	if !ok {
		return false
	}
	switch {
	case op == ldap.ApplicationSearchResultReference || op == ldap.ApplicationIntermediateResponse:
	case op == ldap.ApplicationSearchResultEntry:
		give(id, "")
	case total > maxKept:
		give(id, "too long to be shown")
	case len(r.kept) < total:
		return false
	default:
		give(id, resultOf(r.kept[:total]))
	}
	r.drop(total)
	return true
}

// drop leaves out an answer, which may not be there whole yet.
func (r *answerReader) drop(total int) {
	r.skip = max(0, total-len(r.kept))
	r.kept = append(r.kept[:0], r.kept[min(total, len(r.kept)):]...)
}

// header reads tag and length of an element: how long both are, and what the length
// says. ok is false if more must come first, or if nothing can.
func (r *answerReader) header(p []byte) (head, length int, ok bool) {
	if len(p) < 2 {
		return 0, 0, false
	}
	if p[1] < 0x80 {
		return 2, int(p[1]), true
	}
	n := int(p[1] & 0x7f)
	if n == 0 || n > 4 {
		r.lost = true
		return 0, 0, false
	}
	if len(p) < 2+n {
		return 0, 0, false
	}
	var octets [4]byte
	copy(octets[4-n:], p[2:])
	length = int(binary.BigEndian.Uint32(octets[:]))
	if length > maxOctets {
		r.lost = true
		return 0, 0, false
	}
	return 2 + n, length, true
}

// identity reads message number and operation.
func (r *answerReader) identity(p []byte) (id int64, op int, ok bool) {
	head, length, ok := r.header(p)
	if !ok || len(p) < head+length+1 {
		return 0, 0, false
	}
	if p[0] != 0x02 || length > 8 {
		r.lost = true
		return 0, 0, false
	}
	for _, octet := range p[head : head+length] {
		id = id<<8 | int64(octet)
	}
	return id, int(p[head+length] & 0x1f), true
}
