//go:build lab

package lab_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// audited is what an audit writes with -o json, as far as the tests of the lab look at it.
type audited struct {
	Accounts, Homes int
	Findings        []struct {
		Rule, Login, Location, Message string
	}
	Results []struct {
		Rule                      string
		Found, Passed, NotChecked int
		Reasons                   []struct {
			Text  string
			Count int
		}
	}
}

// auditLevels are what an audit can look at.
var auditLevels = []string{"0", "3"}

// An audit by an account that may only read leaves every object of the domain and every file of the file server as it
// was, to the last attribute and to the nanosecond, but for lastLogon and logonCount of the account itself once it has asked
// for a ticket.
func TestAudit_writesNothing(t *testing.T) {
	openShare(t)
	share := administer(t)
	folderWith(t, share, "audited", "O:BAD:P(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;"+sidOf(t, string(lab.Service))+")")
	for _, name := range []string{"one.txt", "two.txt"} {
		if err := os.WriteFile(filepath.Join(lab.ShareDir(), "audited", name), []byte("not to be read"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(t, lab.Grace, homes, "audited")
	write(t, lab.Dave, homes, "common")              // here the account may even write
	ftpisoctl(t, ldaps(lab.Service), "get", "alice") // its first logon of all is more than a counter
	objects, files := directoryState(t), fileState(t)
	self := "CN=" + string(lab.Service) + ",OU=Services," + lab.BaseDN
	ordinary(t, objects[self])
	unchanged := func(counters ...string) {
		t.Helper()
		objectsBefore, filesBefore := objects, files
		objects, files = directoryState(t), fileState(t)
		for _, change := range append(changed(objectsBefore, objects), changed(filesBefore, files)...) {
			if !slices.Contains(counters, change) {
				t.Errorf("changed: %s", change)
			}
		}
	}
	for _, level := range auditLevels {
		t.Run("level "+level, func(t *testing.T) {
			got := ftpisoctl(t, ldaps(lab.Service), "audit", "--level", level, "--filter", "(!(sAMAccountName=crowd*))", "--file-server", "*."+lab.Domain, "-o", "json")
			var report audited
			if err := json.Unmarshal([]byte(got.stdout), &report); err != nil || got.code != 4 || report.Accounts < 10 || report.Homes < 8 {
				t.Fatalf("%v\n%.2000s", err, got)
			}
			for _, result := range report.Results {
				if result.Rule == "H03" && result.Found+result.Passed < 2 {
					t.Errorf("it has hardly looked at access lists: %+v", result)
				}
			}
			if level == "0" {
				unchanged()
			} else { // the ticket for the file server is a logon that counts
				unchanged(self+": lastLogon", self+": logonCount")
			}
		})
	}
	t.Run("a change is seen", func(t *testing.T) {
		write(t, lab.Grace, homes, "touched")
		touched := filepath.Join(lab.ShareDir(), "audited", "one.txt")
		if _, err := os.ReadFile(touched); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Setxattr(filepath.Dir(touched), "user.touched", []byte("x"), 0); err != nil {
			t.Fatal(err)
		}
		all := append(changed(objects, directoryState(t)), changed(files, fileState(t))...)
		for _, want := range []string{
			"CN=Grace Green,OU=Staff," + lab.BaseDN + ": uSNChanged", "rootDSE: highestCommittedUSN",
			"share/audited/one.txt: atime", "share/audited: ctime", "share/audited: user.touched",
		} {
			if !slices.Contains(all, want) {
				t.Errorf("got %q, want %s among them", all, want)
			}
		}
	})
}

// ordinary wants an account that is in no group but Domain Users.
func ordinary(t *testing.T, account map[string]string) {
	t.Helper()
	if account["primaryGroupID"] != "513" || account["memberOf"] != "" || account["adminCount"] != "" {
		t.Errorf("the account that audits is no ordinary user: %v", account)
	}
}

// state is named things with their named properties.
type state map[string]map[string]string

// changed are the properties that are not as they were, as "name: property".
func changed(before, after state) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(before)) {
		for _, property := range slices.Sorted(maps.Keys(before[name])) {
			if before[name][property] != after[name][property] {
				all = append(all, name+": "+property)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		for _, property := range slices.Sorted(maps.Keys(after[name])) {
			if _, known := before[name][property]; !known {
				all = append(all, name+": "+property)
			}
		}
	}
	return all
}

// directoryState reads every object of every naming context, deleted ones too, with all attributes that are stored,
// past the domain controller: nobody logs on for it.
func directoryState(t *testing.T) state {
	t.Helper()
	search := func(args ...string) string {
		flags := []string{"-H", filepath.Join(lab.Dir(), "dc1", "private", "sam.ldb"), "--configfile=" + filepath.Join(lab.Dir(), "dc1", "etc", "smb.conf")}
		out, err := exec.CommandContext(t.Context(), "ldbsearch", append(flags, args...)...).Output()
		if err != nil {
			t.Fatalf("ldbsearch: %v", err)
		}
		return strings.ReplaceAll(string(out), "\n ", "")
	}
	text := search("-b", lab.BaseDN, "--cross-ncs", "--show-deleted", "--show-recycled", "(objectClass=*)", "*", "nTSecurityDescriptor", "replPropertyMetaData")
	all := state{}
	for record := range strings.SplitSeq(text+"\n\n"+strings.Replace(search("-s", "base", "-b", "", "highestCommittedUSN"), "dn: ", "dn: rootDSE", 1), "\n\n") {
		var entry map[string]string
		for line := range strings.Lines(record) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
			switch value = strings.TrimSpace(strings.TrimPrefix(value, ":")); {
			case name == "dn":
				entry = map[string]string{}
				all[value] = entry
			case entry != nil && !strings.HasPrefix(name, "#"):
				entry[name] += value + "\n"
			}
		}
		for name := range entry {
			entry[name] = strings.TrimSuffix(entry[name], "\n")
		}
	}
	if len(all) < 1000 || all["rootDSE"]["highestCommittedUSN"] == "" {
		t.Fatalf("%d objects with the USN %v", len(all), all["rootDSE"])
	}
	return all
}

// fileState is what the file server has on its disks. When a directory was read is told by its atime, which is no
// change; that of a file says that somebody has looked into it.
func fileState(t *testing.T) state {
	t.Helper()
	holder := strings.TrimSpace(string(read(t, filepath.Join(lab.Dir(), "fs01", "holder.pid"))))
	root := filepath.Join("/proc", holder, "root", lab.Dir()) // as fs01 sees it: one disk is there alone
	all := state{}
	for _, disk := range []string{"share", "encrypted", "small", "empty", "namespace", "outside"} {
		err := filepath.WalkDir(filepath.Join(root, disk), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			var stat syscall.Stat_t
			if err := syscall.Lstat(path, &stat); err != nil {
				return err
			}
			one := map[string]string{
				"mtime": fmt.Sprint(stat.Mtim), "ctime": fmt.Sprint(stat.Ctim), "size": fmt.Sprint(stat.Size), "links": fmt.Sprint(stat.Nlink),
				"owner": fmt.Sprint(stat.Uid, stat.Gid), "mode": fmt.Sprint(stat.Mode), "inode": fmt.Sprint(stat.Ino),
			}
			if !entry.IsDir() {
				one["atime"] = fmt.Sprint(stat.Atim)
			}
			name, _ := filepath.Rel(root, path)
			all[name] = one
			return extended(path, entry, one)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	// Where the kernel has no extended attributes for memory disks Samba keeps them in here.
	if content, err := os.ReadFile(filepath.Join(lab.Dir(), "fs01", "state", "xattr.tdb")); err == nil {
		all["xattr.tdb"] = map[string]string{"content": fmt.Sprintf("%x", sha256.Sum256(content))}
	}
	return all
}

// extended adds the extended attributes, NT ACLs among them.
func extended(path string, entry fs.DirEntry, to map[string]string) error {
	if entry.Type()&fs.ModeSymlink != 0 {
		return nil // they have none, and what they lead to is not meant
	}
	var names, value [64 << 10]byte
	n, err := syscall.Listxattr(path, names[:])
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names[:n]), "\x00"), "\x00") {
		if name == "" {
			continue
		}
		n, err := syscall.Getxattr(path, name, value[:])
		if err != nil {
			return err
		}
		to[name] = fmt.Sprintf("%x", sha256.Sum256(value[:n]))
	}
	return nil
}
