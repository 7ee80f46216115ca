package cli_test

import (
	"strings"
	"testing"
)

// The forms, as get prints them.
func TestForms(t *testing.T) {
	w, _ := domainWithPassword(t)
	const root = `\\fs01\ftp$`
	for _, tt := range []struct{ args, want string }{
		{"-o name", "CORP\\alice\nCORP\\bob\n"},
		{"--columns dir,root", "alice\t" + root + "\nbob\t" + root + "\n"},
		{"--columns=DIR --header", "dir\nalice\nbob\n"},
		{"-o table --columns user,dir --no-headers", "CORP\\alice  alice\nCORP\\bob    bob\n"},
		{"-o csv --columns dir,sAMAccountName --sort -user", "dir,sAMAccountName\nbob,bob\nalice,alice\n"},
		{"-o csv --columns dir --no-headers", "alice\nbob\n"},
		{"-o tsv --columns dir --sort=-dir", "bob\nalice\n"},
		{"-o jsonl --columns dir,account", `{"schema":1,"dir":"alice","account":"enabled"}` + "\n" + `{"schema":1,"dir":"bob","account":"enabled"}` + "\n"},
		{"-o json --columns dir", `{"schema":1,"users":[` + "\n" + `{"dir":"alice"},` + "\n" + `{"dir":"bob"}` + "\n]}\n"},
		{"-o yaml --columns user,root", "schema: 1\nusers:\n  - user: 'CORP\\alice'\n    root: '" + root + "'\n  - user: 'CORP\\bob'\n    root: '" + root + "'\n"},
		{"-o template={{.sAMAccountName}}={{.dir}}", "alice=alice\nbob=bob\n"},
		{"-o ldif", "version: 1\n\ndn: CN=Alice,CN=Users,DC=corp,DC=example,DC=com\nsAMAccountName: alice\nmsIIS-FTPRoot: " + root +
			"\nmsIIS-FTPDir: alice\n\ndn: CN=Bob,CN=Users,DC=corp,DC=example,DC=com\nsAMAccountName: bob\nmsIIS-FTPRoot: " + root + "\nmsIIS-FTPDir: bob\n"},
	} {
		if code := w.run(t, append([]string{"get", "alice", "bob"}, strings.Fields(tt.args)...)...); code != 0 {
			t.Errorf("%s: exit code %d: %s", tt.args, code, &w.err)
		}
		if got := w.out.String(); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.args, got, tt.want)
		}
	}
}

// A change is LDIF that ldapmodify takes.
func TestForms_changesAsLDIF(t *testing.T) {
	w, _ := domainWithPassword(t)
	if code := w.run(t, "set", "alice", "--dir", "a b", "--dry-run", "-o", "ldif"); code != 0 {
		t.Fatalf("exit code %d: %s", code, &w.err)
	}
	const want = "version: 1\n\ndn: CN=Alice,CN=Users,DC=corp,DC=example,DC=com\nchangetype: modify\nreplace: msIIS-FTPDir\nmsIIS-FTPDir: a b\n-\n"
	if got := w.out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What cannot be shown is refused before anything is done.
func TestForms_refused(t *testing.T) {
	w, server := domainWithPassword(t)
	for args, want := range map[string]string{
		"get alice --columns user,nothing":            `there is no column "nothing"; the columns are user, root,`,
		"get alice --sort nothing":                    `there is no column "nothing"`,
		"get alice --columns=-user":                   `there is no column "-user"`,
		"get alice --columns user -o ldif":            "the form ldif has no columns",
		"get alice -o name --columns user":            "the form name has no columns",
		"get alice -o template={{.user}} --columns a": `there is no column "a"`,
		"get alice -o template={{range":               "--output: ",
		"get alice -o xml":                            "the form of output is one of table, tsv, csv, json, jsonl, yaml, ldif, name, template=, not",
		"get alice --header --no-headers":             "--header and --no-headers exclude each other",
		"get alice -q -v":                             "--quiet and --verbose exclude each other",
		"get alice --color sometimes":                 "--color: it is auto, always or never",
		"shares check alice -o ldif":                  "have no form in LDIF",
		"set alice --dir x -o template={{":            "--output: ",
	} {
		if code := w.run(t, strings.Fields(args)...); code != 2 || !strings.Contains(w.err.String(), want) {
			t.Errorf("%s: exit code %d, want 2 and %q: %s", args, code, want, &w.err)
		}
	}
	if n := server.Stats().Connections; n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

// Colours are for terminals that take them, unless somebody says otherwise; results
// for programs never have any.
func TestColors(t *testing.T) {
	w, _ := domainWithPassword(t)
	const escape = "\x1b["
	for _, tt := range []struct {
		name      string
		terminal  bool
		variables map[string]string
		args      []string
		want      bool
	}{
		{"pipe", false, nil, nil, false},
		{"terminal", true, nil, nil, true},
		{"terminal without colours", true, map[string]string{"NO_COLOR": "1"}, nil, false},
		{"dumb terminal", true, map[string]string{"TERM": "dumb"}, nil, false},
		{"pipe, forced", false, map[string]string{"CLICOLOR_FORCE": "1"}, nil, true},
		{"pipe, not forced", false, map[string]string{"CLICOLOR_FORCE": "0"}, nil, false},
		{"forced and forbidden", true, map[string]string{"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, nil, false},
		{"never", true, map[string]string{"CLICOLOR_FORCE": "1"}, []string{"--color", "never"}, false},
		{"always", false, map[string]string{"NO_COLOR": "1"}, []string{"--color=always"}, true},
	} {
		w.terminal, w.colors = tt.terminal, true
		for name, value := range tt.variables {
			w.variables[name] = value
		}
		code := w.run(t, append([]string{"get", "alice", "nobody", "-o", "table"}, tt.args...)...)
		if out, err := strings.Contains(w.out.String(), escape), strings.Contains(w.err.String(), escape); code != 3 || out != tt.want || err != tt.want {
			t.Errorf("%s: exit code %d, colours in the table %v, in errors %v, want %v", tt.name, code, out, err, tt.want)
		}
		for _, form := range []string{"tsv", "csv", "json", "jsonl", "yaml", "ldif", "name", "template={{.user}}"} {
			if w.run(t, append([]string{"get", "alice", "-o", form}, tt.args...)...); strings.Contains(w.out.String(), escape) {
				t.Errorf("%s: the form %s has colours: %q", tt.name, form, &w.out)
			}
		}
		for name := range tt.variables {
			delete(w.variables, name)
		}
	}
}

// --quiet leaves results and errors.
func TestQuiet(t *testing.T) {
	w, _ := domainWithPassword(t)
	if code := w.run(t, "get", "nobody", "-q"); code != 8 || strings.Contains(w.err.String(), "hint:") || !strings.HasPrefix(w.err.String(), "error: ") {
		t.Errorf("exit code %d: %s", code, &w.err)
	}
}
