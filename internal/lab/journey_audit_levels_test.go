//go:build lab

package lab_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// looked is what an audit says of file servers, as far as this test reads it.
type looked struct {
	Findings []struct{ Rule, Severity, Login, Location, Remedy string }
	Servers  []struct {
		Name, State string
		Shares      []struct {
			Name, State string
			Total       uint64
			Homes       []struct {
				Path, State string
				Size        int64
			}
		}
	}
}

// What is wrong with homes on a real file server is found, each cause once, and a home
// with which nothing is wrong has no finding at all.
func TestAudit_homesOnAFileServer(t *testing.T) {
	openShare(t)
	share := administer(t)
	const admins = "O:BAD:P(A;OICI;FA;;;BA)"
	modify := func(trustee string) string { return "(A;OICI;0x1301bf;;;" + trustee + ")" }
	folderWith(t, share, "open", admins+modify(sidOf(t, "dave"))+modify("WD"))
	folderWith(t, share, "peeked", admins+modify(sidOf(t, "erin"))+"(A;OICI;0x1200a9;;;"+sidOf(t, "bob")+")")
	folderWith(t, share, "shut", admins)
	folderWith(t, share, "well", admins+modify(sidOf(t, "alice")))
	folderWith(t, share, "left", admins)
	if err := os.WriteFile(filepath.Join(lab.ShareDir(), "well", "five"), []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, lab.Alice, homes, "well")
	write(t, lab.Dave, homes, "open")
	write(t, lab.Erin, homes, "peeked")
	write(t, lab.Bob, homes, "shut")
	write(t, lab.Grace, homes, "nowhere")
	got := ftpisoctl(t, ldaps(lab.Administrator), "audit", "--level", "3", "--rules", "S*,H*", "--min-free", "0", "--file-server", lab.FileServer, "-q", "-o", "json")
	var report looked
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil || got.code != 4 {
		t.Fatalf("%v\n%.3000s", err, got)
	}
	found := map[string][]string{}
	for _, f := range report.Findings {
		name := f.Login
		if f.Rule == "H13" {
			name = f.Location
		}
		found[name] = append(found[name], f.Rule+" "+f.Severity)
	}
	for name, want := range map[string][]string{
		"grace": {"H01 high"}, "dave": {"H03 critical"}, "erin": {"H04 high"}, "bob": {"H05 high"}, "alice": nil,
		homes + `\left`: {"H13 medium"}, homes + `\well`: nil, homes + `\nowhere`: nil, lab.FileServer: nil, homes: nil,
	} {
		if !slices.Equal(found[name], want) {
			t.Errorf("%s: found %q, want %q", name, found[name], want)
		}
	}
	states := map[string]string{}
	for _, server := range report.Servers {
		for _, share := range server.Shares {
			for _, home := range share.Homes {
				if !strings.EqualFold(server.Name, lab.FileServer) || share.Name != lab.Share {
					continue
				}
				states[home.Path] = home.State
				if server.State != "ok" || share.State != "ok" || share.Total == 0 || home.Path == "well" && home.Size != 5 {
					t.Errorf("%s: server %s, share %s with %d octets, home with %d", home.Path, server.State, share.State, share.Total, home.Size)
				}
			}
		}
	}
	for path, want := range map[string]string{"well": "ok", "nowhere": "missing", "shut": "problem"} {
		if states[path] != want {
			t.Errorf("%s is %q, want %q", path, states[path], want)
		}
	}
}
