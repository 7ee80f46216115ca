package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is missing is named before anybody is contacted, with the way to give it.
func TestMain_whatIsMissingIsNamed(t *testing.T) {
	w, server := domain(t)
	whole := w.variables
	for _, tt := range []struct {
		name     string
		without  []string
		with     map[string]string
		args     []string
		err, say string
	}{
		{"directory", []string{"FTPISOCTL_SERVER"}, nil, nil, "no directory is named", "--domain"},
		{"account", []string{"FTPISOCTL_BIND_USER"}, nil, nil, "no account to bind as is named", "--kerberos"},
		{"password", nil, nil, nil, `no password for CORP\ada`, "--password-file"},
		{"CA file", nil, map[string]string{"FTPISOCTL_CA_FILE": "nowhere.pem"}, nil, "nowhere.pem", ""},
		{"configuration", nil, nil, []string{"--config", "nowhere.yaml"}, "nowhere.yaml", ""},
		{"password file", nil, nil, []string{"--password-file", "nowhere"}, "nowhere", ""},
		{"password program", nil, nil, []string{"--password-command", "no-such-program"}, "no-such-program", "without a shell"},
		{"end of a quote", nil, nil, []string{"--password-command", "'x"}, "a quote is not closed", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.variables = map[string]string{}
			for name, value := range whole {
				w.variables[name] = value
			}
			for _, name := range tt.without {
				delete(w.variables, name)
			}
			for name, value := range tt.with {
				w.variables[name] = value
			}
			code := w.run(t, append([]string{"get", "alice"}, tt.args...)...)
			told := w.err.String()
			if code != 2 || !strings.Contains(told, tt.err) || !strings.Contains(told, tt.say) {
				t.Errorf("exit code %d, want 2 with %q and %q:\n%s", code, tt.err, tt.say, told)
			}
			if n := strings.Count(told, "error: "); n != 1 {
				t.Errorf("%d errors for one mistake:\n%s", n, told)
			}
		})
	}
	if n := server.Stats().Connections; n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

// The usual places are searched, the user's before the system's; the current
// folder is not.
func TestMain_findsTheUsersConfiguration(t *testing.T) {
	w, _ := domainWithPassword(t)
	home := t.TempDir()
	folder := filepath.Join(home, "ftpisoctl")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	text := "directory:\n  server: " + w.variables["FTPISOCTL_SERVER"] + "\n  caFile: " + w.variables["FTPISOCTL_CA_FILE"] +
		"\n  bindUser: CORP\\ada\n  passwordFile: secret.txt\n"
	for name, text := range map[string]string{"ftpisoctl.yaml": text, "secret.txt": adaPassword} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.variables = map[string]string{"XDG_CONFIG_HOME": home, "AppData": home}
	if code := w.run(t, "get", "alice"); code != 0 {
		t.Errorf("exit code %d: %s", code, &w.err)
	}
	w.variables = map[string]string{"FTPISOCTL_CONFIG": filepath.Join(folder, "ftpisoctl.yaml")}
	if code := w.run(t, "get", "alice"); code != 0 {
		t.Errorf("by variable: exit code %d: %s", code, &w.err)
	}
	t.Chdir(folder)
	w.variables = map[string]string{}
	if code := w.run(t, "get", "alice"); code != 2 || !strings.Contains(w.err.String(), "no directory is named") {
		t.Errorf("in the current folder: exit code %d: %s", code, &w.err)
	}
}

func TestMain_namesFromStandardInput(t *testing.T) {
	w, server := domainWithPassword(t)
	w.stdin = "\ufeffalice\r\n\r\n\tbob \n"
	if code := w.run(t, "get", "-"); code != 0 || strings.Count(w.out.String(), "\n") != 2 {
		t.Errorf("exit code %d:\n%s%s", code, &w.out, &w.err)
	}
	w.stdin = strings.Repeat("x", 70_000)
	if code := w.run(t, "clear", "-"); code != 2 {
		t.Errorf("an endless line: exit code %d, want 2: %s", code, &w.err)
	}
	w.stdin = "alice\nbad\x01name\nbob\n"
	if code := w.run(t, "clear", "-"); code != 2 || server.Stats().Modifies != 0 {
		t.Errorf("a line that is no name: exit code %d, %d changes; want 2 and none", code, server.Stats().Modifies)
	}
	if code := w.run(t, "get", "-"); code != 3 || strings.Count(w.out.String(), "\n") != 2 {
		t.Errorf("get: exit code %d, want 3 and the two others:\n%s%s", code, &w.out, &w.err)
	}
}

// The limit of clear counts names, and --yes or a dry run lifts it.
func TestMain_clearAsksForYes(t *testing.T) {
	w, server := domainWithPassword(t)
	w.stdin = strings.Repeat("alice\n", 26)
	if code := w.run(t, "clear", "-"); code != 2 || server.Stats().Connections != 0 {
		t.Errorf("exit code %d, %d connections; want 2 and none", code, server.Stats().Connections)
	}
	if code := w.run(t, "clear", "-", "--dry-run"); code != 0 || server.Stats().Modifies != 0 {
		t.Errorf("dry run: exit code %d: %s", code, &w.err)
	}
	if code := w.run(t, "clear", "-", "--yes"); code != 0 || server.Stats().Modifies != 1 {
		t.Errorf("exit code %d, %d changes; want 0 and one, for one user: %s", code, server.Stats().Modifies, &w.err)
	}
	w.stdin = strings.Repeat("alice\n", 25)
	if code := w.run(t, "clear", "-"); code != 0 {
		t.Errorf("25 names: exit code %d: %s", code, &w.err)
	}
}

// Every command ends its help with the exit codes, and help is no error.
func TestMain_helpListsTheExitCodes(t *testing.T) {
	for _, command := range []string{"", "get", "set", "clear", "list", "shares", "shares check", "serve", "demo", "version", "completion"} {
		w := &world{}
		if code := w.run(t, append(strings.Fields(command), "--help")...); code != 0 {
			t.Errorf("%s: exit code %d", command, code)
		}
		for _, line := range []string{"\nExit codes:\n", "\n    3  partly done", "\n  130  interrupted\n"} {
			if !strings.Contains(w.out.String(), line) {
				t.Errorf("%s --help lacks %q", command, line)
			}
		}
	}
}

// A flag that is spelled wrong is named, what follows it is not repeated.
func TestMain_unknownFlagsDoNotRepeatValues(t *testing.T) {
	for _, args := range [][]string{
		{"get", "alice", "--password=hunter2"}, {"get", "alice", "-phunter2"}, {"get", "alice", "-p", "hunter2"},
		{"set", "alice", "--passwd", "hunter2"},
	} {
		w := &world{}
		if code := w.run(t, args...); code != 2 || strings.Contains(w.err.String(), "hunter2") {
			t.Errorf("%s: exit code %d: %s", args, code, &w.err)
		}
	}
}

// Nor is a password repeated that somebody writes into a URL.
func TestMain_serversWithALoginAreNotRepeated(t *testing.T) {
	const server = "ldaps://admin:hunter2,3@dc1.corp.example.com"
	for name, w := range map[string]*world{"flag": {}, "variable": {variables: map[string]string{"FTPISOCTL_SERVER": server}}} {
		args := []string{"get", "alice"}
		if name == "flag" {
			args = append(args, "--server", server)
		}
		code := w.run(t, args...)
		if told := w.err.String(); code != 2 || strings.Contains(told, "hunter2") || !strings.Contains(told, "@dc1.corp.example.com") {
			t.Errorf("%s: exit code %d: %s", name, code, told)
		}
	}
}
