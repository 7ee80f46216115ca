package adsim

import (
	"bytes"
	"context"
	"io"
	"net"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// gate is a connection whose writes wait until they may pass.
type gate struct {
	net.Conn
	writes chan struct{}
}

func (g gate) Write(p []byte) (int, error) {
	<-g.writes
	return g.Conn.Write(p)
}

// An exclusive request, such as StartTLS, puts another connection in place of the
// one that an earlier request may still write its failure to; so it waits until
// the failure is handled, not only until the request has ended.
func TestConn_aFailureIsHandledBeforeTheNextExclusiveRequest(t *testing.T) {
	s, err := New(Config{Domain: "corp.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	const search, extended ber.Tag = 3, 23
	fails, entered := make(chan struct{}), make(chan struct{})
	row := s.operations[search]
	row.run = func(context.Context, *conn, *request) (result, error) {
		<-fails
		return result{}, malformed("on purpose")
	}
	s.operations[search] = row
	row = s.operations[extended]
	row.run = func(context.Context, *conn, *request) (result, error) {
		close(entered)
		return result{}, errEnd
	}
	s.operations[extended] = row

	client, server := net.Pipe()
	writes, ended := make(chan struct{}), make(chan struct{})
	go func() {
		newConn(s, gate{server, writes}, false).run(t.Context())
		close(ended)
	}()
	for i, tag := range []ber.Tag{search, extended} {
		var e encoder
		message := e.begin(tagSequence)
		e.integer(tagInteger, int64(1+i))
		e.end(e.begin(0x60 | byte(tag)))
		e.end(message)
		if _, err := client.Write(e.buf); err != nil { // returns when it has been read
			t.Fatal(err)
		}
	}
	close(fails)
	select {
	case <-entered:
		t.Error("the next request runs while the failure of the one before is being written")
	case <-time.After(100 * time.Millisecond):
	}
	close(writes)
	notice, err := io.ReadAll(client)
	if err != nil || !bytes.Contains(notice, []byte("1.3.6.1.4.1.1466.20036")) {
		t.Errorf("got %q, %v, want a notice of disconnection", notice, err)
	}
	<-ended
}

// Between looking for the parent and taking the lock, the parent may have got
// another name: the new entry must not stand below a name that is no more.
func TestAdd_parentRenamedMeanwhile(t *testing.T) {
	d := testDirectory(t)
	composed := func(text string) *record {
		name, err := parseDN(text)
		if err != nil {
			t.Fatal(err)
		}
		r, err := (&composer{dir: d, name: name, from: fromClient}).compose([]partial{{"objectClass", []string{"container"}}})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	late, inTime := composed("CN=late,CN=Users,DC=corp,DC=example,DC=com"), composed("CN=x,cn=PEOPLE,dc=corp,dc=example,dc=com")
	to, err := parseDN("CN=People")
	if err != nil {
		t.Fatal(err)
	}
	users := d.store.find("cn=users,dc=corp,dc=example,dc=com")
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if err := d.rename(users, to[0], nil); err != nil {
		t.Fatal(err)
	}
	before := users.children
	if err := d.add(late); err == nil || d.store.byDN[late.norm] != nil || users.children != before {
		t.Errorf("an entry is at %s, whose parent is not there: %v", late.norm, err)
	}
	if err := d.add(inTime); err != nil || inTime.dn != "CN=x,CN=People,DC=corp,DC=example,DC=com" || users.children != before+1 {
		t.Errorf("under the new name: %q, %v", inTime.dn, err)
	}
}
