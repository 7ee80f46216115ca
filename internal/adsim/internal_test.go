package adsim

// These tests stand inside of the package, since what they feed lies below the
// socket and what they ask is not to be seen from outside.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

func testDirectory(t testing.TB) *directory {
	t.Helper()
	s, err := New(Config{Domain: "corp.example.com", Seed: strings.NewReader(`dn: CN=Alice,CN=Users,DC=corp,DC=example,DC=com
objectClass: user
sAMAccountName: alice
description: one
description: two
logonHours:: /////w==
userPassword: x
`)})
	if err != nil {
		t.Fatal(err)
	}
	return s.dir
}

func alice(t testing.TB, d *directory) *record {
	t.Helper()
	n := d.store.find("cn=alice,cn=users,dc=corp,dc=example,dc=com")
	if n != nil {
		return n.current.Load()
	}
	t.Fatal("alice is not there")
	return nil
}

// compiled is the BER of a filter as a client sends it.
func compiled(t testing.TB, filter string) []byte {
	t.Helper()
	p, err := ldap.CompileFilter(filter)
	if err != nil {
		t.Fatal(err)
	}
	return p.Bytes()
}

// FuzzRequest: whatever arrives is refused as malformed or decoded within bounds;
// what is decoded can be decoded again from its own bytes; a search among it can
// be printed and sealed.
func FuzzRequest(f *testing.F) {
	d := testDirectory(f)
	wrap := func(tag byte, content ...[]byte) []byte {
		body := bytes.Join(content, nil)
		return append([]byte{tag, byte(len(body))}, body...)
	}
	search := wrap(0x63, []byte("\x04\x00\x0a\x01\x00\x0a\x01\x00\x02\x01\x00\x02\x01\x00\x01\x01\x00"),
		compiled(f, "(&(cn=a*b)(!(x>=1)))"), []byte("\x30\x00"))
	control := wrap(0xa0, wrap(0x30, []byte("\x04\x161.2.840.113556.1.4.319\x01\x01\xff\x04\x07\x30\x05\x02\x01\x05\x04\x00")))
	f.Add(wrap(0x30, []byte("\x02\x01\x01"), search))
	f.Add(wrap(0x30, []byte("\x02\x01\x02"), search, control))
	f.Add([]byte("\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00"))
	f.Add([]byte("\x30\x84\x00\x00\x00\x05\x02\x01\x01\x42\x00"))
	f.Add([]byte("\x30\x80\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		message, err := readPDU(bufio.NewReader(bytes.NewReader(data)))
		if err != nil {
			if !errors.Is(err, errMalformed) && err != io.EOF && err != io.ErrUnexpectedEOF {
				t.Fatalf("got %v, want malformed or the end", err)
			}
			return
		}
		r, err := decodeRequest(message)
		if err != nil {
			if !errors.Is(err, errMalformed) {
				t.Fatalf("got %v, want malformed", err)
			}
			return
		}
		if again, err := decodeRequest(message); err != nil || again.id != r.id || again.tag != r.tag {
			t.Fatalf("the second time: %v, %v", again, err)
		}
		exercise(t, d, r)
	})
}

// exercise runs every decoder that fits the request.
func exercise(t *testing.T, d *directory, r *request) {
	var refusal *result
	check := func(err error) {
		if err != nil && !errors.Is(err, errMalformed) && !errors.As(err, &refusal) {
			t.Fatalf("got %v, want malformed or a refusal", err)
		}
	}
	switch r.tag {
	case 3:
		q, err := decodeQuery(d, r.body)
		check(err)
		if err == nil {
			key := make(pageKey, 32)
			if n, ok := key.openCookie(key.newCookie(7, q), q); !ok || n != 7 {
				t.Fatal("a cookie does not open")
			}
			q.filter.eval(func(a *attrType) []string { return d.values(alice(t, d), a) })
			candidates(d, q.filter)
		}
	case 6:
		_, changes, err := decodeModify(r.body)
		check(err)
		draft := &draft{dir: d, record: *alice(t, d), permissive: r.controls.permissive, secure: true}
		for _, change := range changes {
			check(draft.apply(change))
		}
	case 8:
		name, attributes, err := decodeAdd(r.body)
		check(err)
		if parsed, err := parseDN(name); err == nil && len(parsed) > 0 {
			_, err := (&composer{dir: d, name: parsed, from: fromClient}).compose(attributes)
			check(err)
		}
	case 12:
		_, err := decodeRename(r.body)
		check(err)
	}
}

