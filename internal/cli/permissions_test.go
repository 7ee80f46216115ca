package cli_test

import (
	"context"
	"crypto/x509"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

const usersDN = "CN=Users,DC=corp,DC=example,DC=com"

// delegate is what the tests here run.
func delegate(more ...string) []string {
	return append([]string{"delegate", "--apply", "--to", "Domain Users", "--ou", usersDN}, more...)
}

// otherAdmin is somebody else who looks after the permissions of the same container.
type otherAdmin struct{ *ldapattr.Permissions }

func newOtherAdmin(t *testing.T, w *world) otherAdmin {
	t.Helper()
	pem, err := os.ReadFile(w.variables["FTPISOCTL_CA_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	d, err := ldapattr.Open(t.Context(), ldapattr.Config{
		Servers: []string{w.variables["FTPISOCTL_SERVER"]}, RootCAs: pool,
		Bind: ldapattr.Bind{User: `CORP\ada`, Password: secret.New(adaPassword)},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return otherAdmin{&ldapattr.Permissions{Directory: d}}
}

func (o otherAdmin) read(t *testing.T) ldapattr.Secured {
	t.Helper()
	now, err := o.Descriptor(t.Context(), usersDN)
	if err != nil {
		t.Fatal(err)
	}
	return now
}

// write replaces the list by entries in SDDL, what is there already in front.
func (o otherAdmin) write(t *testing.T, keep bool, sddl string) {
	t.Helper()
	now := o.read(t)
	d, err := secdesc.ParseSDDL("D:"+sddl, "")
	if err != nil {
		t.Fatal(err)
	}
	list := *d.DACL
	if keep {
		list = now.Descriptor.DACL.With(list.Entries...)
	}
	if _, err := o.SetDACL(t.Context(), now, list); err != nil {
		t.Fatal(err)
	}
}

// The preview shows each entry, and nothing but consent makes them.
func TestDelegateApply_asksForConsent(t *testing.T) {
	for _, tt := range []struct {
		name, answer string
		err          error
		code, writes int
	}{
		{"yes", "y\n", nil, 0, 1},
		{"in full", " YES \n", nil, 0, 1},
		{"nothing", "\n", nil, 1, 0},
		{"no", "n\n", nil, 1, 0},
		{"nobody", "", io.EOF, 2, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, server := domainWithPassword(t)
			w.terminal = true
			w.say = func(context.Context) (string, error) { return tt.answer, tt.err }
			code := w.run(t, delegate()...)
			if code != tt.code || server.Stats().Modifies != tt.writes || strings.Join(w.questions, "") != "Change these permissions? [y/N] " {
				t.Errorf("exit code %d, %d writes, asked %q:\n%s", code, server.Stats().Modifies, w.questions, &w.err)
			}
			if n := strings.Count(w.err.String(), usersDN+": add (OA;CIIO;RPWP;"); n != 2 {
				t.Errorf("%d entries in the preview:\n%s", n, &w.err)
			}
		})
	}
	w, server := domainWithPassword(t)
	ctx, interrupt := context.WithCancel(t.Context())
	w.terminal = true
	w.say = func(ctx context.Context) (string, error) {
		interrupt()
		<-ctx.Done()
		return "", ctx.Err()
	}
	if code := w.runUntil(ctx, delegate()...); code != 130 || server.Stats().Modifies != 0 {
		t.Errorf("interrupted: exit code %d:\n%s", code, &w.err)
	}
}

// What has moved between the preview and the write is not overwritten, whichever way it goes.
func TestDelegateApply_conflict(t *testing.T) {
	w, _ := domainWithPassword(t)
	other := newOtherAdmin(t, w)
	w.terminal = true
	w.say = func(context.Context) (string, error) {
		other.write(t, true, "(A;;RP;;;BG)")
		return "y", nil
	}
	if code := w.run(t, delegate()...); code != 7 || !strings.Contains(w.err.String(), "somebody else changed it [LDAP-16]") ||
		!strings.Contains(w.err.String(), "hint: look at it again, and repeat the command") {
		t.Errorf("exit code %d:\n%s", code, &w.err)
	}
	if now := other.read(t).Descriptor.SDDL(); strings.Contains(now, "2a7827a4") || !strings.Contains(now, "(A;;RP;;;BG)") {
		t.Errorf("it is %s", now)
	}
	if code := w.run(t, delegate("--yes")...); code != 0 {
		t.Fatalf("repeated: exit code %d:\n%s", code, &w.err)
	}

	w.say = func(context.Context) (string, error) {
		other.write(t, true, "(A;;RP;;;SU)")
		return "y", nil
	}
	if code := w.run(t, "undo"); code != 7 || strings.Count(w.err.String(), usersDN+": remove (OA;") != 2 {
		t.Errorf("undo: exit code %d:\n%s", code, &w.err)
	}
	if now := other.read(t).Descriptor.SDDL(); !strings.Contains(now, "2a7827a4") || !strings.Contains(now, "(A;;RP;;;SU)") {
		t.Errorf("it is %s", now)
	}
	if code := w.run(t, "history", "-o", "json"); code != 0 || !strings.Contains(w.out.String(), `"conflict":1`) {
		t.Errorf("history says %s", &w.out)
	}
}

// One of the two entries is taken away by somebody else: undo takes the other, and says so.
func TestDelegateApply_undoOfWhatIsLeft(t *testing.T) {
	w, _ := domainWithPassword(t)
	other := newOtherAdmin(t, w)
	if code := w.run(t, delegate("--yes")...); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, &w.err)
	}
	now := other.read(t)
	added := now.Descriptor.DACL.Entries[len(now.Descriptor.DACL.Entries)-2:]
	list, _ := now.Descriptor.DACL.Without(added[0])
	if _, err := other.SetDACL(t.Context(), now, list); err != nil {
		t.Fatal(err)
	}
	if code := w.run(t, "undo", "--yes"); code != 0 || strings.Count(w.out.String(), "\tremove\t") != 1 {
		t.Errorf("exit code %d:\n%s%s", code, &w.out, &w.err)
	}
	if now := other.read(t).Descriptor.DACL; now.Has(added[0]) || now.Has(added[1]) {
		t.Errorf("it is %v", now)
	}
	if code := w.run(t, "history"); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, &w.err)
	}
	id := strings.Fields(strings.TrimSpace(w.out.String()))[0]
	for form, want := range map[string]string{
		"tsv":  usersDN + "\tnTSecurityDescriptor\t\t(OA;CIIO;RPWP;2a7827a4-1483-49a5-9d84-52e3812156b4;",
		"json": `"attribute":"nTSecurityDescriptor","before":null,"after":"(OA;CIIO;RPWP;`,
	} {
		if code := w.run(t, "history", id, "-o", form); code != 0 || !strings.Contains(w.out.String(), want) {
			t.Errorf("history -o %s: exit code %d: %s%s, want %s", form, code, &w.out, &w.err, want)
		}
	}
	if code := w.run(t, "history", id, "-o", "ldif"); code == 0 {
		t.Errorf("entries of permissions have no form in LDIF:\n%s", &w.out)
	}
}

