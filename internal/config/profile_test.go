package config_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
)

// A profile stands alone: nothing of the section is left, least of all a password.
func TestDirectorySection_Use(t *testing.T) {
	file := load(t, "profiles.yaml")
	folder, err := filepath.Abs("testdata/good")
	if err != nil {
		t.Fatal(err)
	}
	d := file.Directory
	if err := d.Use("LAB"); err != nil {
		t.Fatal(err)
	}
	want := config.Connection{Server: []string{"ldaps://dc1.lab.example.com"}, CAFile: filepath.Join(folder, "lab.pem"), BindUser: `lab\ftpadmin`, Timeout: 10 * time.Second}
	if fmt.Sprint(d.Connection) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", d.Connection, want)
	}
	if err := d.Use("prod"); err != nil || !d.Kerberos || d.PasswordFile != filepath.Join(folder, "secret") || d.Domain != "" {
		t.Errorf("%v, %+v", err, d.Connection)
	}
	for name, want := range map[string]string{"prd": "did you mean prod?", "": "there are lab, prod", "elsewhere": "there are lab, prod"} {
		if err := d.Use(name); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
	none := config.Default().Directory
	if err := none.Use("prod"); err == nil || !strings.Contains(err.Error(), "has none") {
		t.Errorf("%v", err)
	}
}

func TestFile_Values_haveLines(t *testing.T) {
	file, lines := load(t, "profiles.yaml"), map[string]int{}
	values, err := file.Values(filepath.Join("testdata", "good", "profiles.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range values {
		lines[v.Key] = v.Line
	}
	for _, tt := range []struct {
		profile, key string
		want         int
	}{{"", "domain", 2}, {"", "caFile", 3}, {"lab", "caFile", 7}, {"PROD", "kerberos", 10}, {"lab", "domain", 0}, {"", "timeout", 0}} {
		if got := lines[file.Directory.Of(tt.profile, tt.key)]; got != tt.want {
			t.Errorf("%s of %q: line %d, want %d", tt.key, tt.profile, got, tt.want)
		}
	}
	if _, err := file.Values("missing"); err == nil {
		t.Error("a missing file has lines")
	}
}

func TestFile_Values(t *testing.T) {
	file, err := config.Parse("x", []byte("directory: {server: [ldap://a, ldap://b], passwordCommand: echo hunter2}\nfileServers: [{name: fs01, ntlm: true}]\ndfs: {'\\\\corp\\x/': \\\\fs01\\x}"))
	if err != nil {
		t.Fatal(err)
	}
	values, err := file.Values("")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, v := range values {
		got[v.Key] = v.Text
	}
	for key, want := range map[string]string{
		"directory.server": "ldap://a, ldap://b", "directory.passwordCommand": "echo ***", "directory.domain": "", "directory.profiles": "",
		"directory.timeout": "10s", "fileServers[0].name": "fs01", "fileServers[0].ntlm": "true", "fileServers[0].unsigned": "false",
		`dfs.\\corp\x`: `\\fs01\x`, "server.firewallSupport.lowDataChannelPort": "0",
	} {
		if text, ok := got[key]; !ok || text != want {
			t.Errorf("%s: got %q, %v, want %q", key, text, ok, want)
		}
	}
}
