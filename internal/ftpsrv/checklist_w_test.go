package ftpsrv_test

import (
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// Section W of the security checklist: Windows and SMB. Lines that need a real file
// server are in the lab, with names of the same form.

// Names that mean something else to Windows are 553 (550 where they hold wildcards) at every home, also at one that
// Linux serves, and nothing is made. Short names are refused by homes on shares and
// on Windows' own folders (TestDial_refusesShortNames of smbfs).
func TestChecklist_W1_names(t *testing.T) {
	dialogs(t, "names")
	for kind, home := range map[string]func(testing.TB) (storage.FS, func() storage.FS){"memfs": nil, "localfs": localHome} {
		t.Run(kind, func(t *testing.T) {
			s := newSite(t, nil)
			if home != nil {
				s.root, s.session = home(t)
			}
			s.put(t, "/a.txt", []byte("a"))
			s.start(t)
			c := dial(t, s.addr)
			c.login()
			for _, name := range []string{
				"CON", "con", "NUL", "NUL.txt", "nul.tar.gz", "AUX", "PRN", "COM1", "COM9.log", "LPT1", "COM¹", "CONIN$", "CONOUT$", "sub/CON/a.txt", "NUL .txt",
				"name.", "name ", "name. .", "a.txt.", "a.txt ", "a:b", "a.txt:stream", "a.txt::$DATA", "dir::$INDEX_ALLOCATION", "a.txt:", ":a", "C:a.txt",
				`\\.\a`, `\\?\a`, `\\.\PhysicalDrive0`, "a*b", "a?b", "a<b", "a>b", "a|b", "a\"b", "a\tb", "a\x1bb", "...", "a\xffb", `\\.`, `\\.\pipe\x`,
			} {
				for _, verb := range []string{"RETR", "STOR", "APPE", "STOU", "SIZE", "MDTM", "HASH", "CWD", "MKD", "RMD", "DELE", "RNFR"} {
					want := "553"
					if strings.ContainsAny(name, "*?") {
						want = "550" // observed
					}
					if reply, data := c.exchange(verb + " " + name); reply[:3] != want || data != "" {
						t.Errorf("%s %q: got %q and %q", verb, name, reply, data)
					}
				}
			}
			if _, data := c.exchange("NLST -a"); strings.TrimSpace(data) != "a.txt" {
				t.Errorf("the home holds %q", data)
			}
		})
	}
}
