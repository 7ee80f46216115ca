package cli_test

import (
	"encoding/binary"
	"runtime"
	"strings"
	"testing"
)

const profiles = `directory:
  domain: corp.example.com
  bindUser: CORP\svc
  passwordCommand: show --key hunter2
  profiles:
    - name: lab
      server: [ldaps://dc1.lab.example.com]
      kerberos: true
      timeout: 5s
fileServers:
  - name: fs01.corp.example.com
`

// origin runs config show --origin and returns value and origin of some keys.
func origin(t *testing.T, w *world, args ...string) map[string]string {
	t.Helper()
	if code := w.run(t, append([]string{"config", "show", "--origin"}, args...)...); code != 0 {
		t.Fatalf("exit code %d: %s", code, &w.err)
	}
	found := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(w.out.String()), "\n") {
		key, rest, _ := strings.Cut(line, "\t")
		found[key] = rest
	}
	return found
}

func TestConfigShow_origin(t *testing.T) {
	path := file(t, "ftpisoctl.yaml", profiles)
	w := &world{variables: map[string]string{"FTPISOCTL_CONFIG": path, "FTPISOCTL_BASE_DN": "OU=x,DC=corp", "FTPISOCTL_PASSWORD": "hunter3", "FTPISOCTL_JOURNAL": "/srv/runs"}}
	check := func(name string, got map[string]string, want map[string]string) {
		t.Helper()
		for key, value := range want {
			if got[key] != value {
				t.Errorf("%s: %s is %q, want %q", name, key, got[key], value)
			}
		}
		if strings.Contains(w.out.String(), "hunter") {
			t.Errorf("%s: a secret is shown:\n%s", name, &w.out)
		}
	}
	check("file and variables", origin(t, w, "--kerberos"), map[string]string{
		"directory.domain":          "corp.example.com\t" + path + ":2",
		"directory.bindUser":        `CORP\svc` + "\t" + path + ":3",
		"directory.password":        "***\tFTPISOCTL_PASSWORD",
		"directory.passwordCommand": "\tFTPISOCTL_PASSWORD", // which hides it
		"directory.baseDn":          "OU=x,DC=corp\tFTPISOCTL_BASE_DN",
		"directory.kerberos":        "true\t--kerberos",
		"directory.timeout":         "10s\tdefault",
		"journal":                   "/srv/runs\tFTPISOCTL_JOURNAL",
		"fileServers[0].name":       "fs01.corp.example.com\t" + path + ":11",
		"fileServers[0].ntlm":       "false\tdefault",
	})
	w.variables["FTPISOCTL_PASSWORD"] = "hunter3"
	check("profile by flag", origin(t, w, "--profile", "LAB", "--timeout", "7s"), map[string]string{
		"directory.server":          "ldaps://dc1.lab.example.com\t" + path + ":7",
		"directory.kerberos":        "true\t" + path + ":8",
		"directory.domain":          "\tdefault",
		"directory.bindUser":        "\tdefault",
		"directory.baseDn":          "\tdefault", // the variable is about another directory
		"directory.passwordCommand": "\tdefault",
		"directory.password":        "",
		"directory.timeout":         "7s\t--timeout",
	})
	w.variables["FTPISOCTL_PROFILE"] = "lab"
	check("profile by variable", origin(t, w), map[string]string{
		"directory.server":  "ldaps://dc1.lab.example.com\t" + path + ":7",
		"directory.baseDn":  "OU=x,DC=corp\tFTPISOCTL_BASE_DN",
		"directory.timeout": "5s\t" + path + ":9",
	})
	check("domain over the profile's servers", origin(t, w, "--domain", "x.example.com"), map[string]string{
		"directory.server": "\t--domain", "directory.domain": "x.example.com\t--domain",
	})
}

func TestConfigShow_isAFile(t *testing.T) {
	w := &world{variables: map[string]string{"FTPISOCTL_CONFIG": file(t, "ftpisoctl.yaml", profiles)}}
	if code := w.run(t, "config", "show", "--profile=lab"); code != 0 {
		t.Fatalf("exit code %d: %s", code, &w.err)
	}
	if text := w.out.String(); !strings.Contains(text, "- ldaps://dc1.lab.example.com") || strings.Contains(text, "hunter") {
		t.Errorf("shown:\n%s", text)
	}
	w.variables["FTPISOCTL_CONFIG"] = file(t, "shown.yaml", strings.ReplaceAll(w.out.String(), "show ***", "show"))
	if code := w.run(t, "config", "show"); code != 0 {
		t.Errorf("what is shown is refused: %s", &w.err)
	}
	for args, want := range map[string]string{
		"config show --profile prod": `there is no profile "prod"; there are lab`,
		"get alice --profile la":     `there is no profile "la"; did you mean lab?`,
		"config show -o json":        "--output goes with --origin",
		"config shwo":                `no command "shwo"`,
	} {
		if code := w.run(t, strings.Fields(args)...); code != 2 || !strings.Contains(w.err.String(), want) {
			t.Errorf("%s: exit code %d: %s", args, code, &w.err)
		}
	}
}

