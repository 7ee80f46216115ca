package smbtest

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// The account that every server takes with NTLM.
const (
	Domain   = "CORP"
	User     = "alice"
	Password = "Wonder1and!"

	passwordHash = "3e3f559adc1ee13cfca35fc8d859a8b8" // MD4 of it in UTF-16
)

const moreToProcess = 0xC0000016 // NTSTATUS

// setUp is NTLMv2 inside SPNEGO [MS-NLMP 3.3.2, RFC 4178], without a key exchange.
func (v *visit) setUp(body []byte) (uint32, []byte) {
	const unicodeTargetSignNTLMExtendedInfo = 0x1 | 0x4 | 0x10 | 0x200 | 0x80000 | 0x800000
	_, message, _ := bytes.Cut(body, []byte("NTLMSSP\x00"))
	if v.Ticket != nil && len(message) == 0 {
		key, status, answer := v.Ticket(body)
		if key != nil {
			v.key = key
		}
		return status, answer
	}
	if binary.LittleEndian.Uint32(message) == 1 {
		challenge := append([]byte("NTLMSSP\x00"), make([]byte, 44)...)
		challenge[8] = 2
		binary.LittleEndian.PutUint32(challenge[16:], 48)
		binary.LittleEndian.PutUint32(challenge[20:], unicodeTargetSignNTLMExtendedInfo)
		challenge[40], challenge[42], challenge[44] = 4, 4, 48 // a list that only ends
		return moreToProcess, NegotiationAnswer(1, asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 2, 2, 10}, challenge)
	}
	// The proof is the start of the answer to the challenge; the key is made from it.
	proofAt := binary.LittleEndian.Uint32(message[24-8:]) - 8
	hash, _ := hex.DecodeString(passwordHash)
	account := hmac.New(md5.New, hash)
	account.Write(wide(strings.ToUpper(User) + Domain))
	session := hmac.New(md5.New, account.Sum(nil))
	session.Write(message[proofAt:][:16])
	v.key = session.Sum(nil)
	return 0, SessionAnswer(0)
}

// sign is for SMB 2.1 [MS-SMB2 3.1.4.1].
func (v *visit) sign(message []byte) {
	const signatureAt, signed = 48, 8
	message[16] |= signed
	clear(message[signatureAt:headerSize])
	mac := hmac.New(sha256.New, v.key)
	mac.Write(message)
	copy(message[signatureAt:headerSize], mac.Sum(nil))
}
