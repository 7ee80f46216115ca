package homedir_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

func TestNew_joinsRootAndDir(t *testing.T) {
	tests := []struct{ root, dir, want string }{
		{`\\fs01.corp.example.com\ftp$`, "alice", `\\fs01.corp.example.com\ftp$\alice`},
		{`\\fs01\ftp$\`, `\alice`, `\\fs01\ftp$\alice`},
		{`\\fs01\ftp$\homes`, `a\b`, `\\fs01\ftp$\homes\a\b`},
		{`\\fs01\ftp$\\homes\`, `a\\b\`, `\\fs01\ftp$\homes\a\b`},
		{`\\fs01\ftp$`, "a/b", `\\fs01\ftp$\a\b`},
		{`\\fs01\ftp$`, ".", `\\fs01\ftp$`},
		{`\\fs01\ftp$`, `\`, `\\fs01\ftp$`},
		{`d:\ftp`, "alice", `D:\ftp\alice`},
		{`D:\`, "alice", `D:\alice`},
		{"/srv/ftp", "alice", "/srv/ftp/alice"},
		{"/srv/ftp", `a\b`, "/srv/ftp/a/b"},
		{`\\192.0.2.7\s`, "Ümläut", `\\192.0.2.7\s\Ümläut`},
	}
	for _, tt := range tests {
		home, err := homedir.New(tt.root, tt.dir)
		if err != nil {
			t.Errorf("New(%q, %q): %v", tt.root, tt.dir, err)
			continue
		}
		if got := home.Location().String(); got != tt.want {
			t.Errorf("New(%q, %q) is %q, want %q", tt.root, tt.dir, got, tt.want)
		}
		if home.Root() != tt.root || home.Dir() != tt.dir {
			t.Errorf("New(%q, %q) changed the values", tt.root, tt.dir)
		}
	}
}

func TestCheckDir_refuses(t *testing.T) {
	for _, dir := range []string{
		"", `..\bob`, "../bob", `a\..\..\bob`, "..", `\\files\share`, "//files/share", `C:\x`, "C:x", "a:b",
		"a::$DATA", "CON", `x\NUL.txt`, "com1", "name.", "name ", " name", "a\x00b", "a\nb", "a\u202eb", "a\xff",
		`\\?\C:\x`, `\\.\pipe\x`, "a*", "a?", `a"b`, "a|b", strings.Repeat("a", 257), strings.Repeat("😀", 129),
	} {
		err := homedir.CheckDir(dir)
		var value *homedir.ValueError
		if !errors.As(err, &value) || value.Attr != homedir.AttrDir {
			t.Errorf("CheckDir(%q) = %v, want a *ValueError", dir, err)
			continue
		}
		if strings.ContainsAny(err.Error(), "\n\x00\x1b") {
			t.Errorf("CheckDir(%q): the error is not one clear line: %q", dir, err)
		}
	}
}

func TestCheckDir_takesUpTo256Units(t *testing.T) {
	dir := strings.Repeat("a", 127) + `\` + strings.Repeat("b", 128)
	if err := homedir.CheckDir(dir); err != nil {
		t.Errorf("256 units: %v", err)
	}
	if err := homedir.CheckDir(dir + "b"); err == nil {
		t.Error("257 units are accepted")
	}
}

func TestCheckRoot_refuses(t *testing.T) {
	for _, root := range []string{
		"", "alice", `\alice`, `\\fs01`, `\\fs01\`, `\\\share`, `\\?\UNC\fs\s`, `\\.\pipe\x`, `\\.\C:\`, `C:`, `C:x`,
		`\\fs01\IPC$`, `\\fs01\pipe\x`, `\\fs 01\s`, `\\fs01.\s`, `\\fs@01\s`, `\\fs01@SSL\s`, "//fs01/s", "/a/../b",
		`\\fs01\s\..\x`, `\\fs01\a:b`, `D:\CON`, "\\\\fs01\\s\n", strings.Repeat(`\\f\s`, 65), `%HOME%\x`, "Z:",
	} {
		if err := homedir.CheckRoot(root); err == nil {
			t.Errorf("CheckRoot(%q) accepts", root)
		}
	}
}

func TestValueError_showsThePathAsTyped(t *testing.T) {
	for dir, want := range map[string]string{
		`..\bob`: `msIIS-FTPDir "..\bob" holds`,
		"a\nb":   `msIIS-FTPDir "a\u000ab" holds a control`,
		"a\xffb": `msIIS-FTPDir "a\xffb" is not valid UTF-8`,
		// A long value loses characters, never the truth about its bytes.
		strings.Repeat("é", 79) + "\xfe" + "z": `msIIS-FTPDir "` + strings.Repeat("é", 79) + `\xfe…" is not`,
		strings.Repeat("a", 77) + "\xe2\x82":   `msIIS-FTPDir "` + strings.Repeat("a", 77) + `\xe2\x82" is not`,
		"a:\ufffd":                             "msIIS-FTPDir \"a:\ufffd\" is an absolute",
		"b*\ufffd":                             "msIIS-FTPDir \"b*\ufffd\" has the component \"b*\ufffd\",",
		"a\U000e0041b":                         `msIIS-FTPDir "a\U000e0041b" holds`,
	} {
		if err := homedir.CheckDir(dir); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s…", dir, err, want)
		}
	}
}

func TestNew_refusesShortNames(t *testing.T) {
	for _, home := range [][2]string{
		{`\\fs01\ftp$`, `ALICE~1`}, {`\\fs01\ftp$`, `homes\alicia~2.old`}, {`\\fs01\ftp$\HOMES~1`, "alice"},
		{`D:\ftp`, "ALICE~1"}, {`D:\PROGRA~1`, "alice"}, {`D:\PROGRA~1`, "."},
		{"/srv/ftp", "ALICE~1"}, {"/srv/HOMES~1", "alice"},
	} {
		_, err := homedir.New(home[0], home[1])
		var value *homedir.ValueError
		if !errors.As(err, &value) || !strings.Contains(err.Error(), "~") || !strings.Contains(value.Reason, "short") {
			t.Errorf("New(%q, %q): %v, want a *ValueError about the short name", home[0], home[1], err)
			continue
		}
		if inRoot := strings.Contains(home[0], "~"); (value.Attr == homedir.AttrRoot) != inRoot {
			t.Errorf("New(%q, %q) blames %s", home[0], home[1], value.Attr)
		}
	}
	for _, home := range [][2]string{
		{`\\fs01\ftp$`, "alice~backup"}, {`\\fs01\SHARE~1`, "alice"},
	} {
		if _, err := homedir.New(home[0], home[1]); err != nil {
			t.Errorf("New(%q, %q): %v", home[0], home[1], err)
		}
	}
	// An operator's own folder, such as the temporary one of a Windows account.
	location(t, `C:\Users\ADMINI~1\AppData\Local\Temp`)
}

func location(t *testing.T, s string) homedir.Location {
	t.Helper()
	l, err := homedir.ParseLocation(s)
	if err != nil {
		t.Fatalf("ParseLocation(%q): %v", s, err)
	}
	return l
}

func TestLocation_Contains(t *testing.T) {
	tests := []struct {
		above, below string
		want         bool
	}{
		{`\\fs\s\a`, `\\fs\s\a`, true},
		{`\\fs\s\a`, `\\FS\S\A\b`, true},
		{`\\fs\s`, `\\fs\s\a`, true},
		{`\\fs\s\a`, `\\fs\s\ab`, false},
		{`\\fs\s\a\b`, `\\fs\s\a`, false},
		{`\\fs\s\a`, `\\fs2\s\a`, false},
		{`\\fs\s\a`, `\\fs\s2\a`, false},
		{`D:\a`, `d:\A\b`, true},
		{`D:\a`, `E:\a`, false},
		{"/a", "/a/b", true},
		{"/a", "/A/b", false},
		{"/", "/a", true},
		{"/a", `\\a\b`, false},
		{`\\fs\s\ä`, `\\fs\s\Ä\x`, true},
	}
	for _, tt := range tests {
		if got := location(t, tt.above).Contains(location(t, tt.below)); got != tt.want {
			t.Errorf("%s contains %s: %v, want %v", tt.above, tt.below, got, tt.want)
		}
	}
	if (homedir.Location{}).Contains(homedir.Location{}) {
		t.Error("the zero Location contains something")
	}
}

// Whatever a location is parsed from, it prints as itself, has one key for every
// spelling, and holds what is put below it and nothing beside it.
func FuzzParseLocation(f *testing.F) {
	for _, seed := range []string{
		`\\fs01\ftp$`, `\\FS01.corp.example.com/ftp$\\alice/`, `D:\x\.\y`, "d:/", "/srv//ftp/", "/", `\\?\UNC\fs\s`, `\\fs\s\..\t`, `\\fs\IPC$`,
		`\\fs\s\COM¹`, `\\fs\s\a::$DATA`, "//fs/s", `\\fs\s\cafe` + "\u0301",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := homedir.ParseLocation(s)
		if err != nil {
			return
		}
		again, err := homedir.ParseLocation(l.String())
		if err != nil || again != l || again.Key() != l.Key() {
			t.Fatalf("%q prints as %q and parses as %q, %v", s, l, again, err)
		}
		for name := range strings.SplitSeq(l.Path(), "/") {
			if l.Path() != "" && winpath.Check(name) != nil {
				t.Fatalf("%q has the component %q", s, name)
			}
		}
		if folded, err := homedir.ParseLocation(winpath.Fold(l.String())); l.Kind() != homedir.KindPOSIX && err == nil && folded.Key() != l.Key() {
			t.Fatalf("%q and %q have two keys", l, folded)
		}
		below := l.Below("x/y")
		if rest, ok := l.Rel(below); !ok || rest != "x/y" || !l.Base().Contains(l) || below.Contains(l) {
			t.Fatalf("%q below %q: %q, %v", below, l, rest, ok)
		}
		if l.Path() != "" && l.Contains(l.Base().Below(l.Path()+"y")) {
			t.Fatalf("%q holds what begins like it", l)
		}
	})
}

func FuzzHome(f *testing.F) {
	f.Add(`\\fs01\ftp$`, "alice")
	f.Add(`D:\x`, `..\a`)
	f.Add("/srv", `\a/b`)
	f.Fuzz(func(t *testing.T, root, dir string) {
		home, err := homedir.New(root, dir)
		if err != nil {
			return
		}
		base, whole := location(t, root), home.Location()
		if !base.Contains(whole) {
			t.Fatalf("%q leaves its root %q", whole, base)
		}
		again, err := homedir.ParseLocation(whole.String())
		if err != nil || again != whole {
			t.Fatalf("%q prints as %q and parses as %q, %v", dir, whole, again, err)
		}
	})
}
