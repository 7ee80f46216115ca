package cli_test

import (
	"regexp"
	"strings"
	"testing"
)

// Each request stands on a line of its own, with what it was and what came of it.
func TestTrace(t *testing.T) {
	w, _ := domainWithPassword(t)
	w.variables["XDG_STATE_HOME"] = t.TempDir()
	if code := w.run(t, "set", "alice", "--dir", "a b", "--trace=ldap"); code != 0 {
		t.Fatalf("exit code %d: %s", code, &w.err)
	}
	told := w.err.String()
	for _, want := range []string{
		`(?m)^time=\S+ level=INFO msg=ldap type=bind object=CORP\\ada result=Success took=\S+ server=ldaps://127.0.0.1:\d+$`,
		`type=search object="DC=corp,DC=example,DC=com" scope=sub filter="\(&\(.*sAMAccountName=alice\).*" attributes=objectGUID,\S*msIIS-FTPRoot,msIIS-FTPDir result=Success entries=1 took=`,
		`type=modify object="?\S+"? attributes="?.*add msIIS-FTPDir=a b"? result=Success took=`,
	} {
		if !regexp.MustCompile(want).MatchString(told) {
			t.Errorf("%s is not among\n%s", want, told)
		}
	}
	if strings.Contains(told, adaPassword) || w.out.Len() == 0 || strings.Contains(w.out.String(), "type=") {
		t.Errorf("results\n%s\ntrace\n%s", &w.out, told)
	}
	if code := w.run(t, "get", "alice"); code != 0 || w.err.Len() > 0 {
		t.Errorf("without --trace: exit code %d, %s", code, &w.err)
	}
	if code := w.run(t, "get", "alice", "--trace=smb"); code != 2 || !strings.Contains(w.err.String(), "--trace: what can be traced is ldap") {
		t.Errorf("exit code %d: %s", code, &w.err)
	}
}
