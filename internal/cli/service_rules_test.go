package cli

import (
	"log/slog"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/authz"
	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

const ruled = `
server: {security: {authentication: {denyByFailure: {enabled: ENABLED, maxFailure: 5, entryExpiration: 60, loggingOnlyMode: true}}}}
sites:
- connections: {maxConnections: 500, maxConnectionsPerAddress: 20, maxConnectionsPerUser: 3}
  security:
    authorization:
    - {users: alice, roles: [Staff], permissions: Read}
    - {accessType: Deny, users: "*", permissions: "Read, Write"}
    ipSecurity: {allowUnlisted: false, entries: [{ipAddress: 192.0.2.0, subnetMask: 255.255.255.0, allowed: true}]}
    commandFiltering: {allowUnlisted: false, entries: [{command: dele}, {command: RETR, allowed: true}]}
`

func parseSite(t *testing.T, text string) (config.File, config.Site) {
	t.Helper()
	file, err := config.Parse("x", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return file, file.Sites[0]
}

func TestLimitsOf(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	for _, enabled := range []string{"true", "false"} {
		file, site := parseSite(t, replaceEnabled(enabled))
		want := admission.Config{
			Networks: admission.Networks{
				DenyUnlisted: true,
				Entries:      []admission.Network{{Prefix: netip.MustParsePrefix("192.0.2.0/24"), Allowed: true}},
			},
			MaxConnections: 500, MaxPerAddress: 20, MaxPerUser: 3,
			Failures: admission.Failures{Memory: time.Minute, LoggingOnly: true},
			Log:      log,
		}
		if enabled == "true" {
			want.Failures.Max = 5
		}
		if got := limitsOf(file, site, log); !reflect.DeepEqual(got, want) {
			t.Errorf("enabled %s: got %+v\nwant %+v", enabled, got, want)
		}
	}
	defaults := limitsOf(config.Default(), config.DefaultSite(), log)
	if defaults.Failures.Max != 0 || defaults.Failures.Memory != 30*time.Second || defaults.Networks.DenyUnlisted {
		t.Errorf("by default: %+v", defaults)
	}
}

func replaceEnabled(value string) string { return strings.Replace(ruled, "ENABLED", value, 1) }

func TestRulesOf(t *testing.T) {
	_, site := parseSite(t, replaceEnabled("true"))
	want := []authz.Rule{
		{Users: []string{"alice"}, Roles: []string{"Staff"}, Rights: authz.Read},
		{Deny: true, Users: []string{"*"}, Rights: authz.Read | authz.Write},
	}
	if got := rulesOf(site); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if got := rulesOf(config.DefaultSite()); !reflect.DeepEqual(got, []authz.Rule{{Users: []string{"*"}, Rights: authz.Read | authz.Write}}) {
		t.Errorf("by default: %+v", got)
	}
}

func TestCommandsOf(t *testing.T) {
	_, site := parseSite(t, replaceEnabled("true"))
	want := ftpsrv.CommandFilter{DenyUnlisted: true, Entries: map[string]bool{"DELE": false, "RETR": true}}
	if got := commandsOf(site.Security.CommandFiltering); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
