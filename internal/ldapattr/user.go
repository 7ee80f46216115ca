package ldapattr

import (
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// User is one user object as it was read.
type User struct {
	DN             string
	SAMAccountName string
	UPN            string // userPrincipalName; "" when the object has none of its own
	NetBIOSDomain  string // CORP
	DNSDomain      string // corp.example.com
	SID            string // S-1-5-21-…
	GUID           GUID
	Root, Dir      string // msIIS-FTPRoot and msIIS-FTPDir; "" is absent
	Account        AccountState
}

// AccountState tells whether the account can log on, as far as the caller may
// read it.
type AccountState struct {
	Known           bool // userAccountControl could be read; otherwise nothing else here counts
	Enabled         bool
	Locked          bool // by too many wrong passwords
	Expired         bool // accountExpires has passed
	PasswordExpired bool
	MustChange      bool      // password must be changed at the next logon
	Expires         time.Time // zero: never
}

// GUID is an objectGUID.
type GUID = secdesc.GUID

// ParseGUID reads what GUID.String returns, in any letter case, with braces or
// without. Errors: ErrUsage.
func ParseGUID(s string) (GUID, error) {
	guid, err := secdesc.ParseGUID(s)
	if err != nil {
		return GUID{}, &Error{Kind: ErrUsage, Op: "read objectGUID", Object: abridge(s), Err: err}
	}
	return guid, nil
}

// DownLevelName returns DOMAIN\user, or the bare name when the domain has no
// NetBIOS name.
func (u User) DownLevelName() string {
	if u.NetBIOSDomain == "" {
		return u.SAMAccountName
	}
	return u.NetBIOSDomain + `\` + u.SAMAccountName
}

// Is reports whether a name that is Fixed is this object's, in its domain.
func (u User) Is(n AccountName, in DomainInfo) bool {
	switch n.kind {
	case nameSAM:
		return strings.EqualFold(n.value, u.SAMAccountName) && (n.domain == "" || domain{info: in}.is(n.domain))
	case nameSID:
		return n.value == u.SID
	case nameGUID:
		return n.binary == string(u.GUID[:])
	}
	return false
}

// Home returns what the two attributes mean. The error is ErrNoHome when one is
// absent, and carries a *homedir.ValueError when one is not valid.
func (u User) Home() (homedir.Home, error) {
	missing := ""
	switch {
	case u.Root == "" && u.Dir == "":
		missing = homedir.AttrRoot + " and " + homedir.AttrDir + " are absent"
	case u.Root == "":
		missing = homedir.AttrRoot + " is absent"
	case u.Dir == "":
		missing = homedir.AttrDir + " is absent"
	}
	if missing != "" {
		return homedir.Home{}, &Error{Kind: ErrNoHome, Op: "find the home of", Object: u.DN, Win32: winerr.NoSuchAttribute,
			Hint: missing + "; set both with: ftpisoctl set"}
	}
	home, err := homedir.New(u.Root, u.Dir)
	if err != nil {
		return homedir.Home{}, &Error{Kind: ErrValue, Op: "find the home of", Object: u.DN, Win32: winerr.InvalidName, Err: err}
	}
	return home, nil
}
