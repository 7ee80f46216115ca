package lab

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// Account is the sAMAccountName of one of the lab's users; the package comment tells who they are.
type Account string

// The lab's accounts.
const (
	Alice         Account = "alice"
	Bob           Account = "bob"
	Carol         Account = "carol"
	Dave          Account = "dave"
	Erin          Account = "erin"
	Frank         Account = "frank"
	Grace         Account = "grace"
	Olga          Account = "olga"
	Service       Account = "svc-ftpiso"
	FTPAdmin      Account = "ftpadmin"
	Administrator Account = "Administrator"
)

// UPN is the account's name in the form alice@corp.example.com.
func (a Account) UPN() string { return string(a) + "@" + Domain }

// DownLevelName is the account's name in the form CORP\alice.
func (a Account) DownLevelName() string { return NetBIOS + `\` + string(a) }

// PasswordFile is a file, readable by root only, with the account's password and a line end.
func (a Account) PasswordFile() string { return filepath.Join(Dir(), "passwords", string(a)) }

// Password is the account's password. The test fails where there is none, as outside the lab.
func (a Account) Password(tb testing.TB) secret.Text {
	tb.Helper()
	text, err := os.ReadFile(a.PasswordFile())
	if err != nil {
		tb.Fatalf("password of %s: %v (is this the lab?)", a, err)
	}
	return secret.New(strings.TrimSuffix(string(text), "\n"))
}

// Kinit gets a Kerberos ticket for the account and returns the credential cache in the form that
// KRB5CCNAME takes. The cache is a file of the test's own.
func (a Account) Kinit(tb testing.TB) string {
	tb.Helper()
	cache := "FILE:" + filepath.Join(tb.TempDir(), "ccache")
	cmd := exec.CommandContext(tb.Context(), "kinit", "-c", cache, string(a))
	cmd.Stdin = bytes.NewBufferString(a.Password(tb).Reveal() + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("kinit %s: %v\n%s", a, err, out)
	}
	return cache
}
