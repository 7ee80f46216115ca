package ldapattr_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestParseAccountName_forms(t *testing.T) {
	for _, tt := range []struct {
		in, domain, want string
		logon            bool
	}{
		{"alice", "", "alice", true},
		{"alice", "CORP", `CORP\alice`, true},
		{`OTHER\alice`, "CORP", `OTHER\alice`, true},
		{"alice@corp.example.com", "CORP", "alice@corp.example.com", true},
		{"a@b@corp.example.com", "", "a@b@corp.example.com", true},
		{"Zoë Ünal", "", "Zoë Ünal", true},
		{"o'brien-*()", "", "o'brien-*()", true},
		{"CN=Alice,OU=Staff,DC=corp", "CORP", "CN=Alice,OU=Staff,DC=corp", false},
		{`CN=Smith\, John,DC=corp`, "CORP", `CN=Smith\, John,DC=corp`, false},
		{"s-1-5-21-1-2-3-500", "CORP", "S-1-5-21-1-2-3-500", false},
		{"{01234567-89AB-cdef-0123-456789abcdef}", "", "01234567-89ab-cdef-0123-456789abcdef", false},
		{"01234567-89AB-cdef-0123-456789abcdef", "", "01234567-89ab-cdef-0123-456789abcdef", false},
		{"CN=only", "", "CN=only", true}, // one component is no DN
		{"s-1-x", "", "s-1-x", true},
		{strings.Repeat("a", 256), "", strings.Repeat("a", 256), true},
		{strings.Repeat("a", 1000) + "@corp.example.com", "", strings.Repeat("a", 1000) + "@corp.example.com", true},
	} {
		name, err := ldapattr.ParseAccountName(tt.in, tt.domain)
		if err != nil || name.String() != tt.want || name.Logon() != tt.logon {
			t.Errorf("%q is %q, logon %v, %v; want %q, %v", abbreviated(tt.in), name, name.Logon(), err, tt.want, tt.logon)
		}
	}
}

func TestParseAccountName_refuses(t *testing.T) {
	for _, in := range []string{
		"", " ", " alice", "alice ", "alice\t", "ali\x00ce", "alice\x00", "alice\n", "\x1b[31malice", "ali\xffce", "al\u202eice", "al\u200bice",
		`\alice`, `CORP\`, `CORP\\alice`, `A\B\c`, `CORP \alice`, `CORP\ alice`, "@corp.example.com", "alice@", "@",
		"S-1-5", "S-1-5-x", "S-1-5-4294967296", "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", "S-1-999999999999999999-1",
		strings.Repeat("a", 257), strings.Repeat("😀", 129), strings.Repeat("a", 1024) + "@x", "CN=" + strings.Repeat("a", 5000) + ",DC=x",
	} {
		name, err := ldapattr.ParseAccountName(in, "")
		if !errors.Is(err, ldapattr.ErrUsage) {
			t.Errorf("%q is taken as %q, %v", abbreviated(in), name, err)
			continue
		}
		if len(err.Error()) > 500 || strings.ContainsAny(err.Error(), "\x00\n\x1b") {
			t.Errorf("%q: the error is not one clean line: %q", abbreviated(in), err)
		}
	}
}

func abbreviated(s string) string { return s[:min(len(s), 40)] }

// What parses prints as something that parses to the same name.
func FuzzAccountName(f *testing.F) {
	for _, s := range []string{"alice", `CORP\alice`, "alice@corp.example.com", "CN=a,DC=b", "S-1-5-21-1-2-3-4", "{01234567-89ab-cdef-0123-456789abcdef}",
		`CN=a\,b\00,DC=c`, "a=b+c=d,e=f", "#", "a=#04024869,b=c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, err := ldapattr.ParseAccountName(s, "")
		if err != nil {
			if !errors.Is(err, ldapattr.ErrUsage) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if strings.ContainsAny(name.String(), "\x00\n\r\x1b") {
			t.Fatalf("%q is taken as %q", s, name)
		}
		again, err := ldapattr.ParseAccountName(name.String(), "")
		if err != nil || again.String() != name.String() || again.Logon() != name.Logon() {
			t.Fatalf("%q prints as %q, which is %q, %v", s, name, again, err)
		}
	})
}

func TestGUID_String(t *testing.T) {
	g := ldapattr.GUID{0x67, 0x45, 0x23, 0x01, 0xab, 0x89, 0xef, 0xcd, 1, 2, 3, 4, 5, 6, 7, 8}
	if got, want := g.String(), "01234567-89ab-cdef-0102-030405060708"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
