package cli_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

// forestOfTwo starts corp.example.com with one domain controller and its child
// sales.corp.example.com with two, which have sellers each of their own, and a world
// that is pointed at the former.
func forestOfTwo(t *testing.T, sellers [2][]member) (w *world, urls [2]string) {
	t.Helper()
	const groups = "\ndn: CN=Auditors,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: group\nsAMAccountName: Auditors\n\ndn: CN=Enterprise Admins,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: group\nsAMAccountName: Enterprise Admins\nmember: CN=Ada,CN=Users,DC=corp,DC=example,DC=com\n"
	domain := func(name, netbios, seed string) *adsim.Server {
		server, err := adsim.New(adsim.Config{Domain: name, NetBIOS: netbios, Seed: strings.NewReader(seed), ForestRoot: "corp.example.com"})
		if err != nil {
			t.Fatal(err)
		}
		return server
	}
	home := ""
	for i, members := range sellers {
		var text strings.Builder
		for _, m := range members {
			text.WriteString(strings.ReplaceAll(m.ldif(), "DC=corp", "DC=sales,DC=corp"))
		}
		corp, sales := domain("corp.example.com", "CORP", seed+groups), domain("sales.corp.example.com", "SALES", text.String())
		if err := adsim.Join(corp, sales); err != nil {
			t.Fatal(err)
		}
		urls[i] = "ldap://" + serving(t, sales.Serve)
		if i == 0 {
			home = "ldap://" + serving(t, corp.Serve)
		}
	}
	return &world{variables: map[string]string{
		"FTPISOCTL_SERVER": home, "FTPISOCTL_ALLOW_PLAINTEXT": "true", "FTPISOCTL_BIND_USER": `CORP\ada`,
		"FTPISOCTL_PASSWORD_FILE": file(t, "password", adaPassword), "FTPISOCTL_JOURNAL": t.TempDir(),
		"FTPISOCTL_CONFIG": file(t, "ftpisoctl.yaml", "directory:\n  domains:\n    - {domain: SALES, server: [\""+urls[0]+"\", \""+urls[1]+"\"]}\n"),
	}}, urls
}

// Users of another domain are shown as the domain controllers of that domain have
// them, in the order asked for.
func TestReplicas_ofAnotherDomain(t *testing.T) {
	w, urls := forestOfTwo(t, [2][]member{
		{{name: "sam", dir: "new", versions: [2]uint32{1, 5}, id: 1}, {name: "sue", dir: "x", id: 2}},
		{{name: "sam", dir: "old", versions: [2]uint32{1, 4}, id: 1}},
	})
	code := w.run(t, "get", `SALES\sam`, "alice", `SALES\sue`, "--all-dcs", "--columns", "user,server,dir,state")
	want := `SALES\sam` + "\t" + urls[0] + "\tnew\tcurrent\n" + `SALES\sam` + "\t" + urls[1] + "\told\tlagging\n" +
		`CORP\alice` + "\t" + w.variables["FTPISOCTL_SERVER"] + "\talice\tcurrent\n" +
		`SALES\sue` + "\t" + urls[0] + "\tx\tcurrent\n" + `SALES\sue` + "\t" + urls[1] + "\t\tmissing\n"
	if code != 0 || w.out.String() != want {
		t.Errorf("exit code %d: %s\n%s\nwant\n%s", code, &w.err, &w.out, want)
	}
	code = w.run(t, "list", "--all-dcs", "--ou", "CN=Users,DC=sales,DC=corp,DC=example,DC=com", "--filter", "(sAMAccountName=sam)", "--columns", "server,state")
	if want := urls[0] + "\tcurrent\n" + urls[1] + "\tlagging\n"; code != 0 || w.out.String() != want {
		t.Errorf("list: exit code %d: %s\n%s\nwant\n%s", code, &w.err, &w.out, want)
	}
	if code := w.run(t, "get", `NOWHERE\sam`, "--all-dcs"); code != 8 {
		t.Errorf("a domain that is none: exit code %d: %s", code, &w.err)
	}
}

// What may be written of a user of another domain is asked of that domain.
func TestDelegate_checksUsersOfAnotherDomain(t *testing.T) {
	sellers := []member{{name: "sam", dir: "a", id: 1}, {name: "sue", dir: "x", id: 2}}
	w, _ := forestOfTwo(t, [2][]member{sellers, sellers})
	for _, args := range [][]string{
		{"delegate", "--check", `SALES\sam`, "sam@sales.corp.example.com", "alice"},
		{"delegate", "--check", "--ou", "CN=Users,DC=sales,DC=corp,DC=example,DC=com"},
	} {
		if code := w.run(t, args...); code != 0 || !strings.Contains(w.out.String(), `SALES\sam`+"\tyes\tyes\t") {
			t.Errorf("%q: exit code %d: %s\n%s", args, code, &w.err, &w.out)
		}
	}
	if code := w.run(t, "delegate", "--check", `SALES\nobody`); code != 8 {
		t.Errorf("nobody: exit code %d: %s", code, &w.err)
	}
}

// Rights are given in the domain of the OU, whichever it is, to groups that count there; and taken back there.
func TestDelegate_inAnotherDomain(t *testing.T) {
	const ou = "CN=Users,DC=sales,DC=corp,DC=example,DC=com"
	sellers := []member{{name: "sam", dir: "a", id: 1}}
	w, _ := forestOfTwo(t, [2][]member{sellers, sellers})
	for name, domain := range map[string]string{`SALES\Domain Users`: "SALES", `CORP\Domain Users`: "CORP", "Auditors": "CORP"} {
		code := w.run(t, "delegate", "--to", name, "--ou", ou)
		if code != 0 || !strings.Contains(w.out.String(), `dsacls "`+ou+`" /I:S /G "`+domain+`\`) {
			t.Errorf("%s: exit code %d: %s\n%s", name, code, &w.err, &w.out)
		}
	}
	for _, args := range [][]string{
		{"--to", "Domain Users", "--ou", ou}, // both domains have one
		{"--to", `CORP\Administrators`, "--ou", ou},
		{"--to", "Domain Users", "--ou", "OU=Staff,DC=other,DC=example,DC=com"},
	} {
		if code := w.run(t, append([]string{"delegate", "--apply", "--yes"}, args...)...); code == 0 || code == 1 || !strings.Contains(w.err.String(), "hint: ") {
			t.Errorf("%q: exit code %d: %s", args, code, &w.err)
		}
	}
	apply := []string{"delegate", "--apply", "--to", `SALES\Domain Users`, "--ou", ou, "--yes"}
	for _, step := range []struct {
		args []string
		says string
		code int
	}{
		{append(apply, "--dry-run"), "would change", 0},
		{apply, "\tchanged", 0},
		{apply, "\tunchanged", 0},
		{[]string{"undo", "--yes"}, "\tremove\t", 0},
		{append(apply, "--dry-run"), "would change", 0},
		{[]string{"undo", "--yes"}, "\tadd\t", 0},
		{apply, "\tunchanged", 0},
	} {
		if code := w.run(t, step.args...); code != step.code || strings.Count(w.out.String(), step.says) != 2 || !strings.Contains(w.out.String(), ou+"\t") {
			t.Errorf("%q: exit code %d: %s\n%s, want %q", step.args, code, &w.err, &w.out, step.says)
		}
	}
}