// A list out of order could come to mean something else, so it is left to people.
func TestDelegateApply_listOutOfOrder(t *testing.T) {
	w, _ := domainWithPassword(t)
	other := newOtherAdmin(t, w)
	other.write(t, false, "(A;;GA;;;BA)(D;;WP;;;BG)")
	before := other.read(t).Descriptor.SDDL()
	if code := w.run(t, delegate("--yes")...); code != 1 || !strings.Contains(w.err.String(), "not in the order that Windows demands") || !strings.Contains(w.err.String(), "hint: ") {
		t.Errorf("exit code %d:\n%s", code, &w.err)
	}
	if now := other.read(t).Descriptor.SDDL(); now != before {
		t.Errorf("it is %s", now)
	}
}

// A write that nobody answered is looked at by the next command that writes, or by history --settle.
func TestDelegateApply_lostAnswer(t *testing.T) {
	w, server := domainWithPassword(t)
	server.SetFaults(adsim.Faults{Only: adsim.OpModify, Lose: true})
	if code := w.run(t, delegate("--yes")...); code != 5 || !strings.Contains(w.err.String(), "was broken off; its 1 open change has been read back: in all 1 done") {
		t.Errorf("exit code %d:\n%s", code, &w.err)
	}
	server.SetFaults(adsim.Faults{})
	if code := w.run(t, "undo", "--yes"); code != 0 || strings.Count(w.out.String(), "\tremove\t") != 2 {
		t.Errorf("undo: exit code %d:\n%s%s", code, &w.out, &w.err)
	}
}
