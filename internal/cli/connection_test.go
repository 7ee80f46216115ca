package cli

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// merged lays flags over variables over a file.
func merged(t *testing.T, file config.Connection, variables map[string]string, flags ...string) (connection, error) {
	t.Helper()
	a := &app{env: Env{LookupEnv: func(name string) (string, bool) { v, ok := variables[name]; return v, ok }}}
	if password := variables["FTPISOCTL_PASSWORD"]; password != "" {
		a.password = secret.New(password)
	}
	set := pflag.NewFlagSet("test", pflag.ContinueOnError)
	a.addConnectionFlags(set)
	if err := set.Parse(flags); err != nil {
		t.Fatal(err)
	}
	return a.connection(file)
}

func TestConnection_precedence(t *testing.T) {
	file := config.Connection{
		Server: []string{"ldaps://file"}, BindUser: "file", BaseDN: "DC=file", Timeout: 10 * time.Second, Kerberos: true,
	}
	variables := map[string]string{"FTPISOCTL_BIND_USER": "variable", "FTPISOCTL_BASE_DN": "DC=variable", "FTPISOCTL_CA_FILE": ""}
	got, err := merged(t, file, variables, "--base-dn", "DC=flag", "--kerberos=false", "--starttls", "--timeout", "00:00:03")
	if err != nil {
		t.Fatal(err)
	}
	want := config.Connection{
		Server: []string{"ldaps://file"}, BindUser: "variable", BaseDN: "DC=flag", Timeout: 3 * time.Second, StartTLS: true,
	}
	if !reflect.DeepEqual(got.Connection, want) {
		t.Errorf("got  %+v\nwant %+v", got.Connection, want)
	}
}

// A domain from above must not be sought on the servers of another domain.
func TestConnection_aDomainHidesTheServersBelow(t *testing.T) {
	file := config.Connection{Server: []string{"ldaps://dc1.old.example.com"}, Domain: "old.example.com"}
	got, err := merged(t, file, nil, "--domain", "new.example.com")
	if err != nil || len(got.Server) != 0 || got.Domain != "new.example.com" {
		t.Errorf("domain above: %v, %s, %v", got.Server, got.Domain, err)
	}
	got, err = merged(t, file, nil, "--server", "ldaps://a,ldaps://b", "--server", "ldap://c:3268")
	want := []string{"ldaps://a", "ldaps://b", "ldap://c:3268"}
	if err != nil || !reflect.DeepEqual(got.Server, want) || got.Domain != "old.example.com" {
		t.Errorf("servers above: %v, %s, %v", got.Server, got.Domain, err)
	}
}

func TestConnection_aPasswordHidesThoseBelow(t *testing.T) {
	file := config.Connection{PasswordFile: "file"}
	got, err := merged(t, file, map[string]string{"FTPISOCTL_PASSWORD": "x"})
	if err != nil || got.PasswordFile != "" || got.password.Empty() {
		t.Errorf("variable over file: %q, %v, %v", got.PasswordFile, got.password.Empty(), err)
	}
	got, err = merged(t, file, map[string]string{"FTPISOCTL_PASSWORD": "x"}, "--password-command", "cmd")
	if err != nil || got.PasswordFile != "" || !got.password.Empty() || got.PasswordCommand != "cmd" {
		t.Errorf("flag over variable: %+v, %v", got, err)
	}
	for _, variables := range []map[string]string{
		{"FTPISOCTL_PASSWORD": "x", "FTPISOCTL_PASSWORD_FILE": "f"},
		{"FTPISOCTL_PASSWORD_COMMAND": "c", "FTPISOCTL_PASSWORD_FILE": "f"},
	} {
		if _, err := merged(t, file, variables); exitCode(err) != exitUsage {
			t.Errorf("%v: %v, want a usage error", variables, err)
		}
	}
	if _, err := merged(t, file, nil, "--password-file", "f", "--password-command", "c"); exitCode(err) != exitUsage {
		t.Errorf("both flags: %v, want a usage error", err)
	}
}