// A password in the environment never goes to a directory that a flag names.
func TestProfile_hidesThePasswordOfTheEnvironment(t *testing.T) {
	w, server := domain(t)
	w.variables["FTPISOCTL_CONFIG"] = file(t, "ftpisoctl.yaml", "directory:\n  profiles:\n    - name: lab\n      server: "+w.variables["FTPISOCTL_SERVER"]+
		"\n      caFile: "+w.variables["FTPISOCTL_CA_FILE"]+"\n      bindUser: CORP\\ada\n")
	w.variables["FTPISOCTL_PASSWORD"] = adaPassword
	if code := w.run(t, "get", "alice", "--profile", "lab"); code != 2 || server.Stats().Binds > 0 {
		t.Errorf("exit code %d, %d binds: %s", code, server.Stats().Binds, &w.err)
	}
	if !strings.Contains(w.err.String(), "FTPISOCTL_PROFILE") {
		t.Errorf("the hint does not tell the way: %s", &w.err)
	}
	w.variables["FTPISOCTL_PROFILE"], w.variables["FTPISOCTL_PASSWORD"] = "lab", adaPassword
	if code := w.run(t, "get", "alice"); code != 0 {
		t.Errorf("exit code %d: %s", code, &w.err)
	}
}

// Without a word about the directory it is the domain of who is logged on.
func TestConnection_assumesTheDomain(t *testing.T) {
	text := func(s string) []byte { return append(binary.BigEndian.AppendUint32(nil, uint32(len(s))), s...) }
	cache := append([]byte{5, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1}, text("CORP.EXAMPLE.COM")...)
	path := file(t, "ccache", string(append(cache, text("ada")...)))
	for _, tt := range []struct {
		name      string
		variables map[string]string
		args      []string
		want      map[string]string
	}{
		{"session", map[string]string{"USERDNSDOMAIN": "CORP.EXAMPLE.COM"}, nil, map[string]string{
			"directory.domain": "corp.example.com\tUSERDNSDOMAIN", "directory.kerberos": "true\tUSERDNSDOMAIN",
		}},
		{"session, another account", map[string]string{"USERDNSDOMAIN": "CORP.EXAMPLE.COM", "FTPISOCTL_BIND_USER": "ada"}, nil, map[string]string{
			"directory.domain": "corp.example.com\tUSERDNSDOMAIN", "directory.kerberos": "false\tdefault",
		}},
		{"session, no Kerberos", map[string]string{"USERDNSDOMAIN": "CORP.EXAMPLE.COM"}, []string{"--kerberos=false"}, map[string]string{
			"directory.kerberos": "false\t--kerberos",
		}},
		{"server", map[string]string{"USERDNSDOMAIN": "CORP.EXAMPLE.COM"}, []string{"--server", "ldaps://dc"}, map[string]string{
			"directory.domain": "\tdefault",
		}},
		{"nothing", nil, nil, map[string]string{"directory.domain": "\tdefault"}},
		{"ticket", map[string]string{"KRB5CCNAME": "FILE:" + path}, nil, map[string]string{
			"directory.domain": "corp.example.com\tthe credential cache", "directory.kerberos": "true\tthe credential cache",
		}},
		{"session before ticket", map[string]string{"KRB5CCNAME": path, "USERDNSDOMAIN": "x.example.com"}, nil, map[string]string{
			"directory.domain": "x.example.com\tUSERDNSDOMAIN",
		}},
	} {
		if tt.name == "ticket" && runtime.GOOS == "windows" { // which keeps tickets to itself
			tt.want = map[string]string{"directory.domain": "\tdefault"}
		}
		t.Run(tt.name, func(t *testing.T) {
			w := &world{variables: map[string]string{"KRB5CCNAME": path + ".none"}}
			for name, value := range tt.variables {
				w.variables[name] = value
			}
			got := origin(t, w, tt.args...)
			for key, want := range tt.want {
				if got[key] != want {
					t.Errorf("%s is %q, want %q", key, got[key], want)
				}
			}
		})
	}
}
