package ldapattr

import (
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

func TestParseServer(t *testing.T) {
	for _, tt := range []struct {
		url      string
		startTLS bool
		want     target
	}{
		{"ldaps://dc1.corp.example.com", true, target{"dc1.corp.example.com", "636", "dc1.corp.example.com", true, false}},
		{"LDAPS://dc1.corp.example.com.:3636/", false, target{"dc1.corp.example.com", "3636", "dc1.corp.example.com", true, false}},
		{"ldap://dc1", false, target{"dc1", "389", "dc1", false, false}},
		{"ldap://dc1", true, target{"dc1", "389", "dc1", false, true}},
		{"ldap://[2001:db8::1]:389", false, target{"2001:db8::1", "389", "2001:db8::1", false, false}},
	} {
		got, err := parseServer(tt.url, tt.startTLS)
		if err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v; want %+v", tt.url, got, err, tt.want)
		}
		if got.encrypted() != (tt.want.ldaps || tt.want.startTLS) {
			t.Errorf("%s: encrypted() is %v", tt.url, got.encrypted())
		}
		again, err := parseServer(got.String(), got.startTLS)
		if err != nil || again != got {
			t.Errorf("%s prints as %s, which is %+v, %v", tt.url, got, again, err)
		}
	}
}

func TestDCTargets(t *testing.T) {
	records := []*net.SRV{{Target: "dc1.corp.example.com.", Port: 389}, {Target: ".", Port: 389}, {Target: "dc2.corp.example.com.", Port: 3268},
		{Target: "dc3.corp.example.com.", Port: 0}, {Target: "evil.example.net.", Port: 389}}
	for _, tt := range []struct {
		name string
		cfg  Config
		want []string // URL, "+" for StartTLS, name in the certificate
	}{
		{"password", Config{}, []string{"ldaps://dc1.corp.example.com:636 dc1.corp.example.com", "ldaps://dc2.corp.example.com:636 dc2.corp.example.com", "ldaps://evil.example.net:636 corp.example.com"}},
		{"StartTLS", Config{StartTLS: true}, []string{"ldap://dc1.corp.example.com:389+ dc1.corp.example.com", "ldap://evil.example.net:389+ corp.example.com"}},
		{"plain text allowed", Config{AllowPlaintext: true}, []string{"ldaps://dc1.corp.example.com:636 dc1.corp.example.com", "ldap://dc1.corp.example.com:389 dc1.corp.example.com",
			"ldaps://dc2.corp.example.com:636 dc2.corp.example.com", "ldaps://evil.example.net:636 corp.example.com", "ldap://evil.example.net:389 corp.example.com"}},
	} {
		var got []string
		for _, target := range dcTargets(tt.cfg, "corp.example.com", records) {
			text := target.String()
			if target.startTLS {
				text += "+"
			}
			got = append(got, text+" "+target.certName)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
	many := slices.Repeat(records[:1], 100)
	if n := len(dcTargets(Config{}, "corp.example.com", many)); n != maxTargets {
		t.Errorf("%d targets of a hundred records", n)
	}
}

func TestCertNameFor(t *testing.T) {
	for host, want := range map[string]string{
		"dc1.corp.example.com": "dc1.corp.example.com", "DC1.Corp.Example.COM": "DC1.Corp.Example.COM", "a.b.corp.example.com": "a.b.corp.example.com",
		"corp.example.com": "corp.example.com", "evilcorp.example.com": "corp.example.com", "corp.example.com.evil.net": "corp.example.com",
		"dc1": "corp.example.com", "192.0.2.1": "corp.example.com",
	} {
		if got := certNameFor(host, "corp.example.com"); got != want {
			t.Errorf("%s must prove %s, want %s", host, got, want)
		}
	}
}

func TestCheckDomain(t *testing.T) {
	for _, domain := range []string{"corp.example.com", "corp", "a-b.c_d.example"} {
		if err := checkDomain(domain); err != nil {
			t.Errorf("%s: %v", domain, err)
		}
	}
	for _, domain := range []string{"", ".", "corp.", ".corp", "a..b", "corp example", "corp/x", "*.corp", strings.Repeat("a", 64) + ".com", strings.Repeat("a.", 130) + "a"} {
		if checkDomain(domain) == nil {
			t.Errorf("%q is taken", domain)
		}
	}
}

func TestLocator_triesTheLastOneFirst(t *testing.T) {
	l, err := newLocator(Config{Servers: []string{"ldaps://a", "ldaps://b", "ldaps://c"}})
	if err != nil {
		t.Fatal(err)
	}
	order := func() string {
		list, err := l.targets(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var hosts string
		for _, target := range list {
			hosts += target.host
		}
		return hosts
	}
	for _, tt := range []struct{ works, want string }{{"", "abc"}, {"c", "cab"}, {"a", "abc"}, {"b", "bac"}, {"elsewhere", "abc"}} {
		if tt.works != "" {
			l.works(target{host: tt.works, port: "636", certName: tt.works, ldaps: true})
		}
		if got := order(); got != tt.want {
			t.Errorf("after %q worked: %s, want %s", tt.works, got, tt.want)
		}
	}
}

func TestDNSNameOf(t *testing.T) {
	for text, want := range map[string]string{"DC=corp,DC=example,DC=com": "corp.example.com", "dc=local": "local", "O=example": "", "OU=x,DC=corp": "", "": ""} {
		dn, err := ldap.ParseDN(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := dnsNameOf(dn); got != want {
			t.Errorf("%q is the domain %q, want %q", text, got, want)
		}
	}
}

func TestWithin(t *testing.T) {
	above, err := ldap.ParseDN("DC=corp,DC=example,DC=com")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"DC=corp,DC=example,DC=com", "dc=CORP,dc=example,dc=com", `CN=Smith\, John,OU=x,DC=corp,DC=example,DC=com`} {
		if _, err := within(text, above); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"", "x", "DC=example,DC=com", "DC=other,DC=example,DC=com", "DC=corp,DC=example,DC=com,DC=x", "DC=xcorp,DC=example,DC=com"} {
		if _, err := within(text, above); err == nil {
			t.Errorf("%q is within", text)
		}
	}
}
