package ftpsrv_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// Section F of the security checklist: file operations.

// exchange sends a data command, with nothing to store, and returns its last reply
// and what came on the data connection.
func (c *client) exchange(command string) (reply, data string) {
	c.t.Helper()
	dc := c.passive()
	c.send(command + "\r\n")
	if reply = c.reply(); reply[0] == '1' {
		_ = dc.CloseWrite()
		var b bytes.Buffer
		_, _ = b.ReadFrom(dc)
		reply, data = c.reply(), b.String()
	}
	_ = dc.Close()
	return reply, data
}

func TestChecklist_F1_offsets(t *testing.T) {
	dialogs(t, "rest", "rest_beyond", "rest_ascii")
	for name, home := range map[string]func(testing.TB) (storage.FS, func() storage.FS){"memfs": nil, "localfs": localHome} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			if home != nil {
				s.root, s.session = home(t)
			}
			s.put(t, "/a.txt", []byte("one\ntwo\n"))
			before, err := s.root.Statfs(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			s.start(t)
			c := dial(t, s.addr)
			c.login()
			for _, setting := range []string{"TYPE A", "TYPE I"} {
				c.cmd(setting, "200 ")
				for _, offset := range []uint64{17, 1 << 31, 1 << 32, 1 << 62, 1<<63 - 1} {
					for _, command := range []string{"RETR a.txt", "STOR a.txt", "STOR new.txt", "APPE a.txt", "STOU a.txt"} {
						c.cmd(fmt.Sprint("REST ", offset), "350 ")
						reply, data := c.exchange(command)
						if !slices.Contains([]string{"501", "550", "554", "451"}, reply[:3]) || data != "" {
							t.Errorf("%s, REST %d, %s: got %q and %q", setting, offset, command, reply, data)
						}
					}
				}
			}
			if got, err := s.get("/a.txt"); err != nil || got != "one\ntwo\n" {
				t.Errorf("the file holds %q, %v", got, err)
			}
			if got, err := s.get("/new.txt"); err == nil {
				t.Errorf("a file of %d octets has come into being", len(got))
			}
			after, err := s.root.Statfs(t.Context())
			if err != nil || after.Free+1<<30 < before.Free {
				t.Errorf("%d octets are free, %v; before it were %d", after.Free, err, before.Free)
			}
		})
	}
}

// Whatever ends an upload over an existing file, that stays whole, and is whole
// while the upload goes on.
func TestChecklist_F2_interruptedUploads(t *testing.T) {
	dialogs(t, "upload_reset", "hangup_transfer", "tls_truncated", "abor_transfer", "mode_z_broken")
	dir := t.TempDir()
	s := newSite(t, nil)
	s.root, s.session = folder(t, dir)
	s.put(t, "/a.txt", []byte("the old one"))
	s.start(t)
	holds := func(when string) {
		t.Helper()
		if got, err := os.ReadFile(filepath.Join(dir, "a.txt")); err != nil || string(got) != "the old one" {
			t.Errorf("%s: the file holds %q, %v", when, got, err)
		}
	}
	for name, end := range map[string]func(c *client){
		"ABOR": func(c *client) {
			c.cmd("ABOR", "426 ")
			c.want("226 ")
		},
		"reset": func(c *client) {
			_ = c.data.SetLinger(0)
			_ = c.data.Close()
			c.want("426 ")
		},
		"hang-up": func(c *client) { c.close() },
	} {
		c := dial(t, s.addr)
		c.login()
		c.passive()
		c.cmd("STOR a.txt", "125 ")
		_, _ = c.data.Write(random(1 << 20))
		eventually(t, "the upload has come", func() bool { return temporary(t, dir) > 0 })
		holds("while it is replaced")
		end(c)
		c.close()
		eventually(t, "the upload is gone", func() bool { return temporary(t, dir) == 0 })
		holds("after " + name)
	}
}

// temporary counts the files of a folder that are uploads which are not whole.
func temporary(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, entry := range entries {
		if storage.IsTemporary(entry.Name()) {
			n++
		}
	}
	return n
}

