//go:build lab

package lab_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/lab/crowds"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

// admit lets commands go to the lab's file server.
var admit = []string{"--file-server", lab.FileServer}

// folder is what shares mkdir and undo say about one directory.
type folder struct {
	User, Location, Action, Result string
	Before, After, Now, Note       *string
}

// folders runs a command that makes or removes directories.
func folders(t *testing.T, env []string, as lab.Account, args ...string) (outcome, []folder) {
	t.Helper()
	got := execute(t, env, program(t), slices.Concat(args, []string{"-o", "json"}, admit, ldaps(as))...)
	var list struct{ Folders []folder }
	if got.stdout != "" {
		if err := json.Unmarshal([]byte(got.stdout), &list); err != nil {
			t.Fatalf("%v: %v in %v", args, err, got)
		}
	}
	return got, list.Folders
}

// openShare lets the domain's administrators make folders in the share, for the time of
// the test.
func openShare(t *testing.T) {
	t.Helper()
	if err := os.Chmod(lab.ShareDir(), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Chmod(lab.ShareDir(), 0o755); err != nil {
			t.Error(err)
		}
	})
}

// administer enters the share as the domain's administrator.
func administer(t *testing.T) *smbfs.Folder {
	t.Helper()
	return administerShare(t, lab.Share)
}

