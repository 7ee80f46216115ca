package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// demoLines prints what to paste into another terminal, whatever folder that one
// is in.
func demoLines(out io.Writer, d *demo, doors []door) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, shellOf(runtime.GOOS).lines(d, doors, program))
	return err
}

// shell is how a system's usual shell is talked to.
type shell struct {
	set   string // form of a line that sets a variable, from its name and quoted value
	quote string // what stands for an apostrophe between apostrophes
	run   string // what stands before a program's name in quotes
	curl  string
}

// shellOf returns the POSIX shell, or PowerShell, in which curl is something else
// than curl.
func shellOf(goos string) shell {
	if goos == "windows" {
		return shell{set: "$env:%s = %s", quote: "''", run: "& ", curl: "curl.exe"}
	}
	return shell{set: "export %s=%s", quote: `'\''`, curl: "curl"}
}

// word returns s as one word that the shell takes literally.
func (s shell) word(text string) string { return "'" + strings.ReplaceAll(text, "'", s.quote) + "'" }

// program returns the name of a program as it is typed to run it.
func (s shell) program(path string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:\\"
	// A backslash separates folders in one shell and takes the next letter's
	// meaning away in the other.
	if strings.Trim(path, plain) == "" && (s.run != "" || !strings.Contains(path, `\`)) {
		return path
	}
	return s.run + s.word(path)
}

// settings returns the lines that point the command line at the demo's directory.
func (s shell) settings(d *demo) string {
	var lines strings.Builder
	for _, row := range [][2]string{
		{"FTPISOCTL_CONFIG", d.configFile()}, // where the share is
		{"FTPISOCTL_SERVER", d.url()},
		{"FTPISOCTL_CA_FILE", d.caFile()},
		{"FTPISOCTL_BIND_USER", demoAdmin},
		{"FTPISOCTL_PASSWORD_FILE", d.passwordFile()},
		{journalVariable, filepath.Join(d.folder, "journal")},
	} {
		fmt.Fprintf(&lines, "  "+s.set+"\n", row[0], s.word(row[1]))
	}
	return lines.String()
}

// addresses says where FTP is spoken, and implicit is a line for the door that begins
// with TLS, if there is one.
func (s shell) addresses(d *demo, doors []door) (ftp, ftps, implicit string) {
	ftp = doors[0].Addr().String()
	for _, door := range doors[1:] {
		ftps = fmt.Sprintf("  FTPS       ftps://%v  (TLS from the first octet on)\n", door.Addr())
		implicit = fmt.Sprintf("  %s --cacert %s --user 'alice:Wonder1and!' ftps://%v/\n", s.curl, s.word(d.ftpCAFile()), door.Addr())
	}
	return ftp, ftps, implicit
}

func (s shell) lines(d *demo, doors []door, program string) string {
	ftp, ftps, implicit := s.addresses(d, doors)
	return fmt.Sprintf(`A domain, its homes and an FTP server are running in this process.

  FTP        ftp://%[1]s  (clear text, and TLS for those who ask for it)
%[8]s  directory  %[2]s  (domain %[3]s)
  homes      %[4]s

Upload and list as alice, from another terminal:

  echo hello > hello.txt
  %[7]s -T hello.txt --user 'alice:Wonder1and!' ftp://%[1]s/
  %[7]s --user 'alice:Wonder1and!' ftp://%[1]s/

The same under TLS:

  %[7]s --ssl-reqd --cacert %[9]s --user 'alice:Wonder1and!' ftp://%[1]s/
%[10]s
Point the command line at this directory:

%[5]s
Look at alice and walk to her home, as a login does; then move bob's home; his next login shows it:

  %[6]s get alice
  %[6]s shares check alice
  %[7]s --user 'bob:Bui1der!!' ftp://%[1]s/
  %[6]s set bob --dir projects
  %[7]s --user 'bob:Bui1der!!' ftp://%[1]s/

carol (Car0l!sOut) is disabled and dave (N0where2go!) has no home: 530 for both.
Ctrl-C ends the demo.
`, ftp, d.url(), demoDomain, d.homes, s.settings(d), s.program(program), s.curl, ftps, s.word(d.ftpCAFile()), implicit)
}
