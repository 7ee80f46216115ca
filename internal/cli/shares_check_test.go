package cli_test

import (
	"context"
	"net"
	"strings"
	"testing"
)

// An interrupted walk has found out nothing about the step it was at: that step is
// not called a failure, and the list says that it is not whole.
func TestSharesCheck_interrupted(t *testing.T) {
	w, _ := domainWithPassword(t)
	ctx, interrupt := context.WithCancel(t.Context())
	system := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = system })
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(asked context.Context, _, _ string) (net.Conn, error) {
		interrupt()
		<-asked.Done()
		return nil, asked.Err()
	}}
	code := w.runUntil(ctx, "shares", "check", "alice", "--file-server", "fs01", "-o", "json")
	if code != 130 || w.err.String() != "interrupted\n" {
		t.Errorf("exit code %d, want 130:\n%s", code, &w.err)
	}
	if told := w.out.String(); !strings.Contains(told, `"step":"allowed","ok":true`) || strings.Contains(told, `"ok":false`) ||
		!strings.Contains(told, `"incomplete":true`) {
		t.Errorf("the steps are told as\n%s", told)
	}
}

// The account that enters file servers need not lie below the base, where users are
// looked for.
func TestSharesCheck_accountOutsideOfTheBase(t *testing.T) {
	w, _ := domainWithPassword(t)
	system := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = system })
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, net.ErrClosed
	}}
	code := w.run(t, "shares", "check", "alice", "--base-dn", "CN=Alice,CN=Users,DC=corp,DC=example,DC=com", "--file-server", "fs01", "-o", "json")
	if told := w.out.String(); code == 0 || !strings.Contains(told, `"step":"name","ok":false`) {
		t.Errorf("exit code %d: %s\n%s", code, &w.err, told)
	}
}
