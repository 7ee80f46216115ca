package krb

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
)

// The file format of credential caches, versions 3 and 4 (MIT Kerberos, "Credential
// cache file format"). gokrb5's reader makes slices as long as the file claims.

// errCacheFormat completes "credential cache PATH".
var errCacheFormat = errors.New("is damaged or of an unknown version")

// cacheFile is the part of a cache that counts for us.
type cacheFile struct {
	realm   string
	name    types.PrincipalName
	tickets []cachedTicket
}

// cachedTicket is one credential of a cache, its ticket still encoded.
type cachedTicket struct {
	serverRealm string
	server      types.PrincipalName
	key         types.EncryptionKey
	end         time.Time
	ticket      []byte
}

// parseCache reads a whole cache. Versions 1 and 2 wrote integers in the byte
// order of the machine and have not been made for decades.
func parseCache(octets []byte) (cacheFile, error) {
	var cache cacheFile
	if len(octets) < 2 || octets[0] != 5 || octets[1] != 3 && octets[1] != 4 {
		return cache, errCacheFormat
	}
	r := &cacheReader{rest: octets[2:], keyTypeTwice: octets[1] == 3}
	if octets[1] == 4 {
		r.take(int(r.uint16())) // tags such as the offset to the KDC's clock
	}
	cache.realm, cache.name = r.principal()
	for len(r.rest) > 0 && !r.bad {
		cache.tickets = append(cache.tickets, r.ticket())
	}
	if r.bad {
		return cacheFile{}, errCacheFormat
	}
	return cache, nil
}

// grantingTicket returns the ticket-granting ticket of the client's realm.
func (c cacheFile) grantingTicket() (cachedTicket, bool) {
	want := types.PrincipalName{NameString: []string{"krbtgt", c.realm}}
	for _, found := range c.tickets {
		if found.serverRealm == c.realm && found.server.Equal(want) {
			return found, true
		}
	}
	return cachedTicket{}, false
}

// decode parses the ticket; the octets are the KDC's, by way of a file.
func (t cachedTicket) decode() (messages.Ticket, error) {
	var ticket messages.Ticket
	err := guarded(func() error { return ticket.Unmarshal(t.ticket) })
	return ticket, err
}

// cacheReader takes values off the front; once one is missing all are zero.
type cacheReader struct {
	rest         []byte
	keyTypeTwice bool
	bad          bool
}

// take returns the next n octets, or nil and bad when there are fewer.
func (r *cacheReader) take(n int) []byte {
	if r.bad || n < 0 || n > len(r.rest) {
		r.bad = true
		return nil
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken
}

// uint16 is big-endian in versions 3 and 4.
func (r *cacheReader) uint16() uint16 {
	if b := r.take(2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

// uint32 is big-endian in versions 3 and 4.
func (r *cacheReader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

// data is a length in four octets and as many octets.
func (r *cacheReader) data() []byte { return r.take(int(r.uint32())) }

// principal is a name type, a count, the realm, and so many name parts.
func (r *cacheReader) principal() (realm string, name types.PrincipalName) {
	name.NameType = int32(r.uint32())
	parts := r.uint32()
	realm = string(r.data())
	for range parts {
		if r.bad {
			break
		}
		name.NameString = append(name.NameString, string(r.data()))
	}
	return realm, name
}

// ticket reads one credential, of which most fields do not matter here.
func (r *cacheReader) ticket() cachedTicket {
	var t cachedTicket
	r.principal() // the client again
	t.serverRealm, t.server = r.principal()
	t.key.KeyType = int32(r.uint16())
	if r.keyTypeTwice {
		r.uint16()
	}
	t.key.KeyValue = r.data()
	r.take(8) // times of authentication and start
	t.end = time.Unix(int64(r.uint32()), 0)
	r.take(4 + 1 + 4) // renewal, use of a session key, flags
	for range 2 {     // addresses, authorization data
		for n := r.uint32(); n > 0 && !r.bad; n-- {
			r.uint16()
			r.data()
		}
	}
	t.ticket = r.data()
	r.data() // second ticket
	return t
}
