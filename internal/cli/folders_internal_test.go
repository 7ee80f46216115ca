package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/adsim/adsimtest"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
)

// smallForest is a domain with nobody in it but Ada.
func smallForest(t *testing.T) *ldapattr.Forest {
	t.Helper()
	served := adsimtest.StartTLS(t, adsim.Config{Domain: "corp.example.com", NetBIOS: "CORP", Seed: strings.NewReader(
		"dn: CN=Ada,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: ada\nuserPassword: Countess1!\n")})
	forest, err := ldapattr.OpenForest(t.Context(), ldapattr.Config{
		Servers: []string{served.URL}, RootCAs: served.Roots,
		Bind: ldapattr.Bind{User: `CORP\ada`, Password: secret.New("Countess1!")},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = forest.Close() })
	return forest
}

// Where only a ticket is there, a run on a file server is neither settled nor taken
// back: that is a mistake in the command line, told before anybody is asked. The run
// stays for whoever has a password.
func TestFolders_withATicketAlone(t *testing.T) {
	var told bytes.Buffer
	store := journal.At(t.TempDir())
	run, err := store.Begin(journal.Header{Command: "shares mkdir --all", Domain: "corp.example.com", Kind: journal.Folders})
	if err != nil {
		t.Fatal(err)
	}
	made := journal.Entry{User: `CORP\alice`, Folder: &journal.FolderChange{Place: `\\fs01.corp.example.com\ftp$\alice`, After: &journal.FolderState{SDDL: "O:BAD:P"}}}
	if _, err := run.Intend([]journal.Entry{made}); err != nil {
		t.Fatal(err)
	}
	if err := run.Leave(); err != nil {
		t.Fatal(err)
	}
	v := &visitor{forest: smallForest(t), bind: ldapattr.Bind{Kerberos: true},
		policy: shares.Policy{FileServers: []shares.FileServer{{Pattern: "*.corp.example.com"}}}}
	a := &app{env: Env{Stderr: &told}}
	wanted := func(what string, err error) {
		t.Helper()
		if exitCode(err) != exitUsage || !strings.Contains(err.Error(), "fs01.corp.example.com is entered with a password") || !strings.Contains(advice(err), "--password-file") {
			t.Errorf("%s: exit code %d, %v, hint %q", what, exitCode(err), err, advice(err))
		}
	}
	for range 2 { // it is not lost when it is refused
		err := settleFolders(t.Context(), a, v, store)
		wanted("settle", err)
		if err != nil && !strings.Contains(err.Error(), run.Header.ID) {
			t.Errorf("which run? %v", err)
		}
	}
	h, err := store.Read(run.Header.ID)
	if err != nil {
		t.Fatal(err)
	}
	wanted("undo", canEnterAll(v.policy, h.Entries, v.bind))
	if told.Len() > 0 {
		t.Errorf("told: %s", &told)
	}
	// What another command is about may need no password: it goes on, and says so.
	b := &bulk{app: a, forest: v.forest, store: store, flags: &bulkFlags{}, bind: v.bind}
	f, err := openFolders(t.Context(), b, &fileServerFlags{names: []string{"fs01.corp.example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	f.close()
	if !strings.Contains(told.String(), "warning: the journal: a run that was broken off stays open: run "+run.Header.ID) {
		t.Errorf("told: %s", &told)
	}
}
