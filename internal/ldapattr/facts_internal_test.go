package ldapattr

import "testing"

func TestSiteOf(t *testing.T) {
	for server, want := range map[string]string{
		"CN=DC1,CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration,DC=corp,DC=example,DC=com": "Default-First-Site-Name",
		"CN=DC1,CN=Servers": "", "": "", "no name": "",
	} {
		if got := siteOf(server); got != want {
			t.Errorf("%q: got %q, want %q", server, got, want)
		}
	}
}
