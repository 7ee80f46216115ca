package ldapattr_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

func TestSuffixes(t *testing.T) {
	corp, _, cfg := newForest(t)
	forest := openForest(t, cfg)
	want := []string{"corp.example.com", "sales.corp.example.com"}
	for range 2 {
		got, err := forest.Suffixes(t.Context())
		slices.Sort(got)
		if got = slices.Compact(got); err != nil || !slices.Equal(got, want) {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
		registered := ldap.NewModifyRequest("CN=Partitions,CN=Configuration,"+baseDN, nil)
		registered.Replace("uPNSuffixes", []string{"example.com", "example.net"})
		if err := corp.dial(t).Modify(registered); err != nil {
			t.Fatal(err)
		}
		want = []string{"corp.example.com", "example.com", "example.net", "sales.corp.example.com"}
	}
}

func TestDomains(t *testing.T) {
	_, _, cfg := newForest(t)
	var got []string
	for _, d := range openForest(t, cfg).Domains() {
		got = append(got, d.DNSName+" "+d.NetBIOSName+" "+d.BaseDN)
	}
	want := []string{"corp.example.com CORP " + baseDN, "sales.corp.example.com SALES " + salesDN}
	if !slices.EqualFunc(got, want, strings.EqualFold) {
		t.Errorf("got %q, want %q", got, want)
	}
}
