package cli

import (
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/iisftp"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// What a call site names hides what the settings say, and keeps the way of
// connecting unless an account is named: then it is a password over TLS.
func TestAim(t *testing.T) {
	const domain = "corp.example.com"
	tests := []struct {
		name     string
		settings config.Connection
		target   iisftp.Target
		server   string
		user     string
		kerberos bool
	}{
		{"nothing", config.Connection{Server: []string{"ldaps://dc9"}, BindUser: "svc"}, iisftp.Target{}, "ldaps://dc9", "svc", false},
		{"full name", config.Connection{}, iisftp.Target{Server: "dc1.corp.example.com"}, "ldaps://dc1.corp.example.com", "", false},
		{"UNC style", config.Connection{}, iisftp.Target{Server: `\\dc1.corp.example.com`}, "ldaps://dc1.corp.example.com", "", false},
		{"short name", config.Connection{Domain: domain}, iisftp.Target{Server: "dc1"}, "ldaps://dc1.corp.example.com", "", false},
		{"short name, no domain", config.Connection{}, iisftp.Target{Server: "dc1"}, "ldaps://dc1", "", false},
		{"this computer", config.Connection{Domain: domain}, iisftp.Target{Server: "LocalHost"}, "ldaps://LocalHost", "", false},
		{"URL", config.Connection{Kerberos: true}, iisftp.Target{Server: "ldaps://dc1:1636"}, "ldaps://dc1:1636", "", true},
		{"Kerberos", config.Connection{Kerberos: true}, iisftp.Target{Server: "dc1.x"}, "ldap://dc1.x", "", true},
		{"StartTLS", config.Connection{StartTLS: true}, iisftp.Target{Server: "dc1.x"}, "ldap://dc1.x", "", false},
		{
			"account", config.Connection{Kerberos: true, BindUser: "svc"},
			iisftp.Target{Server: "dc1.x", User: `CORP\ada`, Password: secret.New("p")}, "ldaps://dc1.x", `CORP\ada`, false,
		},
		{"bare account", config.Connection{Domain: domain}, iisftp.Target{Server: "dc1.x", User: "ada"}, "ldaps://dc1.x", "ada@corp.example.com", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.settings.PasswordFile = "file"
			c := connection{Connection: test.settings}
			if err := c.aim(test.target); err != nil {
				t.Fatal(err)
			}
			if len(c.Server) != 1 || c.Server[0] != test.server || c.BindUser != test.user || c.Kerberos != test.kerberos {
				t.Errorf("got %q, %q, kerberos %v, want %q, %q, %v", c.Server, c.BindUser, c.Kerberos, test.server, test.user, test.kerberos)
			}
			if fromCall := c.PasswordFile == ""; fromCall != !test.target.Password.Empty() || c.password.Reveal() != test.target.Password.Reveal() {
				t.Errorf("the password comes from the wrong place: file %q", c.PasswordFile)
			}
		})
	}
}
