//go:build embedded && unix

package main_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// ftpClient is a program, or a library with a script of ours in testdata/clients.
type ftpClient struct {
	name   string
	probe  []string // a command that succeeds where the client is installed
	tls    []string // what it can do of clear, explicit and implicit
	active []string // the same with active data connections
	run    func(t *testing.T, j *journey)
}

var everyTLS = []string{"clear", "explicit", "implicit"}

func ftpClients() []ftpClient {
	return []ftpClient{
		// The curl of Debian 12 cannot protect active connections (curl/curl#10666).
		{"curl", []string{"curl", "--version"}, everyTLS, everyTLS[:1], curlJourney},
		{"lftp", []string{"lftp", "--version"}, everyTLS, everyTLS, lftpJourney},
		{"tnftp", installed("tnftp"), everyTLS[:1], everyTLS[:1], tnftpJourney},
		{"ncftp", installed("ncftpput", "ncftpget", "ncftpls"), everyTLS[:1], everyTLS[:1], ncftpJourney},
		{"python", []string{"python3", "-c", "import ftplib, ssl"}, everyTLS, everyTLS, script("python3", "python.py")},
		{"perl", []string{"perl", "-MNet::FTP", "-MIO::Socket::SSL", "-e", "1"}, everyTLS, everyTLS, script("perl", "perl.pl")},
		{"ruby", []string{"ruby", "-rnet/ftp", "-e", "1"}, everyTLS[:2], everyTLS[:2], script("ruby", "ruby.rb")},
		{"php", []string{"php", "-r", `exit(extension_loaded("ftp") ? 0 : 1);`}, everyTLS[:2], everyTLS[:2], script("php", "php.php")},
		{"node", []string{"node", "-e", "require('basic-ftp')"}, everyTLS, nil, script("node", "node.cjs")},
		{"java", []string{"sh", "-c", "test -e " + commonsNet + " && javac -version"}, everyTLS, everyTLS, javaJourney},
		{"go", nil, everyTLS, nil, goJourney},
	}
}

// TestInterop sends real clients on the same journey, in every way in which each of
// them can protect and open connections.
func TestInterop(t *testing.T) {
	d := startDemo(t, "--listen-tls", "127.0.0.1:0")
	for _, client := range ftpClients() {
		t.Run(client.name, func(t *testing.T) {
			t.Parallel()
			client.demand(t)
			for _, tls := range client.tls {
				for _, data := range []string{"passive", "active"} {
					if data == "active" && !slices.Contains(client.active, tls) {
						continue
					}
					t.Run(tls+"/"+data, func(t *testing.T) {
						t.Parallel()
						j := newJourney(t, d, client.name, tls, data)
						client.run(t, j)
						j.check(t)
					})
				}
			}
		})
	}
}

// fromDebian reports whether CI must have the client: Node's library is fetched where
// its registry can be reached, and the summary of the rings says where it was not.
func (c ftpClient) fromDebian() bool { return c.name != "node" }

// demand skips what this machine does not have. CI has installed all that Debian has.
func (c ftpClient) demand(t *testing.T) {
	t.Helper()
	if len(c.probe) == 0 {
		return
	}
	probe := exec.Command(c.probe[0], c.probe[1:]...)
	probe.Env = append(os.Environ(), nodePath())
	out, err := probe.CombinedOutput()
	if err == nil {
		return
	}
	if os.Getenv("CI") == "true" && c.fromDebian() {
		t.Fatalf("%s is not installed: %v\n%s", c.name, err, out)
	}
	t.Skipf("%s is not installed; make test-deps installs it", c.name)
}

// installed is a probe for commands without a harmless option.
func installed(commands ...string) []string {
	return append([]string{"which"}, commands...)
}

// script runs a file of testdata/clients.
func script(interpreter, file string) func(*testing.T, *journey) {
	return func(t *testing.T, j *journey) {
		full, err := filepath.Abs(filepath.Join("testdata", "clients", file))
		if err != nil {
			t.Fatal(err)
		}
		out, code := run(t, append(j.environment(t), nodePath()), interpreter, full)
		if code != 0 {
			t.Fatalf("exit %d\n%s", code, out)
		}
	}
}

// nodePath is where scripts/deps.sh puts what the registry of Node has.
func nodePath() string {
	modules, err := filepath.Abs(filepath.Join("..", "..", "bin", "clients", "node_modules"))
	if err != nil {
		return ""
	}
	return "NODE_PATH=" + modules
}

func splitAddress(t *testing.T, address string) (host, port string) {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}
