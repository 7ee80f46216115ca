package krb

import (
	"bytes"
	"crypto/hmac"
	"encoding/binary"

	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/crypto/etype"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/types"
)

// Wrap tokens (RFC 4121, section 4.2.6.2) are a header of 16 octets, then either the
// text and its checksum or, sealed, an encryption of text and header. MIC tokens
// (section 4.2.6.1) are a header and the checksum of a text that travels elsewhere.
const (
	wrapHeader     = 16
	wrapFiller     = 0xff
	flagAcceptor   = 0x01 // sent by the server
	flagSealed     = 0x02
	flagSubkey     = 0x04 // under the subkey that the server chose
	usageAcceptor  = 22   // key usage of the server's wrap tokens
	usageInitiator = 24   // and of ours (RFC 4121, section 2)
	usageMIC       = 25   // of our MIC tokens
)

// Context is an open GSS-API context. It makes and opens the tokens of one
// connection, and has one user at a time.
type Context struct {
	key    types.EncryptionKey
	etype  etype.EType
	subkey byte // flagSubkey or 0
	send   uint64
	expect uint64 // sequence number of the server's next token
}

// newContext starts with the sequence numbers that both sides have told.
func newContext(key types.EncryptionKey, subkey bool, send, expect uint64) (*Context, error) {
	if !isAES(key.KeyType) { // RC4 tokens (RFC 4757) have another form and are broken anyway
		return nil, weakKey("the ticket's key is of type %d", key.KeyType)
	}
	et, err := crypto.GetEtype(key.KeyType)
	if err != nil {
		return nil, err
	}
	if len(key.KeyValue) != keySize(et) {
		return nil, ErrToken
	}
	c := &Context{key: key, etype: et, send: send, expect: expect}
	if subkey {
		c.subkey = flagSubkey
	}
	return c, nil
}

// keySize is the length of a key (RFC 3962, section 4; RFC 8009, section 5). gokrb5
// gives that of the checksum's key for one type.
func keySize(et etype.EType) int {
	if et.GetETypeID() == etypeID.AES256_CTS_HMAC_SHA384_192 {
		return 256 / 8
	}
	return et.GetKeyByteSize()
}

// Overhead is how much longer a sealed token is than its text.
func (c *Context) Overhead() int {
	return wrapHeader + c.etype.GetConfounderByteSize() + wrapHeader + c.checksumSize()
}

// checksumSize is the length of the truncated HMAC.
func (c *Context) checksumSize() int { return c.etype.GetHMACBitLength() / 8 }

// header counts: every token has a number, so none can be repeated or left out.
func (c *Context) header(flags byte) []byte {
	header := make([]byte, wrapHeader)
	header[0], header[1], header[2], header[3] = 5, 4, flags|c.subkey, wrapFiller
	binary.BigEndian.PutUint64(header[8:], c.send)
	c.send++
	return header
}

// Seal encrypts a text into a token.
func (c *Context) Seal(text []byte) ([]byte, error) {
	header := c.header(flagSealed)
	_, cipher, err := c.etype.EncryptMessage(c.key.KeyValue, append(bytes.Clone(text), header...), usageInitiator)
	if err != nil {
		return nil, err
	}
	return append(header, cipher...), nil
}

// Sign makes a token with the text in clear and a checksum.
func (c *Context) Sign(text []byte) ([]byte, error) {
	header := c.header(0) // the checksum counts EC as zero
	sum, err := c.etype.GetChecksumHash(c.key.KeyValue, append(bytes.Clone(text), header...), usageInitiator)
	if err != nil {
		return nil, err
	}
	binary.BigEndian.PutUint16(header[4:], uint16(len(sum)))
	return append(append(header, text...), sum...), nil
}

// MIC makes the token that vouches for a text sent elsewhere.
func (c *Context) MIC(text []byte) ([]byte, error) {
	header := []byte{4, 4, c.subkey, wrapFiller, wrapFiller, wrapFiller, wrapFiller, wrapFiller}
	header = binary.BigEndian.AppendUint64(header, c.send)
	c.send++
	sum, err := c.etype.GetChecksumHash(c.key.KeyValue, append(bytes.Clone(text), header...), usageMIC)
	return append(header, sum...), err
}

// Key returns the key that both sides have agreed on, of 16 octets or more. Other
// protocols derive theirs from it.
func (c *Context) Key() []byte { return bytes.Clone(c.key.KeyValue) }

// Open returns the text of the server's next token, which must be sealed or not
// as asked, in sequence, and untouched; else the error is ErrToken.
func (c *Context) Open(token []byte, sealed bool) ([]byte, error) {
	header, body, extra, err := c.parse(token, sealed)
	if err != nil {
		return nil, err
	}
	var text []byte
	if sealed {
		text, err = c.decrypt(header, body, extra)
	} else {
		text, err = c.verify(header, body, extra)
	}
	if err != nil {
		return nil, err
	}
	c.expect++
	return text, nil
}

// parse checks the header and undoes the rotation; extra is the EC field.
func (c *Context) parse(token []byte, sealed bool) (header, body []byte, extra int, err error) {
	if len(token) < c.minimum(sealed) || token[0] != 5 || token[1] != 4 || token[3] != wrapFiller {
		return nil, nil, 0, ErrToken
	}
	want := flagAcceptor | c.subkey
	if sealed {
		want |= flagSealed
	}
	if token[2] != want || binary.BigEndian.Uint64(token[8:]) != c.expect {
		return nil, nil, 0, ErrToken
	}
	extra = int(binary.BigEndian.Uint16(token[4:]))
	rotation := int(binary.BigEndian.Uint16(token[6:]))
	header, body = bytes.Clone(token[:wrapHeader]), token[wrapHeader:]
	header[6], header[7] = 0, 0 // what was signed has no rotation
	rotation %= len(body)
	return header, append(bytes.Clone(body[rotation:]), body[:rotation]...), extra, nil
}

// minimum is the length of a token without text; gokrb5 slices without looking.
func (c *Context) minimum(sealed bool) int {
	if sealed {
		return c.Overhead()
	}
	return wrapHeader + c.checksumSize()
}

// decrypt opens a sealed token. The header inside must be the one outside, or
// somebody has changed flags or number.
func (c *Context) decrypt(header, body []byte, extra int) ([]byte, error) {
	text, err := c.etype.DecryptMessage(c.key.KeyValue, body, usageAcceptor)
	if err != nil || len(text) < extra+wrapHeader {
		return nil, ErrToken
	}
	// Behind the text come EC octets of filler and a copy of the header.
	if !hmac.Equal(text[len(text)-wrapHeader:], header) {
		return nil, ErrToken
	}
	return text[:len(text)-wrapHeader-extra], nil
}

// verify checks a token that is only signed; its EC is the checksum's length.
func (c *Context) verify(header, body []byte, extra int) ([]byte, error) {
	if extra != c.checksumSize() {
		return nil, ErrToken
	}
	text, sum := body[:len(body)-extra], body[len(body)-extra:]
	header[4], header[5] = 0, 0
	want, err := c.etype.GetChecksumHash(c.key.KeyValue, append(bytes.Clone(text), header...), usageAcceptor)
	if err != nil || !hmac.Equal(want, sum) {
		return nil, ErrToken
	}
	return text, nil
}