func TestConnection_badVariableIsNamed(t *testing.T) {
	for name, value := range map[string]string{
		"FTPISOCTL_SERVER": "dc1", "FTPISOCTL_TIMEOUT": "soon", "FTPISOCTL_STARTTLS": "perhaps", "FTPISOCTL_TLS_PIN": "00",
	} {
		_, err := merged(t, config.Connection{}, map[string]string{name: value})
		if exitCode(err) != exitUsage || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}

// The three spellings of a setting are a contract.
func TestSettings_names(t *testing.T) {
	want := "server domain bind-user password-file password-command ca-file starttls kerberos keytab base-dn timeout tls-pin forest allow-plaintext"
	var flags []string
	for _, s := range settings() {
		flags = append(flags, s.flag)
		if s.variable() != "FTPISOCTL_"+strings.ToUpper(strings.ReplaceAll(s.flag, "-", "_")) {
			t.Errorf("%s is %s in the environment", s.flag, s.variable())
		}
	}
	if got := strings.Join(flags, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	document, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range settings() {
		if !strings.Contains(string(document), "| `--"+s.flag+"`") || !strings.Contains(string(document), "`"+s.variable()+"`") {
			t.Errorf("--%s or its variable is not in docs/configuration.md", s.flag)
		}
	}
}

func TestConfigPaths(t *testing.T) {
	base := t.TempDir() // absolute on this system
	from := func(variables map[string]string) func(string) string {
		return func(name string) string { return variables[name] }
	}
	below := func(folder string) string { return filepath.Join(folder, "ftpisoctl", "ftpisoctl.yaml") }
	xdg, home, system := filepath.Join(base, "xdg"), filepath.Join(base, "home"), filepath.Join(base, "system")
	for _, tt := range []struct {
		name, goos string
		variables  map[string]string
		want       []string
	}{
		{"windows", "windows", map[string]string{"AppData": home, "ProgramData": system}, []string{below(home), below(system)}},
		{"windows service", "windows", map[string]string{"ProgramData": system}, []string{below(system)}},
		{"relative folders do not count", "windows", map[string]string{"AppData": ".", "ProgramData": ""}, nil},
		{"unix", "linux", map[string]string{"XDG_CONFIG_HOME": xdg, "HOME": home}, []string{below(xdg), below("/etc")}},
		{"unix home", "linux", map[string]string{"HOME": home}, []string{below(filepath.Join(home, ".config")), below("/etc")}},
	} {
		if tt.goos == "linux" && !filepath.IsAbs("/etc") {
			tt.want = tt.want[:1] // a Windows machine has no /etc
		}
		if got := configPaths(tt.goos, from(tt.variables)); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// The lists bound what set accepts only where there are lists.
func TestAllowedHome(t *testing.T) {
	place := func(s string) homedir.Location {
		location, err := homedir.ParseLocation(s)
		if err != nil {
			t.Fatal(err)
		}
		return location
	}
	servers := config.File{FileServers: []config.FileServer{{Name: "*.corp.example.com"}}}
	folders := config.File{LocalRoots: []homedir.Location{place("/srv/ftp")}}
	mapped := config.File{PathMap: []config.Mapping{{From: place(`\\old\ftp`), To: place("/srv/old")}}}
	for _, tt := range []struct {
		file     config.File
		location string
		want     bool
	}{
		{config.Default(), `\\anything\s`, true},
		{config.Default(), "/anywhere", true},
		{servers, `\\fs01.corp.example.com\s`, true},
		{servers, `\\evil.example.net\s`, false},
		{servers, "/anywhere", true},
		{folders, "/srv/ftp/alice", true},
		{folders, "/etc", false},
		{folders, `\\anything\s`, true},
		{mapped, `\\old\ftp\alice`, true},
		{mapped, `\\anything\s`, false},
	} {
		if err := allowedHome(tt.file, place(tt.location)); (err == nil) != tt.want {
			t.Errorf("%+v, %s: %v, want allowed %v", tt.file, tt.location, err, tt.want)
		}
	}
}
