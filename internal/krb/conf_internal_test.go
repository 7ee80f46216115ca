package krb

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// write makes a file below a folder of the test's own and returns its path.
func write(t testing.TB, folder, name, text string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadConf(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "d/realms.conf", "[realms]\n  CORP.EXAMPLE.COM = {\n    kdc = dc1.corp.example.com\n    kdc = tcp/dc2.corp.example.com:8888*\n"+
		"    kdc = https://proxy/KdcProxy\n    auth_to_local_names = {\n      kdc = decoy\n    }\n    admin_server = dc1\n  }\n")
	write(t, folder, "d/.hidden.conf", "[libdefaults]\nclockskew = 1\n")
	write(t, folder, "d/backup.conf~", "[libdefaults]\nclockskew = 2\n")
	write(t, folder, "more", "[domain_realm]\n.branch.example.com = CORP.EXAMPLE.COM ; ours\nodd.host = ODD.REALM\n")
	path := write(t, folder, "krb5.conf", "# comment\nincludedir\t"+folder+"/d\ninclude \t"+folder+"/absent\n[libdefaults]\n"+
		"default_realm = CORP.EXAMPLE.COM # ours\ndns_canonicalize_hostname = fallback\nclockskew = 120\nline without sense\nqualify_shortname = \"\"\n"+
		"include\t"+folder+"/more\n[appdefaults]\n pam = { ticket = 1 }\n[realms]\nONE.LINE = { kdc = x }\n}}}\n")
	conf, err := LoadConf(path)
	if err != nil {
		t.Fatal(err)
	}
	if conf.DefaultRealm != "CORP.EXAMPLE.COM" || conf.Skew != 2*time.Minute {
		t.Errorf("realm %q, skew %v", conf.DefaultRealm, conf.Skew)
	}
	if got, want := conf.KDCs["CORP.EXAMPLE.COM"], []string{"dc1.corp.example.com:88", "dc2.corp.example.com:8888"}; !slices.Equal(got, want) {
		t.Errorf("KDCs %v, want %v", got, want)
	}
	for host, want := range map[string]string{"DC1.Branch.example.com": "CORP.EXAMPLE.COM", "a.b.branch.example.com": "CORP.EXAMPLE.COM",
		"branch.example.com": "", "odd.host": "ODD.REALM", "x.odd.host": "", "alone": ""} {
		if got := conf.RealmOf(host); got != want {
			t.Errorf("realm of %s is %q, want %q", host, got, want)
		}
	}
}

func TestLoadConf_fromTheEnvironment(t *testing.T) {
	folder := t.TempDir()
	a := write(t, folder, "a", "[libdefaults]\ndefault_realm = FIRST\n")
	b := write(t, folder, "b", "[libdefaults]\ndefault_realm = SECOND\nclockskew = 60s\n")
	t.Setenv("KRB5_CONFIG", strings.Join([]string{a, filepath.Join(folder, "absent"), b}, string(filepath.ListSeparator)))
	conf, err := LoadConf("")
	if err != nil || conf.DefaultRealm != "FIRST" || conf.Skew != time.Minute {
		t.Errorf("%+v, %v", conf, err)
	}
}

func TestLoadConf_refuses(t *testing.T) {
	folder := t.TempDir()
	loop := filepath.Join(folder, "loop")
	write(t, folder, "loop", "include "+loop+"\ninclude "+loop+"\n")
	for name, path := range map[string]string{
		"absent":   filepath.Join(folder, "absent"),
		"a folder": folder,
		"a loop":   loop,
		"huge":     write(t, folder, "huge", strings.Repeat("#", maxConfFile+1)),
	} {
		if _, err := LoadConf(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzConf(f *testing.F) {
	f.Add("[libdefaults]\ndefault_realm = A\n[realms]\nA = {\n kdc = x:88\n}\n[domain_realm]\n.a = A\n")
	f.Add("}\n}\n=\n[\n]\n[realms]\n={\n={\nkdc=[::1]:9\n")
	f.Fuzz(func(t *testing.T, text string) {
		conf := Conf{KDCs: map[string][]string{}, realms: map[string]string{}}
		conf.read(strings.Split(text, "\n"))
		for realm, kdcs := range conf.KDCs {
			for _, kdc := range kdcs {
				if kdc == "" || strings.ContainsAny(kdc, "\n") {
					t.Fatalf("realm %q has the KDC %q", realm, kdc)
				}
			}
		}
	})
}

func TestCachePath(t *testing.T) {
	t.Setenv("KRB5CCNAME", "FILE:/tmp/from-environment")
	for name, want := range map[string]string{"": "/tmp/from-environment", "FILE:/tmp/x": "/tmp/x", "file:/tmp/x": "/tmp/x", "/tmp/x:y": "/tmp/x:y", "relative": "relative"} {
		if got, err := cachePath(name); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", name, got, err, want)
		}
	}
	for _, name := range []string{"KEYRING:persistent:0", "KCM:0", "DIR:/run/user/0/krb5cc", "API:x", "MEMORY:1"} {
		_, err := cachePath(name)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Hint, "kinit -c FILE:") || e.Win32 != winerr.LogonFailure {
			t.Errorf("%s: %v, %+v", name, err, e)
		}
	}
}

// The library reads these files without looking at their length.
func TestTicketFiles_damaged(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"empty": "", "one octet": "\x05", "cut short": "\x05\x04\x00\x0c\x00", "nonsense": "hello, world",
		"long name": "\x05\x04\x00\x00\x00\x00\x00\x01\x7f\xff\xff\xff", "no tickets": "\x05\x04\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01R\x00\x00\x00\x01u"} {
		path := write(t, folder, name, text)
		if _, err := new(Client).CachedTGT(path); !isOurs(err) {
			t.Errorf("cache, %s: %v", name, err)
		}
		if name == "no tickets" {
			continue
		}
		if _, err := LoadKeytab(path); !isOurs(err) {
			t.Errorf("keytab, %s: %v", name, err)
		}
	}
	if _, err := new(Client).CachedTGT(filepath.Join(folder, "absent")); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("absent: %v", err)
	}
}
