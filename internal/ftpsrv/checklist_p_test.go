package ftpsrv_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// Section P of the security checklist: paths and links. Those about links are in
// checklist_p_unix_test.go.

const treasure = "what nobody outside may read"

var sizeOfTreasure = fmt.Sprint("213 ", len(treasure))

// waysOut are spellings of "one directory up" and of other places, to be put before
// a name.
var waysOut = []string{
	"../", `..\`, "../../", "/../", `\..\`, "....//", `....\\`, ".../", "/..%c0%af", "..%2f", "..%5c", "%2e%2e/", "%2e%2e%2f", "%252e%252e/",
	"..;/", "..:/", "/.. ./", "/. ./", ".. /", "../ ", "C:", `C:\`, `C:..\`, `\\?\`, `\\?\C:\`, `\\.\`, `\\.\pipe\`, `\\localhost\c$\`, `\\127.0.0.1\c$\`,
	"//", "///", "//../", "./../", "/./.././", "sub/../../", "sub/.././../", "nothing/../../", "..\x00/", "\x00/../", "..%00/",
	"..\uff0f", "\uff0e\uff0e/", "\u2024\u2024/", "..\u2215", "..\u2044", "..\xc0\xaf", "\xc0\xae\xc0\xae/", "x\u0301/../../", "..\u200b/", "..\u202e/",
	"~/", "~root/", "~/../", "$HOME/", "%HOMEPATH%/", "file:///", "/proc/self/root", "/proc/self/cwd/../", "-R ../", "'../", `"../`, "`../", "|../", "../*/", "{../}",
	strings.Repeat("../", 100), strings.Repeat(`..\`, 100), "sub/" + strings.Repeat("../", 100), strings.Repeat("sub/../", 50) + "../",
	"../home/../", "/etc/../../", "..//../", "..\r/", "..\t/",
}

// Nothing outside of the home is read, written, listed, described or named.
func TestChecklist_P1_traversal(t *testing.T) {
	base := t.TempDir()
	home := filepath.Join(base, "home")
	if err := errors.Join(
		os.MkdirAll(filepath.Join(home, "sub"), 0o755), os.Mkdir(filepath.Join(base, "beside"), 0o755),
		os.WriteFile(filepath.Join(base, "outside.txt"), []byte(treasure), 0o600),
		os.WriteFile(filepath.Join(base, "beside", "outside.txt"), []byte(treasure), 0o600),
	); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, nil)
	s.root, s.session = folder(t, home)
	s.start(t)
	c := dial(t, s.addr)
	c.login()
	was := outside(t, base)
	for _, way := range waysOut {
		for _, name := range []string{"outside.txt", "beside/outside.txt", "beside", filepath.Base(base) + "/outside.txt", base[1:] + "/outside.txt"} {
			traverse(t, c, way+name, base)
		}
		traverse(t, c, way, base)
	}
	if now := outside(t, base); now != was {
		t.Errorf("outside is\n%s\nand was\n%s", now, was)
	}
	for _, line := range strings.Split(s.access.String(), "\n") {
		if strings.Contains(line, treasure) {
			t.Errorf("row %q", line)
		}
	}
}

// outside is all below base but the home.
func outside(t *testing.T, base string) string {
	t.Helper()
	var kept []string
	for _, line := range strings.Split(census(t, base), "\n") {
		if !strings.HasPrefix(line, filepath.Join(base, "home")) && !strings.HasPrefix(line, base+" ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// traverse tries one name with every verb that takes one.
func traverse(t *testing.T, c *client, name, base string) {
	t.Helper()
	check := func(command, reply, data string) {
		t.Helper()
		// A verb that echoes the argument shows what the client knows already.
		told := strings.ReplaceAll(reply, name, "")
		if strings.Contains(data, treasure) || strings.Contains(reply, treasure) || strings.Contains(data, "outside.txt") || strings.Contains(told, base) {
			t.Errorf("%q: got %q and %q", command, reply, data)
		}
	}
	for _, verb := range []string{"RETR", "LIST", "NLST", "MLSD"} {
		reply, data := c.exchange(verb + " " + name)
		check(verb+" "+name, reply, data)
	}
	for _, verb := range []string{"STOR", "APPE", "STOU"} {
		reply, data := c.exchange(verb + " " + name)
		check(verb+" "+name, reply, data)
		undo(c, reply, name)
	}
	for _, verb := range []string{
		"SIZE", "MDTM", "MFMT 20200101000000", "MLST", "STAT", "HASH", "XCRC", "MD5", "RMD", "DELE", "RNFR", "MKD", "SITE UTIME 20200101000000", "AVBL",
	} {
		command := verb + " " + name
		c.send(command + "\r\n")
		reply := c.reply()
		check(command, reply, "")
		if reply == sizeOfTreasure {
			t.Errorf("%q: got %q", command, reply)
		}
	}
	c.send("CWD " + name + "\r\n")
	check("CWD "+name, c.reply(), "")
	if _, data := c.exchange("NLST"); strings.Contains(data, "outside.txt") || strings.Contains(data, "beside") {
		t.Errorf("CWD %q leads to %q", name, data)
	}
	c.send("CWD /\r\n")
	c.reply()
	c.send("RMD " + name + "\r\n") // of MKD
	c.reply()
}

// undo deletes what an upload has made inside of the home, so that what lies there
// is not taken for what lies outside.
func undo(c *client, reply, name string) {
	if strings.HasPrefix(reply, "226") {
		c.send("DELE " + name + "\r\n")
		c.reply()
	}
}

func TestChecklist_P4_theHomeItself(t *testing.T) {
	dialogs(t, "home_is_safe")
	s := newSite(t, nil)
	s.root, s.session = localHome(t)
	s.put(t, "/a/b/c.txt", []byte("c"))
	s.start(t)
	c, other := dial(t, s.addr), dial(t, s.addr)
	c.login()
	other.login()
	for _, command := range []string{"RMD /", "DELE /", "RNFR /", "RMD .", "RMD ..", "RMD a/../..", "RNFR ../..", `DELE \`, "RMD /."} {
		c.cmd(command, "550 ")
	}
	c.cmd("CWD a/b", "250 ")
	other.cmd("RNFR a", "350 ")
	other.cmd("RNTO z", "250 ")
	// The session's directory is gone with its parent; nothing above it is.
	c.cmd("PWD", `257 "/a/b"`)
	for _, command := range []string{"LIST", "NLST ..", "RETR c.txt", "STOR new.txt"} {
		if reply, data := c.exchange(command); !strings.HasPrefix(reply, "550 ") || data != "" {
			t.Errorf("%s: got %q and %q", command, reply, data)
		}
	}
	c.cmd("CWD ..", "550 ")
	c.cmd("CWD ../../..", "250 ")
	if reply, data := c.exchange("NLST"); !strings.HasPrefix(reply, "226 ") || data != "z\r\n" {
		t.Errorf("at the top: got %q and %q", reply, data)
	}
}

// telltale is a home whose errors name its place, as those of a storage might.
type telltale struct {
	storage.FS
	place string
}

func (f telltale) tell(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", f.place, err)
}

func (f telltale) Stat(ctx context.Context, name string) (fs.FileInfo, error) {
	info, err := f.FS.Stat(ctx, name)
	return info, f.tell(err)
}

func (f telltale) List(ctx context.Context, name string) (iter.Seq2[fs.FileInfo, error], error) {
	entries, err := f.FS.List(ctx, name)
	return entries, f.tell(err)
}

func (f telltale) Open(ctx context.Context, name string, offset int64) (io.ReadCloser, error) {
	file, err := f.FS.Open(ctx, name, offset)
	return file, f.tell(err)
}

func (f telltale) Create(ctx context.Context, name string, d storage.Disposition, offset int64) (storage.Upload, error) {
	up, err := f.FS.Create(ctx, name, d, offset)
	return up, f.tell(err)
}

func (f telltale) Mkdir(ctx context.Context, name string) error { return f.tell(f.FS.Mkdir(ctx, name)) }
func (f telltale) Remove(ctx context.Context, name string) error {
	return f.tell(f.FS.Remove(ctx, name))
}
func (f telltale) RemoveDir(ctx context.Context, name string) error {
	return f.tell(f.FS.RemoveDir(ctx, name))
}

// Replies and rows show what the client knows: virtual paths, even where an error of
// the storage names more.
func TestChecklist_P5_noPathsOfTheServer(t *testing.T) {
	base := filepath.Join(t.TempDir(), "share-of-nobody")
	if err := os.Mkdir(base, 0o755); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, nil)
	s.root, s.session = folder(t, base)
	s.wrap = func(root storage.FS) storage.FS { return telltale{root, base} }
	s.put(t, "/dir/a.txt", []byte("a"))
	s.start(t)
	c := dial(t, s.addr)
	c.login()
	var replies strings.Builder
	for _, command := range []string{
		"PWD", "CWD nothing", "CWD dir/a.txt", "MKD dir", "RMD dir", "RMD dir/a.txt", "DELE dir", "DELE nothing", "RNFR dir", "RNTO dir/x", "SIZE dir", "MDTM nothing",
		"HASH dir", "HASH nothing", "MLST nothing", "MLST dir", "STAT dir", "STAT nothing", "STAT", "MFMT 20200101000000 nothing", "AVBL", "SITE HELP", "HELP", "SYST", "FEAT",
		"STOR nowhere/a", "STOR dir", "RETR dir", "RETR nothing", "RETR a:b", "LIST nothing", "NLST", "LIST", "STOR /", "ALLO 9223372036854775807", "XCRC nothing 1 2",
	} {
		dc := c.passive()
		c.send(command + "\r\n")
		for begun, ended := false, false; !ended; {
			line, err := c.line()
			if err != nil {
				t.Fatal(err)
			}
			replies.WriteString(line + "\n")
			last := len(line) > 3 && '1' <= line[0] && line[0] <= '5' && line[3] == ' '
			if begun = last && line[0] == '1'; begun {
				_ = dc.CloseWrite()
				listed, _ := io.ReadAll(dc)
				replies.Write(listed)
			}
			ended = last && !begun
		}
		_ = dc.Close()
	}
	c.cmd("QUIT", "221 ")
	s.stop(t)
	for what, text := range map[string]string{"replies": replies.String(), "rows": s.access.String()} {
		for _, hidden := range []string{"share-of-nobody", base, filepath.Dir(base)} {
			if strings.Contains(text, hidden) {
				t.Errorf("the %s name %s:\n%s", what, hidden, text)
			}
		}
	}
}

// The home of one user is the beginning of another's name.
func TestChecklist_P6_homesWithOneBeginning(t *testing.T) {
	base := t.TempDir()
	for _, name := range []string{"a", "ab"} {
		if err := errors.Join(os.Mkdir(filepath.Join(base, name), 0o755), os.WriteFile(filepath.Join(base, name, "own.txt"), []byte(name), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	s := startSite(t, func(cfg *ftpsrv.Config) {
		cfg.Login = func(_ context.Context, user string, _ secret.Text) (ftpsrv.Grant, error) {
			root, _ := folder(t, filepath.Join(base, user))
			return ftpsrv.Grant{Root: root, Name: user}, nil
		}
	})
	for user, other := range map[string]string{"a": "ab", "ab": "a"} {
		c := dial(t, s.addr)
		c.want("220 ")
		c.cmd("USER "+user, "331 ")
		c.cmd("PASS "+password, "230 ")
		if got := string(c.retr("own.txt")); got != user {
			t.Errorf("%s reads %q in its own home", user, got)
		}
		for _, way := range []string{"../" + other, "/../" + other, `..\` + other, "../a/../" + other, "b", "/" + other, other} {
			if reply, data := c.exchange("RETR " + way + "/own.txt"); !strings.HasPrefix(reply, "550 ") || data != "" {
				t.Errorf("%s: RETR %s/own.txt: got %q and %q", user, way, reply, data)
			}
			c.cmd("CWD "+way, "550 ")
		}
	}
}
