//go:build lab

package lab_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// What a client of the whole service gets of a share, in clear and under TLS, from shares of three kinds; the figures
// are for the record, with the processor time that serve itself took. Long runs (FTPISOCTL_LOAD) move 1 GiB.
func TestSpeed_throughTheService(t *testing.T) {
	size := int64(32 << 20)
	if os.Getenv("FTPISOCTL_LOAD") != "" {
		size = 1 << 30
	}
	source := filepath.Join(t.TempDir(), "source.bin")
	randomFile(t, source, size)
	want := sum(t, source)
	write(t, lab.Alice, homes, "alice") // put back when the test ends
	certificate := filepath.Join(lab.Dir(), "tls", "ftp")
	for _, way := range []struct{ name, share, server string }{
		{"unsigned", lab.Share, "unsigned: true"},
		{"encrypted", lab.EncryptedShare, "ntlm: false"},
		{"signed", lab.Share, "ntlm: false"},
	} {
		t.Run(way.name, func(t *testing.T) {
			modify(t, lab.Alice, `\\`+lab.FileServer+`\`+way.share, "alice")
			s := serve(t)
			s.reload(t, "  - name: "+lab.FileServer, "  - name: "+lab.FileServer+"\n    "+way.server)
			s.reload(t, "      ssl: {", fmt.Sprintf("      ssl: {serverCertFile: %q, serverKeyFile: %q, ", certificate+".pem", certificate+".key"))
			for _, how := range [][]string{nil, {"--ssl-reqd", "--cacert", lab.CAFile()}} {
				name := map[bool]string{true: "clear", false: "TLS"}[how == nil]
				url, received := "ftp://"+lab.FTPServer+"/speed.bin", filepath.Join(t.TempDir(), "received")
				before := s.processor(t)
				up := curl(t, "alice", lab.Alice.Password(t).Reveal(), append(how, "--upload-file", source, url)...)
				between := s.processor(t)
				down := curl(t, "alice", lab.Alice.Password(t).Reveal(), append(how, "--output", received, url)...)
				after := s.processor(t)
				if up.code != 0 || down.code != 0 || sum(t, received) != want {
					t.Fatalf("%s: %v\n%v", name, up, down)
				}
				t.Logf("%s: up %.0f MiB/s (serve's processor %v), down %.0f MiB/s (%v)", name, mib(size, up.took), between-before, mib(size, down.took), after-between)
				if err := os.Remove(received); err != nil {
					t.Error(err)
				}
			}
			if got := login(t, s, lab.Alice).cmd("DELE speed.bin"); got.code != 250 {
				t.Error(got)
			}
		})
	}
}

func mib(octets int64, took time.Duration) float64 {
	return float64(octets) / (1 << 20) / took.Seconds()
}

// processor is how long the service has computed, its own code and the system's for it.
func (s *service) processor(t *testing.T) time.Duration {
	t.Helper()
	_, after, _ := strings.Cut(string(read(t, s.file("stat"))), ") ")
	fields := strings.Fields(after) // from the third one of proc(5) on
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