// FuzzFilter: a filter printed is the filter received; it is never both true and
// not true; and the index never hides what a scan would find.
func FuzzFilter(f *testing.F) {
	d := testDirectory(f)
	for _, filter := range []string{
		"(objectClass=*)", "(&(sAMAccountName=alice)(objectCategory=person))", "(|(cn=a*)(cn=*b*c))", "(!(description=two))",
		"(userAccountControl:1.2.840.113556.1.4.803:=512)", "(objectSid=S-1-5-32-544)", `(cn=\2a\00\ff)`, "(whenCreated>=20200101000000Z)", "(cn:dn:=x)", "(:dn)",
	} {
		f.Add(filter)
	}
	entry := alice(f, d)
	values := func(t *attrType) []string { return d.values(entry, t) }
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ldap.CompileFilter(text)
		if err != nil {
			return
		}
		data := p.Bytes()
		got, err := parseFilter(d, data)
		if err != nil {
			return // what go-ldap compiles need not be a filter, such as a constructed boolean
		}
		again, err := parseFilter(d, compiled(t, got.String()))
		if err != nil || again.String() != got.String() {
			t.Fatalf("%s prints %s, and that %v, %v", text, got, again, err)
		}
		outcome := got.eval(values)
		not := (&filter{kind: filterNot, parts: []*filter{got}}).eval(values)
		if want := map[truth]truth{yes: no, no: yes, undefined: undefined}[outcome]; not != want {
			t.Fatalf("%s is %d and its opposite %d", got, outcome, not)
		}
		if found, ok := candidates(d, got); ok && outcome == yes &&
			!slices.ContainsFunc(found, func(n *node) bool { return n.current.Load() == entry }) {
			t.Fatalf("%s: the index does not know what fits", got)
		}
	})
}

func parseFilter(d *directory, data []byte) (*filter, error) {
	p, err := parsePDU(data)
	if err != nil {
		return nil, err
	}
	return decodeFilter(d, p)
}

// FuzzLDIF: a record printed in base64 reads back as it was.
func FuzzLDIF(f *testing.F) {
	f.Add("dn: CN=x\nobjectClass: user\ncn:: eA==\n\n# c\ndn: CN=y\n a\n")
	f.Add("version: 1\r\ndn: a=b\r\nx:y\r\n")
	f.Add(" x\n\n\n:")
	f.Fuzz(func(t *testing.T, text string) {
		reader := newLDIFReader(strings.NewReader(text))
		for range 100 {
			rec, err := reader.record()
			if err != nil {
				if err != io.EOF && !strings.HasPrefix(err.Error(), "line ") {
					t.Fatalf("got %v, want a line number", err)
				}
				return
			}
			again, err := newLDIFReader(strings.NewReader(printLDIF(rec))).record()
			if err != nil {
				t.Fatal(err)
			}
			if got, want := printLDIF(again), printLDIF(rec); got != want {
				t.Fatalf("got %s, want %s", got, want)
			}
		}
	})
}

func printLDIF(rec ldifRecord) string {
	var b strings.Builder
	line := func(name, value string) {
		encoded := base64.StdEncoding.EncodeToString([]byte(value))
		fmt.Fprintf(&b, "%s:: %s\n", name, encoded[:len(encoded)/2]+"\n "+encoded[len(encoded)/2:])
	}
	line("dn", rec.dn)
	for _, a := range rec.attributes {
		for _, value := range a.values {
			line(a.name, value)
		}
	}
	return b.String()
}

// FuzzDN: the printed and the compared form of a name mean the name.
func FuzzDN(f *testing.F) {
	for _, name := range []string{"CN=a,DC=b", `cn=x\, y+ou=\20z\20,dc=q`, `CN=\00\ff`, "cn=#040178,dc=b", " cn = A  b , dc=c ", `\3B=`} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, err := parseDN(text)
		if err != nil || len(name) == 0 || len(name.norm()) > maxDN {
			return // escapes can make the compared form longer than what is read
		}
		again, err := parseDN(name.norm())
		if err != nil || again.norm() != name.norm() {
			t.Fatalf("%q has the form %q, and that %q, %v", text, name.norm(), again.norm(), err)
		}
		if got, want := strings.Count(name.norm(), ","), len(name)-1; got != want {
			t.Fatalf("%q has %d commas, want %d", name.norm(), got, want)
		}
		if parentNorm(name.norm()) != name.parent().norm() || !within(name.norm(), name.parent().norm()) {
			t.Fatalf("%q does not lie below its parent", name.norm())
		}
	})
}

