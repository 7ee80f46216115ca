package ldapattr_test

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// A domain controller that never comes to an end is left soon, and costs little.
func TestUsers_endsWithWhateverComes(t *testing.T) {
	for name, answer := range map[string]func(net.Conn, int64){
		"entries without end": func(conn net.Conn, id int64) {
			entries := bytes.Repeat(entryOf(id, "CN="+strings.Repeat("x", 1000)+","+baseDN), 20)
			for {
				if _, err := conn.Write(entries); err != nil {
					return
				}
			}
		},
		"an entry of many megabytes": func(conn net.Conn, id int64) {
			_, _ = conn.Write(entryOf(id, strings.Repeat("x", 20<<20)))
		},
		"empty pages": func(conn net.Conn, id int64) { _, _ = conn.Write(endOf(id, fmt.Sprint("page ", id))) },
		"the same page": func(conn net.Conn, id int64) {
			_, _ = conn.Write(append(entryOf(id, "CN=Alice,"+baseDN), endOf(id, "same")...))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newLax(t)
			cfg := s.asAdmin()
			cfg.AllowPlaintext, cfg.Timeout = true, 20*time.Second
			cfg.Servers = []string{scripted(t, s, func(conn net.Conn, request *ber.Packet) bool {
				if !isPaged(request) {
					return false
				}
				answer(conn, idOf(request))
				return true
			})}
			d := open(t, cfg)
			n, begin := 0, time.Now()
			var last error
			for _, err := range d.Users(t.Context(), ldapattr.Scope{}) {
				if last = err; err == nil {
					n++
				}
				if n > 10 {
					t.Fatal("the same users again and again")
				}
			}
			if last == nil || n > 1 {
				t.Errorf("%d users, then %v", n, last)
			}
			if took := time.Since(begin); took > cfg.Timeout/2 {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// The pages of a search may all have the same cookie, as Samba's have, and some
// may be empty.
func TestUsers_takesCookiesAsTheyAre(t *testing.T) {
	s := newLax(t)
	cfg := s.asAdmin()
	cfg.AllowPlaintext = true
	page := 0
	cfg.Servers = []string{scripted(t, s, func(conn net.Conn, request *ber.Packet) bool {
		if !isPaged(request) {
			return false
		}
		page++
		id, cookie := idOf(request), "same"
		if page == 90 {
			cookie = ""
		}
		var octets []byte
		if page%30 == 0 {
			octets = entryOf(id, fmt.Sprintf("CN=User %d,%s", page, baseDN))
		}
		_, _ = conn.Write(append(octets, endOf(id, cookie)...))
		return true
	})}
	n := 0
	for u, err := range open(t, cfg).Users(t.Context(), ldapattr.Scope{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; u.DN != fmt.Sprintf("CN=User %d,%s", 30*n, baseDN) {
			t.Errorf("user %d is %s", n, u.DN)
		}
	}
	if n != 3 {
		t.Errorf("%d users, want 3", n)
	}
}

// A server that does not keep to the size limit shows only that there are many.
func TestLookup_endsWithWhateverComes(t *testing.T) {
	s := newLax(t)
	cfg := s.asAdmin()
	cfg.AllowPlaintext, cfg.Timeout = true, 20*time.Second
	cfg.Servers = []string{scripted(t, s, func(conn net.Conn, request *ber.Packet) bool {
		if !bytes.Contains(request.Bytes(), []byte("alice")) {
			return false
		}
		for i := 0; ; i++ {
			if _, err := conn.Write(entryOf(idOf(request), fmt.Sprintf("CN=Alice %d,%s", i, baseDN))); err != nil {
				return true
			}
		}
	})}
	d := open(t, cfg)
	begin := time.Now()
	_, err := d.Lookup(t.Context(), accountName(t, "alice"))
	asError(t, err, ldapattr.ErrAmbiguous)
	if took := time.Since(begin); took > cfg.Timeout/2 {
		t.Errorf("it took %v", took)
	}
}
