package adsim_test

import (
	"runtime"
	"slices"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

// page asks for one page of the crowd and returns its names and the next cookie.
func page(t *testing.T, c *ldap.Conn, size uint32, cookie []byte) ([]string, []byte, error) {
	t.Helper()
	control := ldap.NewControlPaging(size)
	control.SetCookie(cookie)
	request := ask("(cn=p*)", "cn")
	request.Controls = []ldap.Control{control}
	found, err := c.Search(request)
	if err != nil {
		return nil, nil, err
	}
	var got []string
	for _, e := range found.Entries {
		got = append(got, e.GetAttributeValue("cn"))
	}
	answer, ok := ldap.FindControl(found.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging)
	if !ok {
		t.Fatal("got no paging control in the answer")
	}
	return got, answer.Cookie, nil
}

func TestPaging_everyEntryOnce(t *testing.T) {
	c := startSeed(t, crowd(1300)).admin(t)
	for _, size := range []uint32{300, 1000, 5000} {
		var all []string
		var pages int
		var cookie []byte
		for {
			got, next, err := page(t, c, size, cookie)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) > 1000 || len(got) > int(size) {
				t.Fatalf("got a page of %d entries, want at most 1,000 and %d", len(got), size)
			}
			all = append(all, got...)
			pages++
			if cookie = next; len(cookie) == 0 {
				break
			}
		}
		want := (1300 + min(int(size), 1000) - 1) / min(int(size), 1000)
		if pages != want {
			t.Errorf("size %d: got %d pages, want %d", size, pages, want)
		}
		slices.Sort(all)
		if len(slices.Compact(all)) != 1300 {
			t.Errorf("size %d: got %d entries, want 1300 different ones", size, len(all))
		}
	}
}

func TestPaging_cookieIsBound(t *testing.T) {
	d := startSeed(t, crowd(10))
	c := d.admin(t)
	_, cookie, err := page(t, c, 4, nil)
	if err != nil || len(cookie) == 0 {
		t.Fatal(cookie, err)
	}
	t.Run("other connection", func(t *testing.T) {
		_, _, err := page(t, d.admin(t), 4, cookie)
		wantCode(t, err, ldap.LDAPResultUnwillingToPerform)
	})
	t.Run("other search", func(t *testing.T) {
		control := ldap.NewControlPaging(4)
		control.SetCookie(cookie)
		request := ask("(cn=*)")
		request.Controls = []ldap.Control{control}
		_, err := c.Search(request)
		wantCode(t, err, ldap.LDAPResultUnwillingToPerform)
	})
	t.Run("changed", func(t *testing.T) {
		for i := range cookie {
			bad := slices.Clone(cookie)
			bad[i] ^= 1
			_, _, err := page(t, c, 4, bad)
			wantCode(t, err, ldap.LDAPResultUnwillingToPerform)
		}
		_, _, err := page(t, c, 4, cookie[:5])
		wantCode(t, err, ldap.LDAPResultUnwillingToPerform)
	})
	t.Run("as it was", func(t *testing.T) {
		got, _, err := page(t, c, 4, cookie)
		if err != nil || len(got) != 4 || got[0] != "p00004" {
			t.Errorf("got %q, %v, want four names from p00004", got, err)
		}
	})
	t.Run("given up", func(t *testing.T) {
		got, next, err := page(t, c, 0, cookie)
		if err != nil || len(got) != 0 || len(next) != 0 {
			t.Errorf("got %q, %q, %v, want an empty end", got, next, err)
		}
	})
}

// Entries that come and go between two pages must not shift the others.
func TestPaging_changesBetweenPages(t *testing.T) {
	c := startSeed(t, crowd(10)).admin(t)
	first, cookie, err := page(t, c, 4, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"p00001", "p00004", "p00006"} {
		if err := c.Del(ldap.NewDelRequest("CN="+name+",OU=Crowd,"+base, nil)); err != nil {
			t.Fatal(err)
		}
	}
	second, _, err := page(t, c, 100, cookie)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"p00000", "p00001", "p00002", "p00003", "p00005", "p00007", "p00008", "p00009"}
	if got := append(first, second...); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPaging_clientLimitWins(t *testing.T) {
	c := startSeed(t, crowd(10)).admin(t)
	request := ask("(cn=p*)", "cn")
	request.SizeLimit = 3
	request.Controls = []ldap.Control{ldap.NewControlPaging(5)}
	found, err := c.Search(request)
	wantCode(t, err, ldap.LDAPResultSizeLimitExceeded)
	if len(found.Entries) != 3 {
		t.Errorf("got %d entries, want 3", len(found.Entries))
	}
}

func BenchmarkSearch(b *testing.B) {
	d := startSeed(b, crowd(10000))
	c := d.admin(b)
	b.Run("paged/10000", func(b *testing.B) {
		for b.Loop() {
			found, err := c.SearchWithPaging(ask("(&(objectCategory=person)(msIIS-FTPDir=*))", "sAMAccountName", "msIIS-FTPRoot", "msIIS-FTPDir"), 1000)
			if err != nil || len(found.Entries) != 10001 { // and alice
				b.Fatal(found, err)
			}
		}
	})
	for name, filter := range map[string]string{"indexed": "(sAMAccountName=P09999)", "scan": "(displayName=person number 9999)"} {
		b.Run(name+"/10000", func(b *testing.B) {
			for b.Loop() {
				if got := names(b, c, ask(filter, "cn")); len(got) != 1 {
					b.Fatalf("got %q, want one", got)
				}
			}
		})
	}
}

func TestServer_memoryPerEntry(t *testing.T) {
	const entries = 10000
	text := crowd(entries)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	d := startSeed(t, text)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if per := int(after.HeapAlloc-before.HeapAlloc) / entries; per > 2500 {
		t.Errorf("got %d bytes per entry, want at most 2,500", per)
	}
	if got := d.Stats().Connections; got != 0 {
		t.Errorf("got %d connections", got)
	}
}
