//go:build linux

package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
)

// Nobody logs in without an account, and no configuration makes it so.
func TestChecklist_A13_anonymous(t *testing.T) {
	r := startDemoService(t, nil)
	for _, name := range []string{"anonymous", "ftp", "FTP", "Anonymous", "host|anonymous"} {
		for _, password := range []string{"me@example.com", "anonymous", ""} {
			conn, reply := r.login(t, name, password)
			conn.Close()
			if reply != "530 User cannot log in." {
				t.Errorf("%s with %q: %s", name, password, reply)
			}
		}
	}
	if binds := r.server.Stats().Binds; binds != 1 {
		t.Errorf("%d binds, want the service's own alone", binds)
	}
	text := []byte("sites: [{security: {authentication: {anonymousAuthentication: {enabled: true}}}}]")
	if _, err := config.Parse("x", text); err == nil {
		t.Error("anonymousAuthentication is accepted")
	}
}

// unit returns the settings of the systemd unit, the values of one key joined.
func unit(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(unitFile)
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for line := range strings.Lines(string(text)) {
		key, value, found := strings.Cut(strings.TrimSpace(line), "=")
		if found && !strings.HasPrefix(key, "#") {
			settings[key] = strings.TrimSpace(settings[key] + " " + value)
		}
	}
	return settings
}

const unitFile = "../../contrib/ftpisoctl.service"

// The unit confines the service. Where systemd is there to ask, its own measure of
// the exposure is below 2.
func TestChecklist_X1_unit(t *testing.T) {
	settings := unit(t)
	for key, want := range map[string]string{
		"Type":                    "notify",
		"User":                    "ftpisoctl",
		"NoNewPrivileges":         "yes",
		"AmbientCapabilities":     "CAP_NET_BIND_SERVICE",
		"CapabilityBoundingSet":   "CAP_NET_BIND_SERVICE",
		"ProtectSystem":           "strict",
		"ProtectHome":             "yes",
		"PrivateTmp":              "yes",
		"PrivateDevices":          "yes",
		"RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
		"RestrictNamespaces":      "yes",
		"MemoryDenyWriteExecute":  "yes",
	} {
		if got := settings[key]; got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	for _, key := range []string{"MemoryMax", "SystemCallFilter", "TasksMax", "LimitNOFILE"} {
		if settings[key] == "" {
			t.Errorf("%s is not set", key)
		}
	}
	if strings.Contains(settings["ExecStart"], "assword") {
		t.Errorf("ExecStart names a password: %s", settings["ExecStart"])
	}
	stop, err := strconv.Atoi(settings["TimeoutStopSec"])
	if limit := int(config.Default().Server.ShutdownTimeLimit.Seconds()); err != nil || stop <= limit {
		t.Errorf("TimeoutStopSec is %s, want more than shutdownTimeLimit, %d", settings["TimeoutStopSec"], limit)
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("systemd-analyze is not here: the exposure is not measured")
		return
	}
	path, err := filepath.Abs(unitFile)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), analyze, "security", "--no-pager", "--offline=true", "--threshold=19", path).CombinedOutput()
	if bytes.Contains(out, []byte("unrecognized option")) {
		t.Log("systemd-analyze is too old: the exposure is not measured")
		return
	}
	level := regexp.MustCompile(`Overall exposure level.*`).Find(out)
	t.Logf("%s", level)
	if err != nil || level == nil {
		t.Errorf("%v: %s", err, level)
	}
}

// No flag takes a secret, and a file that holds one is looked at before it is used:
// at the start, and by --check-config.
func TestChecklist_X3_secrets(t *testing.T) {
	root := newApp(System()).root()
	allowed := []string{"password-file", "password-command"}
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if regexp.MustCompile(`(?i)passw|secret|token|credential`).MatchString(f.Name) && !slices.Contains(allowed, f.Name) {
				t.Errorf("%s has the flag --%s", cmd.CommandPath(), f.Name)
			}
		})
		for _, child := range cmd.Commands() {
			visit(child)
		}
	}
	visit(root)

	folder := t.TempDir()
	secretFile := filepath.Join(folder, "ad-password")
	for _, mode := range []os.FileMode{0o644, 0o604, 0o660, 0o600, 0o400} {
		_ = os.Remove(secretFile)
		if err := os.WriteFile(secretFile, []byte("Hunter2!!\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(secretFile, mode); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, "ftpisoctl.yaml")
		text := "directory: {domain: corp.example.com}\nallowRoot: true\nsites: [{security: {ssl: {controlChannelPolicy: SslAllow, dataChannelPolicy: SslAllow}},\n" +
			"  userIsolation: {activeDirectory: {adUserName: svc, adPasswordFile: ad-password}}}]"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var told bytes.Buffer
		code := Main(t.Context(), Env{
			Stdin: strings.NewReader(""), Stdout: &told, Stderr: &told,
			LookupEnv: func(string) (string, bool) { return "", false }, IsTerminal: func(any) bool { return false },
		}, []string{"serve", "--config", path, "--check-config"})
		if private := mode&0o077 == 0; private != (code == exitOK) || !private && code != exitUsage {
			t.Errorf("mode %04o: exit code %d\n%s", mode, code, &told)
		}
		if strings.Contains(told.String(), "Hunter2") {
			t.Errorf("the password is told:\n%s", &told)
		}
	}
}

// What --print-config shows is what counts, with flags laid over it, and no secret.
func TestServe_printConfig(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ftpisoctl.yaml")
	text := "directory: {server: ldaps://dc1.corp.example.com, bindUser: svc, passwordCommand: echo Hunter2}\n" +
		"sites: [{name: homes, security: {ssl: {controlChannelPolicy: SslAllow, dataChannelPolicy: SslAllow}}}]"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, told bytes.Buffer
	code := Main(t.Context(), Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &told, Unsetenv: func(string) error { return nil },
		LookupEnv: func(name string) (string, bool) {
			value, ok := map[string]string{"FTPISOCTL_PASSWORD": "Hunter3"}[name]
			return value, ok
		},
		IsTerminal: func(any) bool { return false },
	}, []string{"serve", "--config", path, "--print-config", "--server", "ldaps://dc2.corp.example.com"})
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, &told)
	}
	if all := out.String() + told.String(); strings.Contains(all, "Hunter") {
		t.Errorf("a secret is told:\n%s", all)
	}
	file, err := config.Parse("printed", out.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	if !slices.Equal(file.Directory.Server, []string{"ldaps://dc2.corp.example.com"}) || file.Sites[0].Name != "homes" ||
		file.Sites[0].Connections.MaxConnectionsPerAddress != 1000 {
		t.Errorf("printed\n%s", &out)
	}
}
