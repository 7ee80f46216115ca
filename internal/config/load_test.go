package config_test

import (
	"errors"
	"io/fs"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// Each bad file begins with comments that are the problems it must be refused
// with, in order.
func TestLoad_badFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for line := range strings.Lines(string(text)) {
				problem, ok := strings.CutPrefix(strings.TrimSpace(line), "# ")
				if !ok {
					break
				}
				want = append(want, path+":"+problem)
			}
			_, err = config.Load(path)
			var refusal *config.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("got %v, want a *config.Error", err)
			}
			if got := err.Error(); got != strings.Join(want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
			}
		})
	}
}

func TestLoad_goodFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		if _, err := config.Load(path); err != nil {
			t.Errorf("%v", err)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, name string) config.File {
	t.Helper()
	file, err := config.Load(filepath.Join("testdata", "good", name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestLoad_silentFileIsTheDefaults(t *testing.T) {
	for _, name := range []string{"empty.yaml", "comments_only.yaml"} {
		file := load(t, name)
		file.Sites = nil // an empty list or none
		if !reflect.DeepEqual(file, config.Default()) {
			t.Errorf("%s: got %+v, want %+v", name, file, config.Default())
		}
	}
}

func TestLoad_command(t *testing.T) {
	file := load(t, "cli.yaml")
	folder, err := filepath.Abs("testdata/good")
	if err != nil {
		t.Fatal(err)
	}
	want := config.Connection{
		Server:       []string{"ldaps://dc1.corp.example.com", "ldaps://dc2.corp.example.com:636"},
		Domain:       "corp.example.com",
		BindUser:     `CORP\svc-ftpiso`,
		PasswordFile: filepath.Join(folder, "secret.txt"), // relative to the file, not to the caller
		CAFile:       filepath.VolumeName(folder) + "/etc/ssl/corp.pem",
		Timeout:      5 * time.Second,
		TLSPin:       strings.TrimSuffix(strings.Repeat("00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:", 2), ":"),
	}
	if !reflect.DeepEqual(file.Directory.Connection, want) {
		t.Errorf("got %+v\nwant %+v", file.Directory, want)
	}
	servers := []config.FileServer{{Name: "*.corp.example.com"}, {Name: "old01", NTLM: true}}
	if !reflect.DeepEqual(file.FileServers, servers) {
		t.Errorf("got %+v, want %+v", file.FileServers, servers)
	}
}

func location(t *testing.T, s string) homedir.Location {
	t.Helper()
	l, err := homedir.ParseLocation(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// wantedSite is what serve.yaml says, over the defaults.
func wantedSite(t *testing.T) config.Site {
	t.Helper()
	folder, err := filepath.Abs("testdata/good")
	if err != nil {
		t.Fatal(err)
	}
	site := config.DefaultSite()
	site.Name = "partners"
	site.Bindings = []config.Binding{"*:21", "[::1]:2121"}
	site.Connections = config.Connections{
		UnauthenticatedTimeout: 20 * time.Second, ControlChannelTimeout: 5 * time.Minute,
		DataChannelTimeout: time.Minute, MaxConnections: 500,
		ResetOnMaxConnections: true, MaxConnectionsPerAddress: 20, MaxConnectionsPerUser: 5,
	}
	site.FileHandling = config.FileHandling{KeepPartialUploads: true, SyncUploads: true}
	site.Messages = config.Messages{BannerMessage: "Welcome", SuppressDefaultBanner: true, ExpandVariables: true}
	site.HostNames = []config.HostName{"ftp.example.com"}
	site.AllowUTF8 = false
	site.DirectoryBrowse.ShowFlags = []words.ShowFlag{words.ShowStyleUnix, words.ShowLongDate}
	site.Security.DataChannelSecurity.MatchClientAddressForPasv = false
	site.Security.SSL = config.SSL{ControlChannelPolicy: words.SSLAllow, DataChannelPolicy: words.SSLAllow}
	site.Security.CommandFiltering = config.CommandFiltering{
		MaxCommandLine: 1024, Entries: []config.CommandEntry{{Command: "RETR", Allowed: true}, {Command: "dele"}},
	}
	both := []words.Permission{words.PermissionRead, words.PermissionWrite}
	site.Security.Authorization = []config.AuthorizationRule{
		{AccessType: words.AccessAllow, Users: []string{"alice", `CORP\bob`}, Permissions: both[:1:1]},
		{AccessType: words.AccessDeny, Roles: []string{"FTP Contractors"}, Permissions: both},
	}
	site.Security.IPSecurity = config.IPSecurity{Entries: []config.IPEntry{
		{IPAddress: network(t, "192.0.2.0"), SubnetMask: netip.MustParseAddr("255.255.255.0"), Allowed: true},
		{IPAddress: network(t, "2001:db8::/32"), Allowed: true},
		{IPAddress: network(t, "192.0.2.7")},
	}}
	site.Security.Authentication.BasicAuthentication.DefaultLogonDomain = "CORP"
	site.UserIsolation.ActiveDirectory = config.ActiveDirectory{
		ADUserName: `CORP\svc-ftp`, ADPasswordCommand: "pass show ftp", ADCacheRefresh: 5 * time.Minute,
	}
	site.LogFile.Period, site.LogFile.TruncateSize = words.LogMaxSize, 1<<20
	site.LogFile.Directory = filepath.Join(folder, "logs")
	site.LogFile.LogExtFileFlags = []words.LogField{"Date", "Time", "ClientIP", "BytesSent"}
	site.LogFile.LocalTimeRollover = true
	return site
}

func TestLoad_site(t *testing.T) {
	file := load(t, "serve.yaml")
	if got := file.Sites[0].FirewallSupport.ExternalIP4Address.String(); got != "192.0.2.7" {
		t.Errorf("externalIp4Address is %s", got)
	}
	got, want := file.Sites[0], wantedSite(t)
	want.FirewallSupport = got.FirewallSupport
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	roots := []homedir.Location{location(t, "/srv/ftp"), location(t, `D:\ftp`)}
	if !reflect.DeepEqual(file.LocalRoots, roots) || !file.AllowRoot {
		t.Errorf("localRoots %v, allowRoot %v", file.LocalRoots, file.AllowRoot)
	}
	if want := (config.Mapping{From: location(t, `\\fs01\ftp$`), To: location(t, "/srv/ftp")}); file.PathMap[0] != want {
		t.Errorf("pathMap is %v, want %v", file.PathMap[0], want)
	}
	spaces := []config.Mapping{
		{From: location(t, `\\corp.example.com\ftp`), To: location(t, `\\fs01.corp.example.com\ftp$`)},
		{From: location(t, `\\CORP\ftp\old`), To: location(t, `\\FS01.corp.example.com\old$\homes`)},
	}
	if !reflect.DeepEqual([]config.Mapping(file.DFS), spaces) {
		t.Errorf("dfs is %v, want %v", file.DFS, spaces)
	}
	if want := []config.FileServer{{Name: "fs01.corp.example.com", Unsigned: true}}; !reflect.DeepEqual(file.FileServers, want) {
		t.Errorf("fileServers are %v, want %v", file.FileServers, want)
	}
	if want := (config.ServerFirewall{LowDataChannelPort: 50000, HighDataChannelPort: 50999}); file.Server.FirewallSupport != want {
		t.Errorf("ports are %v, want %v", file.Server.FirewallSupport, want)
	}
}

func TestLoad_denyByFailure(t *testing.T) {
	server := load(t, "serve.yaml").Server
	want := config.DenyByFailure{Enabled: true, MaxFailure: 5, EntryExpiration: time.Minute, LoggingOnlyMode: true}
	if got := server.Security.Authentication.DenyByFailure; got != want || server.ShutdownTimeLimit != 2*time.Minute {
		t.Errorf("got %+v and %v", got, server.ShutdownTimeLimit)
	}
}

func TestLoad_missingFile(t *testing.T) {
	_, err := config.Load(filepath.Join(t.TempDir(), "none.yaml"))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("%q is not one line", err)
	}
}

// A hostile or mistaken file must not cost more than it weighs.
func TestParse_boundsWhatItReads(t *testing.T) {
	if _, err := config.Parse("big", make([]byte, 1<<20+1)); err == nil {
		t.Error("a file over the limit is accepted")
	}
	laughs := "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
	if _, err := config.Parse("laughs", []byte(laughs)); err == nil {
		t.Error("aliases are accepted")
	}
	if _, err := config.Parse("key", []byte(strings.Repeat("k", 1<<19)+": 1\n")); err == nil {
		t.Error("a key of half a megabyte is accepted")
	}
}

// No value of the file is repeated where it could be a password.
func TestParse_neverRepeatsAPassword(t *testing.T) {
	for _, text := range []string{
		"directory:\n  password: hunter2\n", "directory:\n  bindPassword: [hunter2]\n",
		"sites:\n- userIsolation:\n    activeDirectory:\n      adPassword: hunter2\n",
	} {
		_, err := config.Parse("x", []byte(text))
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30s": 30 * time.Second, "2m": 2 * time.Minute, "1h30m": 90 * time.Minute, "250ms": 250 * time.Millisecond,
		"90": 90 * time.Second, "0": 0, "00:01:00": time.Minute, "25:00:01": 25*time.Hour + time.Second,
	} {
		if got, err := config.ParseDuration(text); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "soon", "-1s", "-5", "1.5", "0:1:0", "00:60:00", "00:00:60", "00:01", "00:01:00x", "1:00:00:00", "+00:01:00",
		"99999999999999", "9999999999h",
	} {
		if got, err := config.ParseDuration(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func TestBinding_Address(t *testing.T) {
	for binding, want := range map[config.Binding]string{
		"*:21": ":21", ":21": ":21", "192.0.2.1:2121": "192.0.2.1:2121", "[::1]:21": "[::1]:21",
	} {
		if got := binding.Address(); got != want {
			t.Errorf("%s: got %s, want %s", binding, got, want)
		}
	}
}

// IIS's own numbers: a site that says nothing behaves like a new one in IIS.
func TestDefaultSite_isMicrosofts(t *testing.T) {
	site := config.DefaultSite()
	c := site.Connections
	if c.UnauthenticatedTimeout != 30*time.Second || c.ControlChannelTimeout != 120*time.Second ||
		c.DataChannelTimeout != 30*time.Second || c.MinBytesPerSecond != 240 || c.MaxConnections != math.MaxUint32 {
		t.Errorf("connections: %+v", c)
	}
	if site.Security.SSL.ControlChannelPolicy != words.SSLRequire || site.Security.SSL.DataChannelPolicy != words.SSLRequire {
		t.Errorf("ssl: %+v", site.Security.SSL)
	}
	var columns []string
	for _, field := range site.LogFile.LogExtFileFlags {
		columns = append(columns, field.Column())
	}
	const want = "date time c-ip cs-username s-ip s-port cs-method cs-uri-stem sc-status sc-win32-status sc-substatus x-session x-fullpath"
	if got := strings.Join(columns, " "); got != want {
		t.Errorf("log fields are\n%s, want\n%s", got, want)
	}
}

func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*.yaml", "testdata/bad/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := config.Parse("fuzz", text)
		var refusal *config.Error
		switch {
		case err == nil && len(file.Sites) > 1:
			t.Fatal("two sites are accepted")
		case err != nil && (!errors.As(err, &refusal) || len(refusal.Problems) == 0):
			t.Fatalf("%#v has no problem in it", err)
		}
	})
}
