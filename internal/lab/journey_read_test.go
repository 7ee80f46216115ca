//go:build lab

package lab_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// After kinit nothing else need be said: the ticket names the domain, DNS its domain controllers, and the bind is the
// ticket's. A trace of it shows the sealed requests in clear, and no password.
func TestJourney_readWithATicketAlone(t *testing.T) {
	env := environment(t, "KRB5CCNAME="+lab.Service.Kinit(t))
	got := execute(t, env, program(t), "get", "alice", "--columns", "user,dir", "--trace=ldap")
	if got.code != 0 || got.stdout != "CORP\\alice\talice\n" {
		t.Fatal(got)
	}
	for _, want := range []string{
		"type=bind object=\"with Kerberos\" result=Success", "filter=\"(&(sAMAccountName=alice)", "result=Success entries=1", "server=ldap://" + lab.DC + ":389",
	} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("%s is not in the trace\n%s", want, got.stderr)
		}
	}
	shown := execute(t, env, program(t), "config", "show", "--origin", "--columns", "key,value,origin")
	for _, want := range []string{"directory.domain\tcorp.example.com\tthe credential cache\n", "directory.kerberos\ttrue\tthe credential cache\n"} {
		if shown.code != 0 || !strings.Contains(shown.stdout, want) {
			t.Errorf("%q is not in\n%s", want, shown)
		}
	}
	offered := execute(t, env, program(t), "__complete", "get", "ali")
	if offered.code != 0 || !strings.HasPrefix(offered.stdout, "alice\n") {
		t.Errorf("completion: %s", offered)
	}
}

// What each domain controller has, asked of all that DNS knows.
func TestJourney_allDomainControllers(t *testing.T) {
	flags := []string{"--domain", lab.Domain, "--ca-file", lab.CAFile(), "--bind-user", lab.Service.UPN(), "--password-file", lab.Service.PasswordFile()}
	for args, want := range map[string]string{
		"get alice dave --all-dcs --columns user,server,dir,state": "CORP\\alice\tldaps://" + lab.DC + ":636\talice\tcurrent\nCORP\\dave\tldaps://" + lab.DC + ":636\t\tcurrent\n",
		"list --all-dcs --filter (sAMAccountName=bob) -o jsonl":    `"server":"ldaps://` + lab.DC + `:636","root":"\\\\fs01.corp.example.com\\ftp$","dir":"bob","state":"current"}`,
	} {
		if got := ftpisoctl(t, flags, strings.Fields(args)...); got.code != 0 || !strings.Contains(got.stdout, want) {
			t.Errorf("%s: want %q: %s", args, want, got)
		}
	}
}
