//go:build unix

package prepare_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/prepare"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const directory = 0x10

// onServer are the places of a server, entered as the one account that it takes.
func onServer(t *testing.T, s *smbtest.Server) *prepare.Sites {
	t.Helper()
	opener := shares.NewOpener(shares.Policy{FileServers: []shares.FileServer{{Pattern: "127.0.0.1", NTLM: true, Port: s.Start(t)}}})
	sites := prepare.NewSites(opener, prepare.Account{Credentials: shares.Credentials{
		Domain: smbtest.Domain, User: smbtest.User, Password: secret.New(smbtest.Password),
	}})
	t.Cleanup(func() {
		if err := sites.Close(); err != nil {
			t.Error(err)
		}
	})
	return sites
}

// What others do to a home between its list and its name does not stay unnoticed, and
// is not undone: another list, and another owner.
func TestApply_readsBackUnderTheName(t *testing.T) {
	template, err := prepare.ParseTemplate(prepare.Private)
	if err != nil {
		t.Fatal(err)
	}
	one := user("alice", "alice")
	one.Root = `\\127.0.0.1\s`
	const ours = "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;"
	for name, test := range map[string]struct {
		found string // under the name; "": what was given
		state journal.State
		said  string
	}{
		"nobody":        {"", journal.Done, ""},
		"another list":  {"O:" + one.SID + "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;WD)", journal.Conflict, "S-1-1-0 was to have nothing"},
		"no list":       {"O:" + one.SID, journal.Conflict, "keeps no access list"},
		"another owner": {"O:S-1-5-21-1-2-3-666" + ours + one.SID + ")", journal.Conflict, "it belongs to S-1-5-21-1-2-3-666"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: directory}}}
			sites := onServer(t, s)
			p, err := prepare.Look(t.Context(), sites, slices.Values([]ldapattr.User{one}), prepare.Options{Template: template})
			if err != nil || p.Totals.Make != 1 {
				t.Fatalf("%+v, %v, refused %v", p.Totals, err, p.Refused)
			}
			s.On(func(command smbtest.Command, path string) (uint32, []byte) {
				if command != smbtest.Query || path != "alice" || test.found == "" {
					return 0, nil
				}
				d, err := secdesc.ParseSDDL(test.found, "")
				if err != nil {
					t.Error(err)
				}
				return 0, smbtest.Buffer(d.Bytes())
			})
			run, err := journal.At(t.TempDir()).Begin(journal.Header{Kind: journal.Folders})
			if err != nil {
				t.Fatal(err)
			}
			var got prepare.Result
			engine := prepare.Engine{Sites: sites, Run: run, Each: func(r prepare.Result) { got = r }}
			if err := errors.Join(engine.Apply(t.Context(), p.Changes()), run.End()); err != nil {
				t.Fatal(err)
			}
			if got.State != test.state || (got.Err != nil) != (test.said != "") || got.Err != nil && !strings.Contains(got.Err.Error(), test.said) {
				t.Errorf("got %s, %v", got.State, got.Err)
			}
			if test.found != "" && (got.Now == nil || winerr.Of(got.Err) != winerr.AlreadyExists) {
				t.Errorf("found %+v, %v", got.Now, got.Err)
			}
			if did := strings.Join(s.Took(), "\n"); !strings.Contains(did, ` to alice`) || strings.Contains(did, "delete alice") {
				t.Errorf("the server did\n%s", did)
			}
		})
	}
}

// However many homes are to be looked at, a server has one session with eight requests.
func TestLook_boundsTheCrowdAtAServer(t *testing.T) {
	const requests = 8
	s := &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: directory}}}
	var all []ldapattr.User
	for i := range 100 {
		one := user(fmt.Sprintf("u%03d", i), fmt.Sprintf("u%03d", i))
		one.Root = `\\127.0.0.1\s`
		one.SID = fmt.Sprintf("S-1-5-21-1-2-3-%d", 2000+i)
		all = append(all, one)
		s.Entries[one.Dir] = smbtest.Entry{Attributes: directory}
	}
	hold := s.Crowd.Full(requests, 50*time.Millisecond)
	s.On(func(command smbtest.Command, path string) (uint32, []byte) {
		if command == smbtest.Create && path != "" {
			<-hold
		}
		return 0, nil
	})
	template, err := prepare.ParseTemplate(prepare.Private)
	if err != nil {
		t.Fatal(err)
	}
	p, err := prepare.Look(t.Context(), onServer(t, s), slices.Values(all), prepare.Options{Template: template})
	if err != nil || p.Totals.Keep != len(all) {
		t.Fatalf("%+v, %v, refused %v", p.Totals, err, p.Refused)
	}
	if most := s.Crowd.Most(); most != (smbtest.Most{Connections: 1, Requests: requests, All: requests}) {
		t.Errorf("at once there were %+v", most)
	}
}
