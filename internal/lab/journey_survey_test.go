//go:build lab

package lab_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/lab/crowds"
)

// surveyed is one record of a survey.
type surveyed struct {
	Kind, State, Place string
	UserCount          int
	Problems           []struct{ ID, Text string }
	Access             []struct {
		User   string
		Rights []string
		Reason *string
	}
	Owner                            *string
	Homes, Passed, Found, NotChecked int
	Total, Free, Left                uint64
	SMB                              *struct {
		Dialect, Session string
	}
}

func (s surveyed) ids() string {
	var ids []string
	for _, p := range s.Problems {
		ids = append(ids, p.ID)
	}
	return strings.Join(ids, ",")
}

// survey runs shares check and returns its records by kind and place.
func survey(t *testing.T, as lab.Account, args ...string) (outcome, map[string]surveyed) {
	t.Helper()
	args = append([]string{"shares", "check", "--file-server", "*." + lab.Domain, "--min-free", "0", "--passed", "-o", "jsonl"}, args...)
	got := ftpisoctl(t, ldaps(as), args...)
	records := map[string]surveyed{}
	for line := range strings.Lines(got.stdout) {
		var r surveyed
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		records[r.Kind+" "+r.Place] = r
	}
	return got, records
}

// What administrators, users and descriptors say about the homes of the lab.
func TestSurvey_rightsFromDescriptors(t *testing.T) {
	made := samba(t, lab.Administrator, "smbclient", "-c", `cd common; mkdir weak; mkdir locked; mkdir stolen`)
	if made.code != 0 || strings.Contains(made.stdout, "NT_STATUS") {
		t.Fatal(made)
	}
	t.Cleanup(func() {
		samba(t, lab.Administrator, "smbclient", "-c", `cd common; rmdir weak; rmdir locked; rmdir stolen`)
	})
	for name, acl := range map[string][]string{
		"weak":   {"-S", `ACL:CORP\dave:ALLOWED/3/READ,ACL:CORP\Domain Admins:ALLOWED/3/FULL`},
		"locked": {"-S", `ACL:CORP\Domain Admins:ALLOWED/3/FULL`},
		"stolen": {"-S", `ACL:CORP\dave:ALLOWED/3/FULL,ACL:CORP\Domain Admins:ALLOWED/3/FULL`},
	} {
		if got := samba(t, lab.Administrator, "smbcacls", append([]string{`common\` + name}, acl...)...); got.code != 0 {
			t.Fatalf("smbcacls %s: %v", name, got)
		}
	}
	if got := samba(t, lab.Administrator, "smbcacls", `common\stolen`, "-C", `CORP\bob`); got.code != 0 {
		t.Fatalf("smbcacls: %v", got)
	}
	for _, tt := range []struct {
		name, dir, ids, rights string
		flags                  []string
		code                   int
	}{
		{"read only", `common\weak`, "H06", "list read", nil, 4},
		{"read only is enough", `common\weak`, "", "list read", []string{"--need", "list,read"}, 0},
		{"no entry", `common\locked`, "H05", "", nil, 4},
		{"belongs to bob", `common\stolen`, "H07", "list read write delete", nil, 4},
		{"alice stands in for anonymous", "alice", "H07,H05,H04", "", []string{"--anonymous", "alice"}, 4},
		{"through a group", "common", "", "list read write delete", nil, 0},
		{"nothing", "absent", "H01", "", nil, 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			write(t, lab.Dave, homes, tt.dir)
			got, records := survey(t, lab.Administrator, append([]string{"dave", "--level", "acl"}, tt.flags...)...)
			home := records["home "+homes+`\`+tt.dir]
			rights := ""
			if len(home.Access) == 1 {
				rights = strings.Join(home.Access[0].Rights, " ")
			}
			if got.code != tt.code || home.ids() != tt.ids || rights != tt.rights {
				t.Errorf("got %q, rights %q: %v\nwant %q, rights %q, exit %d", home.ids(), rights, got, tt.ids, tt.rights, tt.code)
			}
			if share := records["share "+homes]; (len(share.Access) == 1) != slices.Contains(tt.flags, "--anonymous") {
				t.Errorf("the anonymous account may do on the share: %+v", share.Access)
			}
			server := records["server "+lab.FileServer]
			if server.SMB == nil || server.SMB.Dialect != "3.1.1" || server.SMB.Session != "kerberos" {
				t.Errorf("the server is told as %+v", server)
			}
		})
	}
}

// Who checks need not be an administrator: what such an account may not see is not
// checked, and nothing passes for it.
func TestSurvey_asAnOrdinaryAccount(t *testing.T) {
	got, records := survey(t, lab.Alice, "alice", "bob", "--level", "acl")
	alice, bob := records["home "+homes+`\alice`], records["home "+homes+`\bob`]
	if got.code != 4 || alice.State != "ok" || len(alice.Access) != 1 || bob.State != "not checked" {
		t.Errorf("got %v", got)
	}
}

// One dead server among three: told once, with the users behind it; a missing share
// likewise; all others are checked to the end.
func TestSurvey_oneDeadServerAmongThree(t *testing.T) {
	for user, root := range map[lab.Account]string{
		lab.Bob: `\\` + lab.DC + `\sysvol`, lab.Grace: `\\` + lab.FTPServer + `\ftp$`, lab.Erin: `\\` + lab.FTPServer + `\ftp$`,
		lab.Dave: `\\` + lab.FileServer + `\gone`,
	} {
		write(t, user, root, string(user))
	}
	write(t, lab.Bob, `\\`+lab.DC+`\sysvol`, lab.Domain)
	got, records := survey(t, lab.Administrator, "alice", "bob", "grace", "erin", "dave")
	if got.code != 5 {
		t.Errorf("got %v\nwant exit 5", got)
	}
	for place, want := range map[string]string{
		"home " + homes + `\alice`:                   "ok 1 ",
		`home \\` + lab.DC + `\sysvol\` + lab.Domain: "ok 1 ",
		`home \\` + lab.FTPServer + `\ftp$\grace`:    "not checked 1 ",
		`home \\` + lab.FileServer + `\gone\dave`:    "not checked 1 ",
		"server " + lab.FTPServer:                    "problem 2 S02",
		"server " + lab.DC:                           "ok 1 ",
		"server " + lab.FileServer:                   "ok 2 ",
		`share \\` + lab.FileServer + `\gone`:        "problem 1 S03",
		`share \\` + lab.FTPServer + `\ftp$`:         "ok 2 ",
	} {
		r, there := records[place]
		if said := fmt.Sprintf("%s %d %s", r.State, r.UserCount, r.ids()); !there || said != want {
			t.Errorf("%s: got %q, want %q", place, said, want)
		}
	}
	if n := strings.Count(got.stdout, "S02"); n != 1 {
		t.Errorf("the dead server is told %d times", n)
	}
}

// homesOf makes the homes of n users of the crowd, below a folder whose ACL they
// inherit, as Administrator and as smbclient's one session makes them.
func homesOf(t *testing.T, n int) {
	t.Helper()
	const folder = `common\crowd`
	if _, err := os.Stat(filepath.Join(lab.ShareDir(), "common", "crowd")); err == nil {
		return
	}
	if got := samba(t, lab.Administrator, "smbclient", "-c", "mkdir "+folder); got.code != 0 || strings.Contains(got.stdout, "NT_STATUS") {
		t.Fatal(got)
	}
	acl := `ACL:CORP\Domain Users:ALLOWED/3/FULL,ACL:CORP\Domain Admins:ALLOWED/3/FULL`
	if got := samba(t, lab.Administrator, "smbcacls", folder, "-S", acl); got.code != 0 {
		t.Fatal(got)
	}
	for done := 0; done < n; {
		var commands strings.Builder
		commands.WriteString("cd " + folder)
		for range min(500, n-done) {
			commands.WriteString("; mkdir " + crowds.Name(done))
			done++
		}
		if got := samba(t, lab.Administrator, "smbclient", "-c", commands.String()); got.code != 0 || strings.Contains(got.stdout, "NT_STATUS") {
			t.Fatalf("%.500s", got)
		}
	}
}

// 2,000 homes are checked in seconds and in little memory. Connections that break on
// the way are made up for; a server that goes away is told once.
func TestSurvey_manyHomes(t *testing.T) {
	crowds.Make(t, bulkUsers)
	homesOf(t, bulkUsers)
	var text strings.Builder
	text.WriteString("user,root,dir\n")
	for i := range bulkUsers {
		fmt.Fprintf(&text, "%s,%s\\common\\crowd,%[1]s\n", crowds.Name(i), homes)
	}
	path := filepath.Join(t.TempDir(), "homes.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	imported(t, environment(t), ldaps(lab.FTPAdmin), path, "0 refused")
	for _, tt := range []struct {
		name, level string
		homes       int
		bar         time.Duration
		meanwhile   func(testing.TB)
		state       string // of the server in the end
	}{
		{"exists", "exists", bulkUsers, 15 * time.Second, nil, "ok"},
		{"descriptors", "acl", bulkUsers, time.Minute, nil, "ok"},
		{"while connections break", "acl", 1000, time.Minute, lab.DropFileServerConnections, "ok"},
		{"until the server is gone", "acl", 1000, time.Minute, lab.StopFileServer, "problem"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			took, resident, last := surveyCrowd(t, tt.level, tt.homes, tt.meanwhile)
			t.Logf("%d homes: %v, %d KiB resident; %d passed, %d not checked", tt.homes, took, resident, last.Passed, last.NotChecked)
			if took > tt.bar || resident > 100<<10 {
				t.Errorf("%v and %d KiB, more than %v or 100 MiB", took, resident, tt.bar)
			}
			if last.Kind != "server" || last.Homes != tt.homes || last.Found != 0 || last.State != tt.state {
				t.Errorf("the last record is %+v", last)
			}
			if gone := tt.state != "ok"; gone != (last.NotChecked > 0) || gone != (last.ids() == "S02") {
				t.Errorf("%d are not checked, and the server has %q", last.NotChecked, last.ids())
			}
		})
	}
}

// surveyCrowd checks the homes of the crowd, and returns how long it took, the most memory
// that it had resident, in KiB, and its last record.
func surveyCrowd(t *testing.T, level string, homes int, meanwhile func(testing.TB)) (took time.Duration, resident int, last surveyed) {
	t.Helper()
	args := append([]string{"shares", "check", "--ou", crowds.OU, "--filter", crowds.First(homes / 1000), "--level", level, "--file-server", lab.FileServer, "--min-free", "0", "--passed", "-o", "jsonl"},
		ldaps(lab.Administrator)...)
	cmd := exec.CommandContext(t.Context(), program(t), args...)
	cmd.Env = environment(t)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var problems strings.Builder
	cmd.Stderr = &problems
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := 0
	for scanner := bufio.NewScanner(out); scanner.Scan(); lines++ {
		if lines == 0 && meanwhile != nil {
			meanwhile(t)
		}
		if lines%100 == 0 {
			resident = max(resident, highWater(t, cmd.Process.Pid))
		}
		last = surveyed{}
		if err := json.Unmarshal(scanner.Bytes(), &last); err != nil {
			t.Fatal(err)
		}
	}
	err = cmd.Wait()
	took = time.Since(begin)
	if ok := last.State == "ok"; ok != (err == nil) || !ok && cmd.ProcessState.ExitCode() != 5 {
		t.Errorf("%v: %s", err, &problems)
	}
	return took, resident, last
}

// The shares of a real server, as an administrator and as somebody who may not enter
// all of them.
func TestSharesList(t *testing.T) {
	type shared struct {
		Share, Type string
		Hidden      bool
		Total, Free *uint64
		Problem     *string
	}
	list := func(as lab.Account, server string, more ...string) (outcome, map[string]shared) {
		got := ftpisoctl(t, ldaps(as), append([]string{"shares", "list", server, "-o", "json"}, more...)...)
		var found struct{ Shares []shared }
		if got.stdout != "" {
			if err := json.Unmarshal([]byte(got.stdout), &found); err != nil {
				t.Fatalf("%v in %v", err, got)
			}
		}
		shares := map[string]shared{}
		for _, s := range found.Shares {
			shares[s.Share] = s
		}
		return got, shares
	}
	got, shares := list(lab.Administrator, lab.FileServer)
	for _, name := range []string{lab.Share, lab.EncryptedShare, "ftpsmall$"} {
		if s := shares[name]; got.code != 0 || s.Type != "disk" || !s.Hidden || s.Total == nil || s.Free == nil || *s.Free > *s.Total {
			t.Errorf("%s: %+v in %v", name, s, got)
		}
	}
	if s := shares["IPC$"]; s.Type != "other" || s.Total != nil {
		t.Errorf("IPC$: %+v", s)
	}
	if got, _ := list(lab.Alice, lab.Rogue); got.code != 5 || strings.Contains(got.stderr, lab.Alice.Password(t).Reveal()) {
		t.Errorf("nobody at home: %v", got)
	}
}
