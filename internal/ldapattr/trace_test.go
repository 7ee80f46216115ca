package ldapattr_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// Whoever watches sees each request with its answer, and no password.
func TestTrace(t *testing.T) {
	sim := newCorp(t)
	cfg := sim.asAdmin()
	var mu sync.Mutex
	var told []string
	cfg.Trace = func(op ldapattr.Operation) {
		mu.Lock()
		defer mu.Unlock()
		if op.Took <= 0 || op.Took > time.Minute || !strings.HasPrefix(op.Server, "ldap") {
			t.Errorf("%+v", op)
		}
		told = append(told, fmt.Sprintf("%s %s %s %s %s %d %s", op.Type, op.Object, op.Scope, op.Filter, strings.Join(op.Attributes, ","), op.Entries, op.Result))
	}
	d, err := ldapattr.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	u := lookup(t, d, "alice")
	dir := "moved"
	if _, err := d.Update(t.Context(), u, ldapattr.Update{Dir: &dir}); err != nil {
		t.Fatal(err)
	}
	if err := d.VerifyPassword(t.Context(), u, secret.New("Wr0ng!!")); err == nil {
		t.Error("a wrong password is right")
	}
	if err := d.VerifyPassword(t.Context(), u, secret.New(alicePass)); err != nil {
		t.Error(err)
	}
	mu.Lock()
	all := strings.Join(told, "\n")
	mu.Unlock()
	for _, want := range []string{
		"bind admin@corp.example.com", "search  base (objectClass=*) dnsHostName,",
		"search " + baseDN + " sub (&(sAMAccountName=alice)(objectCategory=person)(objectClass=user)) objectGUID,objectSid,sAMAccountName,",
		" 1 Success", "delete msIIS-FTPDir=alice,add msIIS-FTPDir=moved 0 Success", "bind " + u.DN + "    0 49 Invalid Credentials: 80090308",
		"bind " + u.DN + "    0 Success",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not among\n%s", want, all)
		}
	}
	for _, password := range []string{adminPass, alicePass, "Wr0ng!!"} {
		if strings.Contains(all, password) {
			t.Errorf("the trace holds a password:\n%s", all)
		}
	}
}

// A request that is never answered is told of, too.
func TestTrace_withoutAnAnswer(t *testing.T) {
	sim := newCorp(t)
	cfg := sim.asAdmin()
	told := make(chan ldapattr.Operation, 100)
	cfg.Trace = func(op ldapattr.Operation) { told <- op }
	d, err := ldapattr.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	sim.SetFaults(adsim.Faults{Only: adsim.OpSearch, Drop: true})
	name, err := ldapattr.ParseAccountName("alice", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Lookup(t.Context(), name); err == nil {
		t.Fatal("an answer came")
	}
	for {
		select {
		case op := <-told:
			if strings.HasPrefix(op.Result, "no answer: ") && op.Type == "search" {
				return
			}
		case <-time.After(10 * time.Second):
			t.Fatal("nobody was told")
		}
	}
}

// Of requests that are written together each is told of.
func TestTrace_ofManyAtOnce(t *testing.T) {
	cfg := newSim(t, "corp.example.com", crowd(100)).asAdmin()
	var modifies atomic.Int32
	cfg.Trace = func(op ldapattr.Operation) {
		if op.Type == "modify" && op.Result == "Success" && strings.HasSuffix(op.Attributes[len(op.Attributes)-1], "=x") {
			modifies.Add(1)
		}
	}
	f := openForest(t, cfg)
	f.UpdateAll(t.Context(), newDirs(crowdOf(t, f), "x"))
	if n := modifies.Load(); n != 100 {
		t.Errorf("%d modifies are told of, want 100", n)
	}
}
