//go:build lab

package ldapattr_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/lab/crowds"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

const rootCrowd = `\\fs01.corp.example.com\ftp$`

// crowdLDIF is what ldapmodify does to get the same as changeCrowd.
func crowdLDIF(n int, dir string) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "dn: %s\nchangetype: modify\nreplace: msIIS-FTPRoot\nmsIIS-FTPRoot: %s\n-\nreplace: msIIS-FTPDir\nmsIIS-FTPDir: %s\\%s\n-\n\n",
			crowds.DN(i), rootCrowd, crowds.Name(i), dir)
	}
	return text.String()
}

// changeCrowd opens the directory, looks the users up and changes both attributes.
func changeCrowd(t testing.TB, cfg ldapattr.Config, n int, dir string) (took time.Duration) {
	t.Helper()
	begin := time.Now()
	f := openForest(t, cfg)
	names := make([]ldapattr.AccountName, n)
	for i := range names {
		names[i] = accountName(t, crowds.Name(i))
	}
	root := rootCrowd
	var changes []ldapattr.Change
	for u, err := range f.LookupAll(t.Context(), names) {
		if err != nil {
			t.Fatal(err)
		}
		to := u.SAMAccountName + `\` + dir
		changes = append(changes, ldapattr.Change{User: u, Update: ldapattr.Update{Root: &root, Dir: &to}, ReadAt: begin})
	}
	found := time.Since(begin)
	for window := range slices.Chunk(changes, 500) {
		for _, o := range f.UpdateAll(t.Context(), window) {
			if o.State != ldapattr.Done {
				t.Fatalf("%+v", o)
			}
		}
	}
	took = time.Since(begin)
	t.Logf("%d users: found after %v, changed after %v", n, found, took)
	return took
}

// labSizes is how many users: more than 2,000 take long to make.
func labSizes(more ...int) []int {
	if os.Getenv("FTPISOCTL_LOAD") != "" {
		return append([]int{2000}, more...)
	}
	return []int{2000}
}

func TestLab_updateAllAgainstLdapmodify(t *testing.T) {
	for _, n := range labSizes() {
		crowds.Make(t, n)
		cfg := ldaps(t, lab.FTPAdmin)
		cfg.WithoutAccount = true
		_ = changeCrowd(t, cfg, n, "start") // what is there before is the same for both
		crowds.Hold(t, fmt.Sprintf("%d users, ldapmodify", n), 1.1, func(i int) crowds.Race {
			ours := changeCrowd(t, cfg, n, fmt.Sprint("a", i))
			return crowds.Race{Ours: ours, Theirs: crowds.Rival{Server: "ldaps://" + lab.DC, As: lab.FTPAdmin}.Modify(t, crowdLDIF(n, fmt.Sprint("b", i)))}
		})
	}
}

// Over a line with 20 ms there and back, waiting for each answer is what takes the time.
func TestLab_updateAllOverALongLine(t *testing.T) {
	const n, roundTrip = 2000, 20 * time.Millisecond
	crowds.Make(t, n)
	far := "ldaps://" + lab.DC + ":" + crowds.Delay(t, lab.DCAddr+":636", roundTrip)
	cfg := ldaps(t, lab.FTPAdmin)
	cfg.Servers, cfg.WithoutAccount = []string{far}, true
	const some = n / 10 // it takes ten times as long for all of them
	crowds.Hold(t, "far away, ldapmodify", 0.2, func(i int) crowds.Race {
		ours := changeCrowd(t, cfg, n, fmt.Sprint("far", i))
		return crowds.Race{Ours: ours, Theirs: 10 * crowds.Rival{Server: far, As: lab.FTPAdmin}.Modify(t, crowdLDIF(some, fmt.Sprint("farther", i)))}
	})
}

func TestLab_usersAgainstLdapsearch(t *testing.T) {
	for _, n := range labSizes(10_000) {
		crowds.Make(t, n)
		cfg := ldaps(t, lab.Service)
		scope := ldapattr.Scope{OU: crowds.OU}
		list := func() time.Duration {
			begin := time.Now()
			if got := countUsers(t, labOpen(t, cfg), scope); got < n {
				t.Errorf("%d users, want %d", got, n)
			}
			return time.Since(begin)
		}
		search := func() time.Duration {
			count, took := crowds.Rival{Server: "ldaps://" + lab.DC, As: lab.Service}.Search(t, "(&(objectCategory=person)(objectClass=user))",
				"objectGUID", "objectSid", "sAMAccountName", "userPrincipalName", "userAccountControl", "msDS-User-Account-Control-Computed",
				"accountExpires", "pwdLastSet", "msIIS-FTPRoot", "msIIS-FTPDir")
			if count < n {
				t.Errorf("ldapsearch finds %d users, want %d", count, n)
			}
			return took
		}
		crowds.Hold(t, fmt.Sprintf("%d users, ldapsearch", n), 1.25, func(int) crowds.Race { return crowds.Race{Ours: list(), Theirs: search()} })
		resident := residentOf(t, n)
		t.Logf("%d KiB resident", resident)
		if resident > 60<<10 {
			t.Errorf("%d KiB were resident for %d users", resident, n)
		}
	}
}

// residentOf is the most memory, in KiB, that a process of its own had while it listed the crowd.
func residentOf(t *testing.T, n int) int {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestLab_listsOnce$", "-test.v")
	cmd.Env = append(os.Environ(), "FTPISOCTL_LIST="+strconv.Itoa(n))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if _, size, ok := strings.Cut(line, "resident: "); ok {
			kib, _ := strconv.Atoi(strings.TrimSpace(size))
			return kib
		}
	}
	t.Fatalf("it does not tell:\n%s", out)
	return 0
}

// TestLab_listsOnce is the process of residentOf; by itself it lists whoever is there.
func TestLab_listsOnce(t *testing.T) {
	want, _ := strconv.Atoi(os.Getenv("FTPISOCTL_LIST"))
	if got := countUsers(t, labOpen(t, ldaps(t, lab.Service)), ldapattr.Scope{}); got < want {
		t.Errorf("%d users, want %d", got, want)
	}
	status, err := os.Open("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	defer status.Close()
	for lines := bufio.NewScanner(status); lines.Scan(); {
		if size, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			fmt.Println("resident:", strings.TrimSuffix(strings.TrimSpace(size), " kB"))
		}
	}
}

// Every form of name, in one question with many others, means the same to a real domain.
func TestLab_lookupAll(t *testing.T) {
	crowds.Make(t, 300)
	f := openForest(t, ldaps(t, lab.Service))
	alice := labLookup(t, f.Home(), lab.Alice)
	names := []string{"alice", "ALICE", `CORP\alice`, `corp.example.com\alice`, "alice@corp.example.com", alice.DN, strings.ToUpper(alice.DN), alice.SID, alice.GUID.String()}
	for i := range 300 {
		names = append(names, []string{crowds.Name(i), crowds.DN(i), crowds.Name(i) + "@" + lab.Domain}[i%3])
	}
	names = append(names, "nobody", "CN=Nobody,"+crowds.OU, "nobody@"+lab.Domain)
	users, errs := everybody(t, f, names...)
	for i, name := range names {
		want, wantErr := f.Home().Lookup(t.Context(), accountName(t, name))
		if users[i] != want || (errs[i] == nil) != (wantErr == nil) {
			t.Errorf("%s is %+v, %v\nwant %+v, %v", name, users[i], errs[i], want, wantErr)
		}
	}
}

func TestLab_updateAllTellsEachOutcome(t *testing.T) {
	crowds.Make(t, 10)
	f := openForest(t, ldaps(t, lab.FTPAdmin))
	var users []ldapattr.User
	for i := range 3 {
		u, err := f.Lookup(t.Context(), accountName(t, crowds.Name(i)))
		if err != nil {
			t.Fatal(err)
		}
		users = append(users, u)
	}
	dir := fmt.Sprint("x", time.Now().UnixNano())
	stale, gone := users[1], users[2]
	stale.Dir, gone.GUID[0] = "stale", gone.GUID[0]^1
	service := labLookup(t, f.Home(), lab.Service)
	outcomes := f.UpdateAll(context.WithoutCancel(t.Context()), newDirs([]ldapattr.User{users[0], stale, gone, service}, dir))
	for i, want := range []struct {
		state ldapattr.State
		kind  error
		now   string
	}{
		{ldapattr.Done, nil, dir}, {ldapattr.Refused, ldapattr.ErrConflict, users[1].Dir},
		{ldapattr.Refused, ldapattr.ErrNotFound, ""}, {ldapattr.Refused, ldapattr.ErrRights, ""},
	} {
		o := outcomes[i]
		if want.kind != nil {
			asError(t, o.Err, want.kind)
		}
		if o.State != want.state || o.Now.Dir != want.now {
			t.Errorf("change %d: %+v, want %+v", i, o, want)
		}
	}
}

func TestLab_groupsAndRights(t *testing.T) {
	f := openForest(t, ldaps(t, lab.FTPAdmin))
	members := func(group string) (names []string) {
		for u, err := range f.Users(t.Context(), ldapattr.Scope{Group: accountName(t, group)}) {
			if err != nil {
				t.Fatalf("%s: %v", group, err)
			}
			names = append(names, u.SAMAccountName)
		}
		return names
	}
	// Nobody is a member of Domain Users by that group's member attribute; Administrator is one of Administrators both ways.
	if got := members("Domain Users"); !slices.Contains(got, "alice") {
		t.Errorf("Domain Users are %q", got)
	}
	if got := members("Administrators"); !slices.Contains(got, "Administrator") || slices.Contains(got, "alice") {
		t.Errorf("Administrators are %q", got)
	}
	for dn, want := range map[string]bool{labLookup(t, f.Home(), lab.Grace).DN: true, labLookup(t, f.Home(), lab.Service).DN: false} {
		names, err := f.Home().WritableAttributes(t.Context(), dn)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(names, "msIIS-FTPDir") && slices.Contains(names, "msIIS-FTPRoot"); got != want {
			t.Errorf("%s: %q", dn, names)
		}
	}
	urls, err := ldapattr.Controllers(t.Context(), ldapattr.Config{Domain: lab.Domain, Bind: ldaps(t, lab.FTPAdmin).Bind})
	if err != nil || !slices.Equal(urls, []string{"ldaps://" + lab.DC + ":636"}) {
		t.Errorf("controllers are %q, %v", urls, err)
	}
}
