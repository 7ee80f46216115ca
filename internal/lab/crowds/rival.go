package crowds

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// Rival is OpenLDAP's command line tools, bound as an account over LDAPS.
type Rival struct {
	Server string // a URL, such as ldaps://dc1.corp.example.com
	As     lab.Account
}

// Modify runs ldapmodify with the LDIF and returns how long it took from its start to its end.
func (r Rival) Modify(tb testing.TB, ldif string) time.Duration {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), "changes.ldif")
	if err := os.WriteFile(file, []byte(ldif), 0o600); err != nil {
		tb.Fatal(err)
	}
	took, _ := r.run(tb, "ldapmodify", "-f", file)
	return took
}

// Search runs ldapsearch in pages of 1,000 below OU, and returns how many entries it printed and how long it took.
func (r Rival) Search(tb testing.TB, filter string, attributes ...string) (int, time.Duration) {
	tb.Helper()
	took, out := r.run(tb, "ldapsearch", append([]string{"-LLL", "-o", "ldif_wrap=no", "-E", "pr=1000/noprompt", "-b", OU, filter}, attributes...)...)
	return bytes.Count(append([]byte("\n"), out...), []byte("\ndn: ")), took
}

func (r Rival) run(tb testing.TB, tool string, arguments ...string) (time.Duration, []byte) {
	tb.Helper()
	password := filepath.Join(tb.TempDir(), "password") // without the line end, which these tools would take for a part of it
	if err := os.WriteFile(password, []byte(r.As.Password(tb).Reveal()), 0o600); err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(tb.Context(), tool, append([]string{"-x", "-H", r.Server, "-D", r.As.UPN(), "-y", password}, arguments...)...)
	cmd.Env = append(os.Environ(), "LDAPTLS_CACERT="+lab.CAFile())
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	begin := time.Now()
	err := cmd.Run()
	took := time.Since(begin)
	if err != nil {
		tb.Fatalf("%s: %v\n%s", tool, err, strings.TrimSpace(string(tail(problems.Bytes()))))
	}
	return took, out.Bytes()
}
