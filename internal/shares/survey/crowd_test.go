//go:build unix

package survey_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
)

const directory = 0x10

// at is the policy that leads to a server on this machine.
func at(port string) shares.Policy {
	return shares.Policy{FileServers: []shares.FileServer{{Pattern: "127.0.0.1", NTLM: true, Port: port}}}
}

var alice = shares.Credentials{Domain: smbtest.Domain, User: smbtest.User, Password: secret.New(smbtest.Password)}

// However many homes are on a server, it has four sessions with eight requests each,
// and not one more.
func TestRun_boundsTheCrowdAtAServer(t *testing.T) {
	const homes, sessions, requests = 1000, 4, 8
	s := &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: directory}}}
	var list []ldapattr.User
	for i := range homes {
		name := fmt.Sprintf("u%04d", i)
		s.Entries[name] = smbtest.Entry{Attributes: directory}
		list = append(list, user(name, `\\127.0.0.1\s`, name))
	}
	// Nobody is answered until as many wait as may, and some time for one more.
	full := s.Crowd.Full(sessions*requests, 50*time.Millisecond)
	s.On(func(command smbtest.Command, path string) (uint32, []byte) {
		if command == smbtest.Create && path != "" {
			<-full
		}
		return 0, nil
	})
	var got told
	if err := survey.New(shares.NewOpener(at(s.Start(t))), survey.Config{As: alice}).Run(t.Context(), users(list...), &got); err != nil {
		t.Fatal(err)
	}
	if last := got.lines[len(got.lines)-1]; last != "server 127.0.0.1 1000/1000 1000 ok 0 found 0 unchecked" {
		t.Error(last)
	}
	if most := s.Crowd.Most(); most != (smbtest.Most{Connections: sessions, Requests: requests, All: sessions * requests}) {
		t.Errorf("at once there were %+v", most)
	}
}

// A server of SMB 1 alone is one finding, no login is tried, and its homes count as
// not checked.
func TestRun_oldServer(t *testing.T) {
	var got told
	err := survey.New(shares.NewOpener(at(smbtest.StartOld(t))), survey.Config{As: alice}).Run(t.Context(), users(user("a", `\\127.0.0.1\s`, "a"), user("b", `\\127.0.0.1\s`, "b")), &got)
	if err != nil {
		t.Fatal(err)
	}
	got.want(t, "ROOT",
		`home a \\127.0.0.1\s\a not checked`,
		`home b \\127.0.0.1\s\b not checked`,
		`share \\127.0.0.1\s 2/2 0 ok 0 found 2 unchecked`,
		`server 127.0.0.1 2/2 0 ok 0 found 2 unchecked S06`,
	)
}
