package cli_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/audit/rules"
)

// audited is a domain of internal/audit/rules/testdata with the configuration for it.
type audited struct {
	*world
	config string
}

// fixture reads a file that the rules are tried on.
func fixture(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "audit", "rules", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// prepared starts a prepared domain: bad, clean or bare. What a file -deleted.ldif holds is
// deleted again.
func prepared(t *testing.T, config string, ldif ...string) audited {
	t.Helper()
	text := administrator
	var deleted []string
	for _, name := range ldif {
		text += fixture(t, name) + "\n"
		if strings.HasSuffix(name, "-deleted.ldif") {
			for _, line := range regexp.MustCompile(`(?m)^dn: (.*)$`).FindAllStringSubmatch(fixture(t, name), -1) {
				deleted = append(deleted, line[1])
			}
		}
	}
	w, _ := domainOf(t, text)
	remove(t, w, deleted)
	return configured(t, w, fixture(t, config))
}

// configured gives a world its configuration, and the passwords.
func configured(t *testing.T, w *world, config string) audited {
	t.Helper()
	w.variables["FTPISOCTL_PASSWORD_FILE"] = file(t, "ada.password", adaPassword)
	a := audited{w, file(t, "ftpisoctl.yaml", config)}
	if err := os.WriteFile(filepath.Join(filepath.Dir(a.config), "svc.password"), []byte("Bad-D0main!"), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// administrator is Ada alone.
var administrator = strings.SplitAfter(seed, "\n\n")[0]

func preparedBad(t *testing.T) audited {
	t.Helper()
	return prepared(t, "bad.yaml", "bad.ldif", "bad-sim.ldif", "bad-deleted.ldif")
}

// remove deletes entries past the program, which deletes none.
func remove(t *testing.T, w *world, dns []string) {
	t.Helper()
	authority, err := os.ReadFile(w.variables["FTPISOCTL_CA_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	conn, err := ldap.DialURL(w.variables["FTPISOCTL_SERVER"], ldap.DialWithTLSConfig(&tls.Config{RootCAs: pool}))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = conn.Bind(w.variables["FTPISOCTL_BIND_USER"], adaPassword)
	for _, dn := range dns {
		if err == nil {
			err = conn.Del(ldap.NewDelRequest(dn, nil))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// preparedForest starts what needs more than one domain controller and more than one domain.
func preparedForest(t *testing.T) audited {
	t.Helper()
	tlsConfig, authority, err := adsim.SelfSigned()
	if err != nil {
		t.Fatal(err)
	}
	domain := func(dns, netbios, seed string) *adsim.Server {
		server, err := adsim.New(adsim.Config{Domain: dns, NetBIOS: netbios, ForestRoot: "corp.example.com", Seed: strings.NewReader(seed), TLS: tlsConfig, RequireTLS: true})
		if err != nil {
			t.Fatal(err)
		}
		return server
	}
	var urls []string
	config := fixture(t, "forest.yaml")
	for _, own := range []string{"forest-first.ldif", "forest-second.ldif"} {
		corp := domain("corp.example.com", "CORP", administrator+fixture(t, "forest.ldif")+"\n"+fixture(t, own))
		sales := domain("sales.corp.example.com", "SALES", fixture(t, "forest-sales.ldif"))
		if err := adsim.Join(corp, sales); err != nil {
			t.Fatal(err)
		}
		urls = append(urls, "ldaps://"+serving(t, corp.ServeTLS))
		config = strings.ReplaceAll(config, "ldaps://dc1.sales.corp.example.com", "ldaps://"+serving(t, sales.ServeTLS))
	}
	return configured(t, &world{variables: map[string]string{
		"FTPISOCTL_SERVER": strings.Join(urls, ","), "FTPISOCTL_CA_FILE": file(t, "ca.pem", string(authority)),
		"FTPISOCTL_BIND_USER": `CORP\ada`, "FTPISOCTL_JOURNAL": t.TempDir(),
	}}, config)
}

// act runs a command of a table, which must succeed.
func (a audited) act(t *testing.T, args ...string) string {
	t.Helper()
	args = append([]string{args[0], "--config", a.config}, args[1:]...)
	if args[0] == "audit" {
		if !slices.Contains(args, "--level") {
			args = append(args, "--level", "0")
		}
		args = append(args, "-q", "--fail-on", "none", "-o", "tsv", "--no-headers", "--columns", "rule,severity,login,location")
	}
	if code := a.run(t, args...); code != 0 {
		t.Fatalf("%q: exit code %d: %s", args, code, &a.err)
	}
	return regexp.MustCompile(`S-1-5-21-[0-9-]+`).ReplaceAllString(a.out.String(), "SID")
}

// tried is one command of a table, and what it prints.
type tried struct {
	args []string
	want string
}

// table reads commands, each on a line that begins with a dollar, and the findings below
// each audit.
func table(t *testing.T, name string) []tried {
	t.Helper()
	var all []tried
	for line := range strings.Lines(fixture(t, name)) {
		switch command, is := strings.CutPrefix(line, "$\t"); {
		case is:
			all = append(all, tried{args: strings.Split(strings.TrimSuffix(command, "\n"), "\t")})
		case len(all) > 0:
			all[len(all)-1].want += line
		}
	}
	return all
}

// asExpected holds a domain to its table: each audit finds that, and no more.
func (a audited) asExpected(t *testing.T, name string) {
	t.Helper()
	for _, c := range table(t, name) {
		if got := a.act(t, c.args...); c.args[0] == "audit" && got != c.want {
			t.Errorf("%q: got\n%s\nwant\n%s", c.args, got, c.want)
		}
	}
}

// The bad domain has the findings of its table, and no other.
func TestAudit_badDomain(t *testing.T) { preparedBad(t).asExpected(t, "bad.tsv") }

// So has a forest in which two domains gave the same home away, and two domain
// controllers disagree.
func TestAudit_badForest(t *testing.T) { preparedForest(t).asExpected(t, "forest.tsv") }

// So has a forest whose schema lacks the attributes.
func TestAudit_bareDomain(t *testing.T) {
	prepared(t, "bare.yaml", "bare.ldif").asExpected(t, "bare.tsv")
}

func TestAudit_cleanDomain(t *testing.T) {
	a := prepared(t, "clean.yaml", "clean.ldif")
	for _, c := range table(t, "clean.tsv") {
		if got := a.act(t, c.args...); got != "" {
			t.Errorf("%q: got\n%s", c.args, got)
		}
	}
}

// firstRelease are the rules that the first release has; a whole letter is all of its
// rules.
const firstRelease = "V X A S01 S02 S03 S04 S05 H01 H02 H03 H04 H05 H06 H07 H10 H13 C01 C02 C03 C04 C06 C07 C08 C09"

// Every rule of the first release is violated in a prepared domain that has an exact table
// of findings. places.tsv is for the lab, and loopback.tsv for internal/audit/rules.
func TestAudit_preparedDomainsViolateEveryRule(t *testing.T) {
	violated := map[string]bool{}
	for _, name := range []string{"bad.tsv", "forest.tsv", "bare.tsv", "places.tsv", "loopback.tsv"} {
		for _, c := range table(t, name) {
			for line := range strings.Lines(c.want) {
				id, _, _ := strings.Cut(line, "\t")
				violated[id] = true
			}
		}
	}
	there := map[string]bool{}
	for _, rule := range rules.All() {
		there[rule.ID] = true
		if slices.Contains(strings.Fields(firstRelease), rule.ID[:1]) && !violated[rule.ID] {
			t.Errorf("no prepared domain violates %s", rule.ID)
		}
	}
	for id := range strings.FieldsSeq(firstRelease) {
		if len(id) > 1 && !(violated[id] && there[id]) {
			t.Errorf("%s is a rule: %v; a prepared domain violates it: %v", id, there[id], violated[id])
		}
	}
	for id := range violated {
		if !there[id] {
			t.Errorf("%s is in a table and is no rule", id)
		}
	}
}

// fixable returns the findings as the table has them, in order, and which of them a plan
// repairs.
func (a audited) fixable(t *testing.T, args ...string) (all []string, fixed map[string]bool) {
	t.Helper()
	fixed = map[string]bool{}
	if code := a.run(t, append([]string{"audit", "--config", a.config, "-q", "--fail-on", "none", "-o", "jsonl"}, args...)...); code != 0 {
		t.Fatalf("exit code %d: %s", code, &a.err)
	}
	for line := range strings.Lines(a.out.String()) {
		var f audit.Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		all = append(all, f.Rule+" "+f.Login)
		if f.Fix != nil {
			fixed[f.Rule+" "+f.Login] = true
		}
	}
	return all, fixed
}

// A plan out of the findings makes exactly those vanish that it can repair, and no new
// ones; undo brings them back.
func TestAudit_badDomainIsRepaired(t *testing.T) {
	a := preparedBad(t)
	flags := []string{"--groups", "3", "--shared", `\\fs01.corp.example.com\ftp$\x07`}
	before, fixed := a.fixable(t, flags...)
	plan := filepath.Join(t.TempDir(), "fix.json")
	a.fixable(t, append(flags, "--fix-plan", plan)...)
	a.act(t, "apply", plan, "--yes")
	after, _ := a.fixable(t, flags...)
	want := slices.DeleteFunc(slices.Clone(before), func(f string) bool { return fixed[f] })
	if !slices.Equal(after, want) {
		t.Errorf("repaired: got\n%q\nwant\n%q", after, want)
	}
	repaired := slices.Sorted(maps.Keys(fixed))
	if want := []string{"A01 a01", "A02 a02", "V04 v04", "V06 v06", "V10 v10", "V11 v11", "V11 v11-blank", "V12 v12", "V12 v12-bidi", "V19 v19", "V23 v23"}; !slices.Equal(repaired, want) {
		t.Errorf("a plan repairs %q\nwant %q", repaired, want)
	}
	a.act(t, "undo", "--yes")
	if again, _ := a.fixable(t, flags...); !slices.Equal(again, before) {
		t.Errorf("after undo: got\n%q\nwant\n%q", again, before)
	}
}