func administerShare(t *testing.T, name string) *smbfs.Folder {
	t.Helper()
	session, err := smbfs.Connect(t.Context(), smbfs.Target{Host: lab.FileServer, Share: name})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	login := smbfs.Login{Domain: lab.NetBIOS, User: string(lab.Administrator), Password: lab.Administrator.Password(t), Kerberos: &smbfs.Kerberos{Realm: lab.Realm}}
	if err := session.Login(t.Context(), login); err != nil {
		t.Fatal(err)
	}
	folder, err := session.Folder(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// descriptorOf reads a descriptor without its group, which is nobody's business.
func descriptorOf(t *testing.T, share *smbfs.Folder, path string) string {
	t.Helper()
	raw, err := share.Descriptor(context.WithoutCancel(t.Context()), path)
	if err != nil {
		t.Errorf("the descriptor of %s: %v", path, err)
		return ""
	}
	d, err := secdesc.Parse(raw)
	if err != nil {
		t.Error(err)
	}
	d.Group = ""
	d.Control &= secdesc.DACLPresent | secdesc.DACLProtected
	return d.SDDL()
}

// privateTo is the descriptor of a private home.
func privateTo(sid string) string {
	return "O:" + sid + "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;" + sid + ")"
}

func sidOf(t *testing.T, user string) string {
	t.Helper()
	got := ftpisoctl(t, ldaps(lab.FTPAdmin), "get", user, "-o", "csv", "--columns", "sid", "--no-headers")
	if got.code != 0 {
		t.Fatal(got)
	}
	return strings.TrimSpace(got.stdout)
}

// A home that was made is its user's: she works in it over FTP, nobody else gets in,
// and it is taken back only while it is empty.
func TestSharesMkdir_aHomeOfOnesOwn(t *testing.T) {
	openShare(t)
	write(t, lab.Alice, homes, `made\north\alice`)
	write(t, lab.Grace, homes, `made\grace`)
	write(t, lab.Bob, homes, `made\north\alice`) // bob's attributes lead into her home
	env := environment(t)
	got, all := folders(t, env, lab.Administrator, "shares", "mkdir", "alice", "grace", "--yes")
	if got.code != 0 || len(all) != 4 {
		t.Fatal(got)
	}
	for _, f := range all {
		if f.Result != "done" || f.Note != nil {
			t.Errorf("%+v", f)
		}
	}
	share := administer(t)
	for path, user := range map[string]string{`made\north\alice`: "alice", `made\grace`: "grace"} {
		if got, want := descriptorOf(t, share, path), privateTo(sidOf(t, user)); got != want {
			t.Errorf("%s: got  %s\nwant %s", path, got, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(lab.ShareDir(), "made", ".ftpisoctl-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}

	s := serve(t)
	alice := login(t, s, lab.Alice)
	if got := alice.upload([]byte("hers"), "STOR mine.txt"); got.code != 226 {
		t.Errorf("alice uploads into her new home: %v", got)
	}
	if got := dial(t, s).try(string(lab.Bob), lab.Bob.Password(t).Reveal()); got.code != 530 {
		t.Errorf("bob enters alice's home: %v", got)
	}
	if file := descriptorOf(t, share, `made\north\alice\mine.txt`); !strings.HasPrefix(file, "O:"+sidOf(t, "alice")) {
		t.Errorf("what alice uploads belongs to somebody else: %s", file)
	}

	ticket := append(slices.Clone(env), "KRB5CCNAME="+lab.Administrator.Kinit(t))
	if got := execute(t, ticket, program(t), slices.Concat([]string{"undo", "--yes", "--server", "ldap://" + lab.DC, "--kerberos"}, admit)...); got.code != 2 || !strings.Contains(got.stderr, "--password-file") {
		t.Errorf("undo with a ticket alone: %v\nwant exit 2 and what to add", got)
	}
	got, all = folders(t, env, lab.Administrator, "undo", "--yes")
	results := map[string]string{}
	for _, f := range all {
		results[strings.TrimPrefix(f.Location, homes)] = f.Result
	}
	want := map[string]string{`\made\grace`: "done", `\made\north\alice`: "conflict", `\made\north`: "conflict", `\made`: "conflict"}
	if got.code != 7 || !maps.Equal(results, want) {
		t.Errorf("undo: got %v\n%v", results, got)
	}
	if got := alice.cmd("DELE mine.txt"); got.code != 250 {
		t.Errorf("it is still there: %v", got)
	}
	alice.cmd("QUIT")
	for _, path := range []string{"made/north/alice", "made/north", "made"} {
		if err := os.Remove(filepath.Join(lab.ShareDir(), path)); err != nil {
			t.Error(err)
		}
	}
}

// What is there is left alone, and repaired when that is asked for; undo brings the old
// list back.
func TestSharesMkdir_repair(t *testing.T) {
	openShare(t)
	write(t, lab.Grace, homes, `repaired`)
	share := administer(t)
	if err := share.Mkdir(t.Context(), "repaired"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(filepath.Join(lab.ShareDir(), "repaired")) })
	before, env := descriptorOf(t, share, "repaired"), environment(t)
	got, all := folders(t, env, lab.Administrator, "shares", "mkdir", "grace", "--yes")
	if got.code != 0 || len(all) != 1 || all[0].Action != "keep" || descriptorOf(t, share, "repaired") != before {
		t.Errorf("without --repair: %v", got)
	}
	got, all = folders(t, env, lab.Administrator, "shares", "mkdir", "grace", "--repair", "--dry-run")
	want := privateTo(sidOf(t, "grace"))
	if got.code != 0 || len(all) != 1 || all[0].Action != "repair" || all[0].Before == nil || *all[0].After != want {
		t.Errorf("what would be repaired: %v", got)
	}
	if got, _ := folders(t, env, lab.Administrator, "shares", "mkdir", "grace", "--repair", "--yes"); got.code != 0 || descriptorOf(t, share, "repaired") != want {
		t.Errorf("--repair: %v\n%s", got, descriptorOf(t, share, "repaired"))
	}
	if got, all := folders(t, env, lab.Administrator, "shares", "mkdir", "grace", "--repair", "--yes"); got.code != 0 || all[0].Action != "keep" {
		t.Errorf("--repair again: %v", got)
	}
	if got, _ := folders(t, env, lab.Administrator, "undo", "--yes"); got.code != 0 || descriptorOf(t, share, "repaired") != before {
		t.Errorf("undo: %v\n%s\nwant %s", got, descriptorOf(t, share, "repaired"), before)
	}
}

// folderWith makes a folder with an access list, for the time of the test.
func folderWith(t *testing.T, share *smbfs.Folder, name, sddl string) {
	t.Helper()
	d, err := secdesc.ParseSDDL(sddl, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := share.Mkdir(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Join(lab.ShareDir(), name)) })
	if err := share.SetDescriptor(t.Context(), name, d.Bytes()); err != nil {
		t.Fatal(err)
	}
}

// What the folder above hands down is what a user would get who makes the home.
func TestSharesMkdir_inherit(t *testing.T) {
	openShare(t)
	share, env, grace := administer(t), environment(t), sidOf(t, "grace")
	folderWith(t, share, "handing", "O:BAD:P(A;OICI;FA;;;BA)(A;OICIIO;0x1301bf;;;CO)")
	write(t, lab.Grace, homes, `handing\grace`)
	got, _ := folders(t, env, lab.Administrator, "shares", "mkdir", "grace", "--acl", "inherit", "--yes")
	want := "O:" + grace + "D:(A;OICIID;FA;;;BA)(A;ID;0x1301bf;;;" + grace + ")(A;OICIIOID;0x1301bf;;;CO)"
	if found := descriptorOf(t, share, `handing\grace`); got.code != 0 || found != want {
		t.Errorf("%v\ngot  %s\nwant %s", got, found, want)
	}
	folderWith(t, share, "keeping", "O:BAD:P(A;OICI;FA;;;BA)")
	write(t, lab.Bob, homes, `keeping\bob`)
	if got, _ := folders(t, env, lab.Administrator, "shares", "mkdir", "bob", "--acl", "inherit", "--yes"); got.code == 0 || !strings.Contains(got.stderr, "does not let the user modify") {
		t.Errorf("what lets only administrators in: %v", got)
	}
}

// An operator who is no administrator makes homes where that is allowed, and stays
// their owner, since only administrators give away.
func TestSharesMkdir_asAnOperator(t *testing.T) {
	openShare(t)
	share, operator, grace := administer(t), sidOf(t, string(lab.FTPAdmin)), sidOf(t, "grace")
	folderWith(t, share, "operated", "O:BAD:P(A;OICI;FA;;;BA)(A;;0x1200ad;;;"+operator+")")
	write(t, lab.Grace, homes, `operated\grace`)
	got, all := folders(t, environment(t), lab.FTPAdmin, "shares", "mkdir", "grace", "--yes")
	if got.code != 0 || len(all) != 1 || all[0].Note == nil || !strings.Contains(*all[0].Note, "the owner stays") {
		t.Errorf("got %v", got)
	}
	if got, want := descriptorOf(t, share, `operated\grace`), strings.Replace(privateTo(grace), "O:"+grace, "O:"+operator, 1); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if left, _ := filepath.Glob(filepath.Join(lab.ShareDir(), "operated", ".ftpisoctl-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Who may not make folders there makes none, and says so; a server that is gone is
// told once.
func TestSharesMkdir_refused(t *testing.T) {
	write(t, lab.Grace, homes, `refused\grace`)
	write(t, lab.Bob, homes, `refused\bob`)
	got, _ := folders(t, environment(t), lab.Erin, "shares", "mkdir", "grace", "--yes")
	if got.code == 0 {
		t.Errorf("as erin: %v", got)
	}
	lab.StopFileServer(t)
	got, _ = folders(t, environment(t), lab.Administrator, "shares", "mkdir", "grace", "bob", "--yes")
	if got.code != 5 || strings.Count(got.stderr, "error: CORP") != 1 || !strings.Contains(got.stderr, "2 homes on it") {
		t.Errorf("with the server gone: %v", got)
	}
}

// killedHomes are the homes of the crowd in a run that is killed so many times.
const killedHomes, kills = 2000, 3

// Killed at any moment, no directory has its name without its list; run again, the
// work comes to its end.
func TestSharesMkdir_killed(t *testing.T) {
	openShare(t)
	crowds.Make(t, killedHomes)
	env := environment(t)
	crowdHomesAre(t, env, "crowd", killedHomes)
	sids := crowdSIDs(t)
	share, seen := administer(t), map[string]bool{}
	args := slices.Concat([]string{"shares", "mkdir", "--ou", crowds.OU, "--filter", crowds.First(killedHomes / 1000), "--yes", "-q"}, admit, ldaps(lab.Administrator))
	made, killed, began := 0, 0, time.Now()
	var peak int64
	for ended := false; !ended; {
		cmd := exec.Command(program(t), args...)
		cmd.Env = env
		var said lockedBuffer
		cmd.Stdout, cmd.Stderr = nil, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		// The kill comes in the middle of making directories.
		enough := made + 1 + rand.IntN(killedHomes/kills)
		waited := time.Now()
		for alive := true; alive; {
			select {
			case err := <-done:
				if alive, ended = false, err == nil; !ended {
					t.Fatalf("%v\n%s", err, &said)
				}
			case <-time.After(time.Millisecond):
				if time.Since(waited) > time.Minute {
					t.Errorf("it does not come to an end\n%s", &said)
				} else if killed == kills || len(crowdHomes(t, "crowd")) < enough {
					continue
				}
				_ = cmd.Process.Kill()
				<-done
				alive = false
				killed++
			}
		}
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			peak = max(peak, usage.Maxrss>>10)
		}
		names := crowdHomes(t, "crowd")
		unprotected(t, share, sids, seen, "crowd", names)
		t.Logf("%d directories after %v, %d kills", len(names), time.Since(began).Round(time.Millisecond), killed)
		made = len(names)
	}
	if made != killedHomes {
		t.Errorf("%d directories, want %d", made, killedHomes)
	}
	if left, _ := filepath.Glob(filepath.Join(lab.ShareDir(), "crowd", ".ftpisoctl-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	t.Logf("at most %d MiB", peak)
	again := execute(t, env, program(t), args...)
	t.Logf("again: %v", again.took)
	if again.code != 0 {
		t.Error(again)
	}
	if got := execute(t, env, program(t), "history", "-o", "csv", "--columns", "state", "--no-headers"); strings.Contains(got.stdout, "open") {
		t.Errorf("the journal has open runs: %v", got)
	}
	if err := os.RemoveAll(filepath.Join(lab.ShareDir(), "crowd")); err != nil {
		t.Error(err)
	}
}

// A file server that drops its connections in the middle leaves no directory without
// its list either; what was not made is said, and made by the next run.
func TestSharesMkdir_connectionsBreak(t *testing.T) {
	openShare(t)
	const users = 600
	crowds.Make(t, users)
	env := environment(t)
	crowdHomesAre(t, env, "broken", users)
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Join(lab.ShareDir(), "broken")) })
	args := slices.Concat([]string{"shares", "mkdir", "--filter", "(msIIS-FTPDir=broken\\5c*)", "--yes", "-q"}, admit, ldaps(lab.Administrator))
	broken := make(chan outcome, 1)
	go func() { broken <- execute(t, env, program(t), args...) }()
	if !eventually(time.Minute, func() bool { return len(crowdHomes(t, "broken")) > 20 }) {
		t.Fatal("nothing is made")
	}
	lab.DropFileServerConnections(t)
	got := <-broken
	made := crowdHomes(t, "broken")
	if got.code != 3 || strings.Count(got.stderr, "error: CORP") != 1 || len(made) == users {
		t.Errorf("after %d directories: %.2000s", len(made), got)
	}
	share, sids, seen := administer(t), crowdSIDs(t), map[string]bool{}
	unprotected(t, share, sids, seen, "broken", made)
	if got := execute(t, env, program(t), args...); got.code != 0 {
		t.Errorf("again: %.2000s", got)
	}
	if made = crowdHomes(t, "broken"); len(made) != users {
		t.Errorf("%d directories, want %d", len(made), users)
	}
	unprotected(t, share, sids, seen, "broken", made)
	if left, _ := filepath.Glob(filepath.Join(lab.ShareDir(), "broken", ".ftpisoctl-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if got := execute(t, env, program(t), "history", "-o", "csv", "--columns", "state", "--no-headers"); strings.Contains(got.stdout, "open") {
		t.Errorf("the journal has open runs: %v", got)
	}
}

// crowdHomesAre gives users of the crowd homes in a folder of the share.
func crowdHomesAre(t *testing.T, env []string, folder string, users int) {
	t.Helper()
	list := filepath.Join(t.TempDir(), "homes.csv")
	var text strings.Builder
	text.WriteString("user,root,dir\n")
	for i := range users {
		fmt.Fprintf(&text, "%s,%s,%s\\%[1]s\n", crowds.Name(i), homes, folder)
	}
	if err := os.WriteFile(list, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	imported(t, env, ldaps(lab.FTPAdmin), list, "0 refused")
}

// crowdSIDs are the SIDs of the crowd by name.
func crowdSIDs(t *testing.T) map[string]string {
	t.Helper()
	got := ftpisoctl(t, ldaps(lab.FTPAdmin), "list", "--ou", crowds.OU, "-o", "csv", "--columns", "sAMAccountName,sid", "--no-headers")
	sids := map[string]string{}
	for line := range strings.Lines(got.stdout) {
		name, sid, _ := strings.Cut(strings.TrimSpace(line), ",")
		sids[name] = sid
	}
	return sids
}

// crowdHomes are the directories that have their names.
func crowdHomes(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(lab.ShareDir(), folder))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".ftpisoctl-") {
			names = append(names, e.Name())
		}
	}
	return names
}

// unprotected looks for directories without their list, among those that it has not
// seen: what has its name is not touched again.
func unprotected(t *testing.T, share *smbfs.Folder, sids map[string]string, seen map[string]bool, folder string, names []string) {
	t.Helper()
	queue := make(chan string, len(names))
	for _, name := range names {
		if !seen[name] {
			queue <- name
			seen[name] = true
		}
	}
	close(queue)
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			for name := range queue {
				if got, want := descriptorOf(t, share, folder+`\`+name), privateTo(sids[name]); got != want {
					t.Errorf("%s: got  %s\nwant %s", name, got, want)
				}
			}
		})
	}
	running.Wait()
}
