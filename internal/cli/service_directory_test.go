package cli

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// The account of the site takes the place of the directory section's, password
// and all. How the connection is made stays: a site that is to bind with Kerberos
// must not send a password instead.
func TestSiteConnection(t *testing.T) {
	section := config.Connection{
		Server: []string{"ldap://dc1.corp.example.com"}, BindUser: "admin", PasswordFile: "admin.password", Kerberos: true, Keytab: "keys",
	}
	type ad = config.ActiveDirectory
	for _, tt := range []struct {
		name        string
		site        ad
		environment string
		want        config.Connection
	}{
		{"no account of its own", ad{}, "", section},
		{
			"a key in the same keytab", ad{ADUserName: "svc"}, "",
			config.Connection{BindUser: "svc", Kerberos: true, Keytab: "keys"},
		},
		{
			"a password file", ad{ADUserName: "svc", ADPasswordFile: "svc.password"}, "",
			config.Connection{BindUser: "svc", Kerberos: true, PasswordFile: "svc.password"},
		},
		{
			"a password command", ad{ADUserName: "svc", ADPasswordCommand: "pass svc"}, "",
			config.Connection{BindUser: "svc", Kerberos: true, PasswordCommand: "pass svc"},
		},
		{
			"a password in the environment", ad{ADUserName: "svc"}, "hunter2",
			config.Connection{BindUser: "svc", Kerberos: true, Keytab: "keys"},
		},
		{
			"a password file hides the environment", ad{ADUserName: "svc", ADPasswordFile: "svc.password"}, "hunter2",
			config.Connection{BindUser: "svc", Kerberos: true, PasswordFile: "svc.password"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := newApp(Env{LookupEnv: func(string) (string, bool) { return "", false }})
			a.password = secret.New(tt.environment)
			site := config.DefaultSite()
			site.UserIsolation.ActiveDirectory = tt.site
			got, err := siteConnection(a, config.File{Directory: config.DirectorySection{Connection: section}}, site)
			if err != nil {
				t.Fatal(err)
			}
			if got.BindUser != tt.want.BindUser || got.Kerberos != tt.want.Kerberos || got.Keytab != tt.want.Keytab ||
				got.PasswordFile != tt.want.PasswordFile || got.PasswordCommand != tt.want.PasswordCommand {
				t.Errorf("got %+v\nwant %+v", got.Connection, tt.want)
			}
			if fromEnvironment := tt.environment != "" && tt.site.ADPasswordFile == ""; got.password.Empty() == fromEnvironment {
				t.Errorf("the password of the environment is used: %v, want %v", !got.password.Empty(), fromEnvironment)
			}
		})
	}
}
