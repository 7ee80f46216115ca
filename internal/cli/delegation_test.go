package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

const staff = "OU=Staff,DC=corp,DC=example,DC=com"

// The keys and the entries are pinned: scripts read the ones, and an entry that
// said a bit more would give away more than was asked for.
func TestDelegation_isPinned(t *testing.T) {
	d := delegation{group: `CORP\ftp-admins`, sid: "S-1-5-21-1-2-3-1104", ou: staff, write: true}
	got, err := json.Marshal(d.record())
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(got, &keys); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"group", "sid", "ou", "rights", "attributes", "aces", "dsacls", "powershell", "adsi"} {
		if keys[key] == nil {
			t.Errorf("no %s in %s", key, got)
		}
	}
	if len(keys) != 9 {
		t.Errorf("got %d keys, want 9: %s", len(keys), got)
	}
	want := []string{
		"(OA;CIIO;RPWP;2a7827a4-1483-49a5-9d84-52e3812156b4;bf967aba-0de6-11d0-a285-00aa003049e2;S-1-5-21-1-2-3-1104)",
		"(OA;CIIO;RPWP;8a5c99e9-2230-46eb-b8e8-e59d712eb9ee;bf967aba-0de6-11d0-a285-00aa003049e2;S-1-5-21-1-2-3-1104)",
	}
	if !slices.Equal(d.aces(), want) {
		t.Errorf("got %q, want %q", d.aces(), want)
	}
	d.write = false
	for i, ace := range d.aces() {
		if ace != strings.Replace(want[i], "RPWP", "RP", 1) {
			t.Errorf("to read: %s", ace)
		}
	}
	for _, text := range []string{d.powerShell(), d.adsi(), d.dsacls(), d.text()} {
		if strings.Contains(text, "WP") || strings.Contains(text, "WriteProperty") {
			t.Errorf("the right to write among those to read:\n%s", text)
		}
	}
}

func TestWritableRecord_isPinned(t *testing.T) {
	got, err := json.Marshal(writableRecord{User: `CORP\alice`, DN: "CN=a", GUID: "g", Root: true, Other: []string{}})
	if want := `{"user":"CORP\\alice","dn":"CN=a","objectGUID":"g","root":true,"dir":false,"other":[]}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

// Names come from a directory and end in a shell.
func TestDelegation_quotes(t *testing.T) {
	tests := []struct {
		name, group, ou          string
		powerShell, adsi, dsacls string // what must be there; "" for dsacls: it is not possible
	}{
		{
			"apostrophe", `CORP\g`, "OU=O'Brien,DC=x", `'AD:\OU=O''Brien,DC=x'`, `'LDAP://OU=O''Brien,DC=x'`,
			`dsacls "OU=O'Brien,DC=x" /I:S /G "CORP\g:RPWP;msIIS-FTPRoot;user" "CORP\g:RPWP;msIIS-FTPDir;user"`,
		},
		{"typographic quotes", `CORP\g`, "OU=O’Brien‘,DC=x", `'AD:\OU=O’’Brien‘‘,DC=x'`, `'LDAP://OU=O’’Brien‘‘,DC=x'`, `dsacls "OU=O’Brien‘,DC=x"`},
		{"slash", `CORP\g`, "OU=R/D,DC=x", `'AD:\OU=R/D,DC=x'`, `'LDAP://OU=R\/D,DC=x'`, `dsacls "OU=R/D,DC=x"`},
		{"subexpression", `CORP\g`, "OU=$(calc),DC=x", `'AD:\OU=$(calc),DC=x'`, `'LDAP://OU=$(calc),DC=x'`, `dsacls "OU=$(calc),DC=x"`},
		{"brackets", `CORP\g`, "OU=[a],DC=x", `Get-Acl -LiteralPath $path`, `'LDAP://OU=[a],DC=x'`, `dsacls "OU=[a],DC=x"`},
		{"quote", `CORP\g`, `OU=a\"b,DC=x`, `'AD:\OU=a\"b,DC=x'`, `'LDAP://OU=a\"b,DC=x'`, ""},
		{"variable", `CORP\g%PATH%`, "OU=a,DC=x", `'AD:\OU=a,DC=x'`, `'LDAP://OU=a,DC=x'`, ""},
		{"separator", `CORP\g;x`, "OU=a,DC=x", `'AD:\OU=a,DC=x'`, `'LDAP://OU=a,DC=x'`, ""},
		{"SID alone", "", "OU=a,DC=x", `'S-1-5-21-1'`, `'S-1-5-21-1'`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := delegation{group: test.group, sid: "S-1-5-21-1", ou: test.ou, write: true}
			for _, row := range [][2]string{{d.powerShell(), test.powerShell}, {d.adsi(), test.adsi}, {d.dsacls(), test.dsacls}} {
				if !strings.Contains(row[0], row[1]) {
					t.Errorf("no %s in:\n%s", row[1], row[0])
				}
			}
			if test.dsacls == "" && (d.dsacls() != "" || !strings.Contains(d.text(), "rem not possible")) {
				t.Errorf("dsacls: %s", d.dsacls())
			}
			if who := "# S-1-5-21-1 may"; test.group == "" && !strings.HasPrefix(d.text(), who) {
				t.Errorf("no %q in:\n%s", who, d.text())
			}
		})
	}
}
