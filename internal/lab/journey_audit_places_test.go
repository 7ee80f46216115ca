//go:build lab

package lab_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

const (
	placesOU = "OU=Places," + lab.BaseDN
	places   = `\\` + lab.FileServer + `\` + emptyShare
	silent   = "silent." + lab.Domain // a name whose address takes packets and answers none
	nowhere  = "nowhere." + lab.Domain
)

// badPlaces are users with what lies in the place of their homes. In an access list USER is the user, OTHER another one;
// none at all is no directory.
var badPlaces = []struct{ login, root, acl string }{
	{"h01", places, ""},
	{"h02", places, ""}, // there is a file
	{"h03", places, "O:USERD:P(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;USER)(A;OICI;0x1301bf;;;WD)"},
	{"h04", places, "O:USERD:P(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;USER)(A;OICI;0x1200a9;;;OTHER)"},
	{"h05", places, "O:BAD:P(A;OICI;FA;;;BA)"},
	{"h06", places, "O:USERD:P(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;USER)"},
	{"h07", places, "O:OTHERD:P(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;USER)"},
	{"h10-null", places, "O:USERD:NO_ACCESS_CONTROL"},
	{"h10-empty", places, "O:BAD:P"},
	{"s01", `\\` + nowhere + `\ftp$`, ""},
	{"s02", `\\` + lab.FTPServer + `\ftp$`, ""},
	{"s02-one", `\\` + silent + `\ftp$`, ""}, {"s02-two", `\\` + silent + `\ftp$`, ""}, {"s02-three", `\\` + silent + `\ftp$`, ""},
	{"s03", `\\` + lab.FileServer + `\gone$`, ""},
}

// ofPlaces are the audits of places.tsv, each with what it finds: one of everything about them, and one of what nobody has.
func ofPlaces(t *testing.T) (all, abandoned placesAudit) {
	t.Helper()
	blocks := strings.Split(fixture(t, "places.tsv"), "\n$\t")
	if len(blocks) != 3 {
		t.Fatalf("%d audits", len(blocks)-1)
	}
	for i, to := range []*placesAudit{&all, &abandoned} {
		command, findings, _ := strings.Cut(blocks[i+1], "\n")
		to.args, to.want = strings.Split(command, "\t"), lines(findings)
	}
	return all, abandoned
}

// placesAudit is an audit, and what it finds.
type placesAudit struct{ args, want []string }

// auditPlaces begins an audit of everything about the prepared domain.
func (p *preparedDomain) auditPlaces() chan outcome {
	p.t.Helper()
	all, _ := ofPlaces(p.t)
	args := append([]string{all.args[0], "--config", p.config, "-q", "--fail-on", "none", "-o", "json"}, all.args[1:]...)
	ended := make(chan outcome, 1)
	go func() { ended <- execute(p.t, p.env, program(p.t), args...) }()
	return ended
}

// reportOf reads what an audit has printed.
func reportOf(t *testing.T, got outcome) (report audited) {
	t.Helper()
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
		t.Fatalf("%v\n%.2000s", err, got)
	}
	return report
}

func (r audited) found() (all []string) {
	for _, f := range r.Findings {
		all = append(all, f.Rule+"\t"+f.Login+"\t"+f.Location)
	}
	return all
}

// Homes and shares that are in order yield nothing at all; each trouble that was made on a real file server yields its
// finding and no other; and dead servers end no audit, are told once, and let nothing pass.
func TestAudit_places(t *testing.T) {
	person := func(login, root string) string {
		return fmt.Sprintf("dn: CN=%s,%s\nobjectClass: user\nsAMAccountName: %[1]s\nuserAccountControl: 512\nmsIIS-FTPRoot: %[3]s\nmsIIS-FTPDir: %[1]s\nuserPassword: %[4]s\n\n",
			login, placesOU, root, preparedPassword)
	}
	ldif := "dn: " + placesOU + "\nobjectClass: organizationalUnit\n\n" + person("good-one", places) + person("good-two", places)
	p := populate(t, ldif, "directory: {baseDn: \""+placesOU+"\"}\nfileServers: [{name: \"*."+lab.Domain+"\"}]\n")
	share := administerShare(t, emptyShare)
	sids := p.sids()
	for _, login := range p.users {
		furnish(t, share, login, privateTo(sids[login]))
	}
	furnish(t, share, "h13", privateTo(sids["good-one"]))
	t.Run("good", func(t *testing.T) {
		p.t = t
		report := reportOf(t, <-p.auditPlaces())
		if found := report.found(); len(found) > 0 || report.Homes != 2 {
			t.Errorf("%d homes, found: %q", report.Homes, found)
		}
	})
	t.Run("abandoned", func(t *testing.T) { // only who asks about everybody can tell
		_, asked := ofPlaces(t)
		got := execute(t, p.env, program(t), append(asked.args, "-q", "--fail-on", "none", "-o", "tsv", "--columns", "rule,location")...)
		inPlaces := slices.DeleteFunc(lines(got.stdout), func(line string) bool { return !strings.HasPrefix(field(line, 1), places) })
		if !slices.Equal(inPlaces, asked.want) {
			t.Errorf("got %q, want %q in\n%v", inPlaces, asked.want, got)
		}
	})
	unanswered(t, silent)
	ldif = ""
	for _, one := range badPlaces {
		ldif += person(one.login, one.root)
	}
	bad := populate(t, ldif, "")
	sids = p.sids()
	for _, one := range badPlaces {
		if one.acl != "" {
			furnish(t, share, one.login, strings.NewReplacer("USER", sids[one.login], "OTHER", sids["h01"]).Replace(one.acl))
		}
	}
	file := filepath.Join(lab.Dir(), "empty", "h02")
	if err := os.WriteFile(file, []byte("no directory"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(file) })
	ended := p.auditPlaces() // it waits for the silent server, and needs nobody meanwhile
	t.Run("logins", func(t *testing.T) {
		s := serve(t)
		s.reload(t, "- name: "+lab.FileServer, "- name: \"*."+lab.Domain+"\"")
		p.t = t
		users := slices.DeleteFunc(slices.Concat(p.users, bad.users), func(login string) bool {
			return strings.HasPrefix(login, "s02-") // it would take until nobody waits any more
		})
		if n := p.agree(s, users); n < 5 || len(users)-n < 5 {
			t.Errorf("%d of %d users get in", n, len(users))
		}
	})
	got := <-ended
	report := reportOf(t, got)
	t.Run("bad", func(t *testing.T) {
		all, _ := ofPlaces(t)
		found, want := slices.Sorted(slices.Values(report.found())), slices.Sorted(slices.Values(all.want))
		if !slices.Equal(found, want) {
			t.Errorf("found\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
		}
	})
	t.Run("dead servers", func(t *testing.T) {
		t.Logf("the audit took %v", got.took)
		if got.took > 30*time.Second {
			t.Errorf("the audit took %v", got.took)
		}
		report.deadServers(t)
	})
}

// deadServers wants nothing to have passed for the users behind dead servers and without a share, and each of them to be
// counted with the reason.
func (r audited) deadServers(t *testing.T) {
	t.Helper()
	want, here := map[string]int{"the file server does not answer": 4, "the name of the file server does not resolve": 1, "the share is missing": 1}, 0
	for _, result := range r.Results {
		if !strings.HasPrefix(result.Rule, "H") || result.Rule == "H13" {
			continue
		}
		here++
		sum := 0
		for _, reason := range result.Reasons {
			if n, asked := want[reason.Text]; asked && n == reason.Count {
				sum += n
			}
		}
		if alive := r.Homes - 6; sum != 6 || result.Found+result.Passed > alive || result.Found+result.Passed+result.NotChecked > r.Homes {
			t.Errorf("of %d homes, 6 of them out of reach: %+v", r.Homes, result)
		}
	}
	if here < 8 {
		t.Errorf("%d rules about homes", here)
	}
}

// sids are those of the users below the base by name.
func (p *preparedDomain) sids() map[string]string {
	p.t.Helper()
	sids := map[string]string{}
	for line := range strings.Lines(p.act("list", "-o", "csv", "--columns", "sAMAccountName,sid", "--no-headers")) {
		name, sid, _ := strings.Cut(strings.TrimSpace(line), ",")
		sids[name] = sid
	}
	return sids
}

// furnish makes a directory with an access list in the empty share, for the time of the test.
func furnish(t *testing.T, share *smbfs.Folder, name, sddl string) {
	t.Helper()
	d, err := secdesc.ParseSDDL(sddl, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := share.Mkdir(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Join(lab.Dir(), "empty", name)) })
	if err := share.SetDescriptor(t.Context(), name, d.Bytes()); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// unanswered gives a name an address to which packets go and from which none come.
func unanswered(t *testing.T, name string) {
	t.Helper()
	const address = "10.53.58.77"
	hosts := filepath.Join(lab.Dir(), "hosts")
	before := read(t, hosts)
	ip := func(action string) {
		t.Helper()
		if out, err := exec.Command("ip", "route", action, address+"/32", "dev", "lo").CombinedOutput(); err != nil {
			t.Fatalf("ip route %s: %v %s", action, err, out)
		}
	}
	ip("add")
	t.Cleanup(func() {
		ip("del")
		if err := os.WriteFile(hosts, before, 0o644); err != nil {
			t.Error(err)
		}
	})
	if err := os.WriteFile(hosts, slices.Concat(before, []byte(address+" "+name+"\n")), 0o644); err != nil {
		t.Fatal(err)
	}
}