func TestChecklist_F3_renames(t *testing.T) {
	dialogs(t, "rename", "rename_replace")
	for _, replace := range []bool{false, true} {
		s := newSite(t, func(cfg *ftpsrv.Config) { cfg.Files.AllowReplaceOnRename = replace })
		s.root, s.session = localHome(t)
		s.put(t, "/a.txt", []byte("a"))
		s.put(t, "/dir/b.txt", []byte("b"))
		s.start(t)
		c := dial(t, s.addr)
		c.login()
		c.cmd("RNTO b.txt", "503 ")
		c.cmd("RNFR a.txt", "350 ")
		c.cmd("NOOP", "200 ")
		c.cmd("RNTO b.txt", "503 ")
		c.cmd("RNFR nothing", "550 ")
		c.cmd("RNTO b.txt", "503 ")
		for _, pair := range [][2]string{{"a.txt", "dir"}, {"dir", "a.txt"}, {"dir", "dir/below"}, {"a.txt", "/"}, {"a.txt", "nowhere/a.txt"}} {
			c.cmd("RNFR "+pair[0], "350 ")
			if got := c.cmd("RNTO "+pair[1], ""); got[:3] != "550" && got[:3] != "553" && got[:3] != "451" {
				t.Errorf("%s onto %s: got %q", pair[0], pair[1], got)
			}
		}
		c.cmd("RNFR a.txt", "350 ")
		c.send("RNTO a.txt\r\n") // onto itself, which changes nothing
		c.reply()
		for name, want := range map[string]string{"/a.txt": "a", "/dir/b.txt": "b"} {
			if got, err := s.get(name); err != nil || got != want {
				t.Errorf("replace %v: %s holds %q, %v", replace, name, got, err)
			}
		}
	}
}

// SITE has no back door: what other servers do there is unknown here, or keeps to the
// home and its rights.
func TestChecklist_F4_SITE(t *testing.T) {
	base := t.TempDir()
	outside := filepath.Join(base, "outside.txt")
	if err := errors.Join(os.WriteFile(outside, []byte("outside"), 0o600), os.Mkdir(filepath.Join(base, "home"), 0o755)); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, nil)
	s.root, s.session = folder(t, filepath.Join(base, "home"))
	s.put(t, "/a.txt", []byte("a"))
	s.rights = ftpsrv.Grant{NoWrite: true}
	s.start(t)
	was := census(t, base)
	c := dial(t, s.addr)
	c.login()
	for _, command := range []string{
		"EXEC id", "EXEC touch a", "CPFR /etc/passwd", "CPFR a.txt", "CPTO b.txt", "SYMLINK /etc/passwd link", "SYMLINK a.txt link",
		"CHMOD 4777 a.txt", "CHMOD 777 ../outside.txt", "INDEX x", "CHOWN 0 a.txt", "RMDIR dir", "MKDIR dir", "COPY a.txt b.txt",
		"UTIME 20200101000000 a.txt", "UTIME 20200101000000 ../outside.txt", "UTIME a.txt 20200101000000 20200101000000 20200101000000 UTC",
		// Verbs have no second door either.
		"DELE a.txt", "MKD dir", "XMKD dir", "RMD .", "RNFR a.txt", "RNTO b.txt", "MFMT 20200101000000 a.txt", "MDTM 20200101000000 a.txt", "SIZE a.txt", "PWD", "NOOP",
	} {
		if got := c.cmd("SITE "+command, "5"); strings.Contains(got, base) || strings.Contains(got, "root:") {
			t.Errorf("SITE %s: got %q", command, got)
		}
	}
	if now := census(t, base); now != was {
		t.Errorf("got\n%s\nwant\n%s", now, was)
	}
}

// census describes all files below a folder: names, modes, times and contents.
func census(t *testing.T, base string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(base, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content := ""
		if entry.Type().IsRegular() {
			all, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			content = fmt.Sprintf("%x %v", all, info.ModTime())
		}
		_, err = fmt.Fprintln(&b, name, info.Mode(), content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Who may not read learns nothing of a file in any other way: neither where the rules
// deny it, nor where the storage does.
func TestChecklist_F5_rights(t *testing.T) {
	dialogs(t, "hash_rights")
	for _, denier := range []string{"rules", "storage"} {
		s := newSite(t, nil)
		s.put(t, "/a.txt", []byte("seventeen octets\n"))
		if denier == "rules" {
			s.rights = ftpsrv.Grant{NoRead: true}
		} else {
			s.wrap = faults["unreadable"]
		}
		s.start(t)
		c := dial(t, s.addr)
		c.login()
		for _, command := range []string{
			"SIZE a.txt", "HASH a.txt", "MD5 a.txt", "XCRC a.txt", "XMD5 a.txt", "XSHA a.txt", "XSHA1 a.txt", "XSHA256 a.txt", "XSHA512 a.txt 0 17",
			"MDTM a.txt", "MLST a.txt", "STAT a.txt", "RETR a.txt", "LIST a.txt", "NLST a.txt", "MLSD",
		} {
			// What a storage lets everybody see of a file, a listing shows, too.
			if known := strings.Fields(command)[0]; denier == "storage" && slices.Contains([]string{"MDTM", "MLST", "STAT", "LIST", "NLST", "MLSD"}, known) {
				continue
			}
			reply, data := c.exchange(command)
			if reply[:3] != "550" && reply[:3] != "500" || data != "" {
				t.Errorf("denied by the %s: %s: got %q and %q", denier, command, reply, data)
			}
		}
	}
}