func TestIndex_equalityLooksAtOneEntry(t *testing.T) {
	d := testDirectory(t)
	for filter, want := range map[string]int{
		"(sAMAccountName=ALICE)":                            1,
		"(userPrincipalName=nobody@x)":                      0,
		"(&(objectClass=user)(sAMAccountName=alice))":       1,
		"(|(sAMAccountName=alice)(sAMAccountName=dc1$))":    2,
		"(objectSid=S-1-5-32-544)":                          1,
		"(|(sAMAccountName=alice)(cn=alice))":               -1, // all
		"(!(sAMAccountName=alice))":                         -1,
		"(&(!(sAMAccountName=alice))(objectCategory=user))": -1,
	} {
		f, err := parseFilter(d, compiled(t, filter))
		if err != nil {
			t.Fatal(err)
		}
		found, ok := candidates(d, f)
		if got := len(found); ok && got != want || !ok && want != -1 {
			t.Errorf("%s: got %d candidates, indexed %v, want %d", filter, got, ok, want)
		}
	}
}

func TestEqualFolded_agreesWithFold(t *testing.T) {
	words := []string{"", "a", "A", "ab", "ä", "Ä", "İ", "ß", "ẞ", "K", "k", "ſ", "s", "\xff", "a\xff", "é", "É", "日本"}
	for _, a := range words {
		for _, b := range words {
			if got, want := equalFolded(fold(a), b), fold(a) == fold(b); got != want {
				t.Errorf("%q and %q: got %v, want %v", a, b, got, want)
			}
		}
	}
}

// The encoder must agree with the library that clients read with.
func TestEncoder_integers(t *testing.T) {
	for _, n := range []int64{0, 1, 127, 128, 255, 256, 32767, 32768, 1 << 31, -1, -128, -129, 1<<63 - 1, -1 << 63} {
		var e encoder
		e.integer(tagInteger, n)
		if p := ber.DecodePacket(e.buf); p == nil || p.Value != n {
			t.Errorf("%d: got %x", n, e.buf)
		}
	}
	var e encoder
	e.octets(tagOctets, strings.Repeat("x", 200))
	if p := ber.DecodePacket(e.buf); p == nil || len(p.ByteValue) != 200 {
		t.Errorf("got %x for 200 octets", e.buf)
	}
}

// Deleted entries do not stay in the list for ever.
func TestStore_cleansUp(t *testing.T) {
	d := testDirectory(t)
	parent := d.store.find("cn=users,dc=corp,dc=example,dc=com")
	for i := range 500 {
		name, err := parseDN(fmt.Sprintf("CN=t%d,CN=Users,DC=corp,DC=example,DC=com", i))
		if err != nil {
			t.Fatal(err)
		}
		r, err := (&composer{dir: d, name: name, from: fromClient}).compose([]partial{{"objectClass", []string{"user"}}})
		if err != nil {
			t.Fatal(err)
		}
		d.store.mu.Lock()
		d.identify(r, "")
		d.store.remove(d.store.insert(r, parent))
		d.store.mu.Unlock()
	}
	if got := len(d.store.snapshot()); got > 100 {
		t.Errorf("got %d nodes for some 20 entries", got)
	}
	if n := len(d.store.index[d.schema.known.objectSid]); n > 50 {
		t.Errorf("got %d index keys left", n)
	}
}

// A bug that one request meets costs one connection.
func TestConn_panicEndsOneConnection(t *testing.T) {
	s, err := New(Config{Domain: "corp.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	for tag, exclusive := range map[ber.Tag]bool{3: false, 23: true} {
		row := s.operations[tag]
		row.run = func(context.Context, *conn, *request) (result, error) { panic("bug") }
		s.operations[tag] = row
		client, server := net.Pipe()
		ended := make(chan struct{})
		go func() {
			newConn(s, server, false).run(t.Context())
			close(ended)
		}()
		var e encoder
		message := e.begin(tagSequence)
		e.integer(tagInteger, 1)
		e.end(e.begin(0x60 | byte(tag)))
		e.end(message)
		if _, err := client.Write(e.buf); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(client); len(got) != 0 {
			t.Errorf("exclusive %v: got %x, %v, want the end", exclusive, got, err)
		}
		<-ended
	}
}
