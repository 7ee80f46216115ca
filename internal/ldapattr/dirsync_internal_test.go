package ldapattr

import (
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// FuzzSyncAnswer: whatever value the control of an answer has, a cookie that is kept
// can be sent back.
func FuzzSyncAnswer(f *testing.F) {
	limitBER()
	f.Add("\x30\x0a\x02\x01\x01\x02\x01\x00\x04\x02ab")
	f.Add("\x30\x84\x00\x00\x00\x09\x02\x01\x00\x02\x01\x00\x04\x01a")
	f.Add("\x30\x00")
	f.Fuzz(func(t *testing.T, value string) {
		control := ber.NewSequence("")
		control.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, ldap.ControlTypeDirSync, ""))
		control.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, value, ""))
		decoded, err := ldap.DecodeControl(ber.DecodePacket(control.Bytes()))
		if err != nil {
			return
		}
		answer, err := syncAnswerOf([]ldap.Control{decoded})
		if err == nil && (len(answer.cookie) == 0 || len(answer.cookie) > maxSyncCookie) {
			t.Fatalf("a cookie of %d octets is kept", len(answer.cookie))
		}
	})
}

func TestNews_whatIsTooMuchIsReadAsAWhole(t *testing.T) {
	guid := func(n int) string {
		octets := make([]byte, 16)
		octets[0], octets[1] = byte(n), byte(n>>8)
		return string(octets)
	}
	n := news{objects: map[GUID]bool{}, members: map[string]bool{}}
	for i := range most - 1 {
		n.note(ldap.NewEntry("CN=x", map[string][]string{attrGUID: {guid(i)}}))
	}
	if n.moved || len(n.objects) != most-1 {
		t.Errorf("%d objects: moved is %v", len(n.objects), n.moved)
	}
	n.note(ldap.NewEntry("CN=x", map[string][]string{attrGUID: {guid(most)}}))
	if !n.moved {
		t.Errorf("%d objects are not too many", len(n.objects))
	}
	for name, entry := range map[string]*ldap.Entry{
		"no identity":   ldap.NewEntry("CN=x", nil),
		"odd identity":  ldap.NewEntry("CN=x", map[string][]string{attrGUID: {"short"}}),
		"renamed OU":    ldap.NewEntry("ou=x", map[string][]string{attrGUID: {guid(1)}, "name": {"x"}}),
		"a long member": ldap.NewEntry("CN=x", map[string][]string{attrGUID: {guid(1)}, "member;range=1-1": names(most)}),
	} {
		n := news{objects: map[GUID]bool{}, members: map[string]bool{}}
		if n.note(entry); !n.moved {
			t.Errorf("%s: is read one by one", name)
		}
	}
}

func names(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = string(rune('A'+i%26)) + string(rune(0x4e00+i))
	}
	return list
}
