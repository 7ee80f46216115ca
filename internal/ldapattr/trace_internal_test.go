package ldapattr

import (
	"fmt"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// message is an LDAPMessage with an operation.
func message(id int64, op *ber.Packet) []byte {
	m := ber.NewSequence("")
	m.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	m.AppendChild(op)
	return m.Bytes()
}

func answer(id int64, tag ber.Tag, code int64, diagnostic string) []byte {
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
	op.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, code, ""))
	op.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "", ""))
	op.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, diagnostic, ""))
	return message(id, op)
}

func entryAnswer(id int64, size int) []byte {
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultEntry, nil, "")
	op.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, strings.Repeat("x", size), ""))
	return message(id, op)
}

// Answers are found however the network cuts them up.
func FuzzAnswerReader(f *testing.F) {
	stream := append(entryAnswer(7, 3), entryAnswer(7, 130)...)
	stream = append(stream, answer(7, ldap.ApplicationSearchResultDone, 4, "size limit")...)
	stream = append(stream, answer(300, ldap.ApplicationModifyResponse, 0, "")...)
	stream = append(stream, entryAnswer(-2, 1)...)
	f.Add(stream, 1)
	f.Add(stream, 30)
	f.Add([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff}, 2)
	f.Add([]byte("HTTP/1.1 400 Bad Request"), 5)
	f.Fuzz(func(t *testing.T, octets []byte, cut int) {
		cut = 1 + int(uint(cut)%64)
		read := func(cut int) (told []string) {
			var r answerReader
			for rest := octets; len(rest) > 0; {
				n := min(cut, len(rest))
				r.take(rest[:n], func(id int64, result string) { told = append(told, fmt.Sprint(id, " ", result)) })
				rest = rest[n:]
				if len(r.kept) > maxKept+n+16 {
					t.Fatalf("%d octets are kept", len(r.kept))
				}
			}
			return told
		}
		whole, cutUp := strings.Join(read(max(1, len(octets))), "\n"), strings.Join(read(cut), "\n")
		if whole != cutUp {
			t.Fatalf("in one piece\n%s\nin pieces of %d\n%s", whole, cut, cutUp)
		}
	})
}

func TestAnswerReader(t *testing.T) {
	stream := append(entryAnswer(7, 70_000), answer(7, ldap.ApplicationSearchResultDone, 4, "size\nlimit")...)
	stream = append(stream, answer(8, ldap.ApplicationModifyResponse, 0, "")...)
	stream = append(stream, answer(9, ldap.ApplicationModifyResponse, 1, strings.Repeat("y", 70_000))...)
	want := []string{"7 ", "7 4 Size Limit Exceeded: size limit", "8 Success", "9 too long to be shown"}
	for _, cut := range []int{len(stream), 1, 4096} {
		var told []string
		var r answerReader
		for rest := stream; len(rest) > 0; rest = rest[min(cut, len(rest)):] {
			r.take(rest[:min(cut, len(rest))], func(id int64, result string) { told = append(told, fmt.Sprintf("%d %s", id, result)) })
		}
		if strings.Join(told, "\n") != strings.Join(want, "\n") {
			t.Errorf("in pieces of %d: got\n%q\nwant\n%q", cut, told, want)
		}
	}
}

// Of a bind only the name is decoded, of a change only what is ours.
func TestDecodeRequest_holdsNoSecret(t *testing.T) {
	const secret = "hunter2"
	bind := newBindRequest("CN=Ada,DC=corp")
	bind.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, secret, "simple"))
	sasl := newBindRequest("")
	token := ber.Encode(ber.ClassContext, ber.TypeConstructed, tagSASL, nil, "sasl")
	token.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "PLAIN", ""))
	token.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, secret, ""))
	sasl.AppendChild(token)
	change := func(attribute, value string) *ber.Packet {
		list := ber.NewSequence("changes")
		one := ber.NewSequence("change")
		one.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, 2, ""))
		part := ber.NewSequence("partial")
		part.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, attribute, ""))
		values := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		values.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, value, ""))
		part.AppendChild(values)
		one.AppendChild(part)
		list.AppendChild(one)
		modify := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationModifyRequest, nil, "")
		modify.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "CN=Alice", ""))
		modify.AppendChild(list)
		return modify
	}
	for name, tt := range map[string]struct {
		op   *ber.Packet
		want string
	}{
		"simple": {bind, "{ bind CN=Ada,DC=corp   []  0 0s}"},
		"sasl":   {sasl, "{ bind    []  0 0s}"},
		"ours":   {change("msiis-ftpdir", "alice"), "{ modify CN=Alice   [replace msiis-ftpdir=alice]  0 0s}"},
		"other":  {change("unicodePwd", secret), "{ modify CN=Alice   [replace unicodePwd=***]  0 0s}"},
	} {
		id, op, ok := decodeRequest(message(5, tt.op))
		if got := fmt.Sprint(op); !ok || id != 5 || got != tt.want {
			t.Errorf("%s: got %d, %v, %s, want %s", name, id, ok, got, tt.want)
		}
	}
	for _, octets := range [][]byte{nil, []byte("GET / HTTP/1.1"), {0x30, 0}, message(1, ber.NewSequence(""))} {
		if _, op, ok := decodeRequest(octets); ok {
			t.Errorf("%q is taken for %+v", octets, op)
		}
	}
}
