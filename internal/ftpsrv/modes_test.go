package ftpsrv_test

import (
	"crypto/tls"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// mode is a way to play a dialog that was written for clear text, IPv4 and a home
// in memory. Its zero value is that way.
type mode struct {
	tls  uint16 // version of TLS, on both kinds of connection
	v6   bool
	home func(testing.TB) (root storage.FS, session func() storage.FS)
}

// rowDialogs hold rows 1.1 to 1.11 of the reference (docs/ftp-behaviour.md).
var rowDialogs = []string{
	"nlst_options", "nlst_paths", "stor_125", "appe_125", "retr_125_150", "retr_active", "list_active", "list_dos",
	"stor_150", "appe_150", "nlst_150", "stou", "stou_iis", "mlsd", "pasv_earlier_open", "pasv_earlier_closes", "bare_lf", "port_low", "retr_sharing_violation",
}

// Rows 1.1 to 1.11 hold whatever the session is protected with, wherever it comes
// from and wherever the home lies. The lab has more homes, and surely IPv6.
func TestRows(t *testing.T) {
	homes := map[string]func(testing.TB) (storage.FS, func() storage.FS){"memfs": nil, "localfs": localHome}
	for storage, home := range homes {
		for name, m := range protections(home) {
			if m.v6 && !speaksIPv6() {
				continue
			}
			t.Run(name+"/"+storage, func(t *testing.T) {
				t.Parallel()
				playRows(t, m, rowDialogs)
			})
		}
	}
}

// protections are all modes with a home.
func protections(home func(testing.TB) (storage.FS, func() storage.FS)) map[string]mode {
	return map[string]mode{
		"clear/IPv4": {home: home}, "clear/IPv6": {home: home, v6: true},
		"TLS 1.2/IPv4": {home: home, tls: tls.VersionTLS12}, "TLS 1.2/IPv6": {home: home, tls: tls.VersionTLS12, v6: true},
		"TLS 1.3/IPv4": {home: home, tls: tls.VersionTLS13}, "TLS 1.3/IPv6": {home: home, tls: tls.VersionTLS13, v6: true},
	}
}

func playRows(t *testing.T, m mode, dialogs []string) {
	for _, name := range dialogs {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			playIn(t, filepath.Join("testdata", "dialog", name+".txtar"), m)
		})
	}
}

// speaksIPv6 reports whether this machine has the loopback address of IPv6.
func speaksIPv6() bool {
	ln, err := net.Listen("tcp", "[::1]:0")
	if err == nil {
		_ = ln.Close()
	}
	return err == nil
}

// localHome is a folder.
func localHome(t testing.TB) (storage.FS, func() storage.FS) { return folder(t, t.TempDir()) }

// folder is one that is there.
func folder(t testing.TB, dir string) (storage.FS, func() storage.FS) {
	open := storage.NewOpenFiles()
	session := func() storage.FS {
		root, err := openFolder(dir, storage.Options{OpenFiles: open})
		if err != nil {
			panic(err) // a session's goroutine may be here
		}
		t.Cleanup(func() { _ = root.Close() })
		return root
	}
	return session(), session
}

func (m mode) host() string {
	if m.v6 {
		return "::1"
	}
	return "127.0.0.1"
}

// rewrite makes a dialog and its log what they are in this mode.
func (m mode) rewrite(parts map[string]string) {
	if m.v6 { // which has no PASV and no PORT
		parts["dialog"] = strings.NewReplacer(
			"> PASV", "> EPSV",
			"227 Entering Passive Mode (127,0,0,1,{port},{port}).", "229 Entering Extended Passive Mode (|||{port}|)",
			"> PORT {active}", "> EPRT {eprt}",
			"> PORT 127,0,0,1,3,255", "> EPRT |2|::1|1023|",
			"> EPRT |1|127.0.0.1|", "> EPRT |2|::1|",
			"200 PORT", "200 EPRT",
		).Replace(parts["dialog"])
		parts["log"] = strings.NewReplacer(
			"PASV - 227", "EPSV - 229",
			"PORT {active}", "EPRT {eprt}",
			"PASV - 425", "EPSV - 425",
			"PORT 127,0,0,1,3,255", "EPRT |2|::1|1023|",
			"EPRT |1|127.0.0.1|", "EPRT |2|::1|",
		).Replace(parts["log"])
	}
	if m.tls != 0 {
		parts["setup"] += "RequireTLSReuse=on\n" // each data connection resumes, or fails
		parts["dialog"] = secured(parts["dialog"])
		const opened = "- C ControlChannelOpened - - 0 0 -\n"
		parts["log"] = strings.Replace(parts["log"], opened,
			opened+"- C AUTH TLS 234 0 0 -\n- C PBSZ 0 200 0 0 -\n- C PROT P 200 0 0 -\n", 1)
	}
	if parts["log"] == "" {
		delete(parts, "log")
	}
}

// secured is a dialog with TLS from the login on: each data connection begins with a
// handshake, for which it has to be there and its command to be begun.
func secured(dialog string) string {
	var b strings.Builder
	connected, begun := false, false
	for line := range strings.Lines(dialog) {
		op, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case line == "! login\n":
			line = "! login-tls\n"
		case op == "!" && (text == "connect" || text == "accept"):
			connected = true
		case op == "<":
			begun = strings.HasPrefix(text, "125 ") || strings.HasPrefix(text, "150 ")
		}
		b.WriteString(line)
		if connected && begun {
			b.WriteString("! secure\n")
			connected, begun = false, false
		}
	}
	return b.String()
}
