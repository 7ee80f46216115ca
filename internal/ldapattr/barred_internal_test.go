package ldapattr

import (
	"errors"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// The first trouble counts, in the order in which a domain controller looks.
func TestBarred(t *testing.T) {
	fine := AccountState{Known: true, Enabled: true}
	sunday := time.Date(2026, 3, 1, 5, 30, 0, 0, time.UTC)
	hours := make([]byte, 21)
	hours[0] = 1 << 5
	for _, test := range []struct {
		name    string
		account Account
		code    string
		win32   winerr.Code
	}{
		{"fine", Account{User: User{Account: fine}}, "", 0},
		{"not known", Account{}, "", 0},
		{"locked and disabled", Account{User: User{Account: AccountState{Known: true, Locked: true}}}, "775", winerr.AccountLockedOut},
		{"disabled", Account{User: User{Account: AccountState{Known: true, Expired: true}}}, "533", winerr.AccountDisabled},
		{"expired", Account{User: User{Account: AccountState{Known: true, Enabled: true, Expired: true, MustChange: true}}}, "701", winerr.AccountExpired},
		{"must change", Account{User: User{Account: AccountState{Known: true, Enabled: true, MustChange: true, PasswordExpired: true}}}, "773", winerr.PasswordMustChange},
		{"old password", Account{User: User{Account: AccountState{Known: true, Enabled: true, PasswordExpired: true}}}, "532", winerr.PasswordExpired},
		{"in its hours", Account{User: User{Account: fine}, LogonHours: hours}, "", 0},
		{"out of its hours", Account{User: User{Account: fine}, LogonHours: make([]byte, 21)}, "530", winerr.InvalidLogonHours},
		{"at the server", Account{User: User{Account: fine}, Workstations: "ws1, DC1"}, "", 0},
		{"elsewhere", Account{User: User{Account: fine}, Workstations: "ws1,ws2"}, "531", winerr.InvalidWorkstation},
	} {
		err := barred(test.account, sunday, "dc1.corp.example.com")
		var e *Error
		if test.code == "" {
			if err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
			continue
		}
		if !errors.As(err, &e) || !errors.Is(err, ErrAuth) || e.SubCode != test.code || e.Win32 != test.win32 {
			t.Errorf("%s: got %#v, want %s", test.name, err, test.code)
		}
	}
}
