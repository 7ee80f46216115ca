package cli

import (
	"errors"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

// userRecord is one user in JSON. Absent attributes are null.
type userRecord struct {
	User              string  `json:"user"` // CORP\alice
	SAMAccountName    string  `json:"sAMAccountName"`
	UserPrincipalName *string `json:"userPrincipalName"`
	DN                string  `json:"dn"`
	SID               string  `json:"sid"`
	GUID              string  `json:"objectGUID"`
	Root              *string `json:"root"`
	Dir               *string `json:"dir"`
	Home              *string `json:"home"`    // root and dir joined; null unless both are there and valid
	Problem           *string `json:"problem"` // why root and dir make no home; null if they do, or if one is absent
	Account           string  `json:"account"`
}

func userColumns() []output.Column {
	return []output.Column{
		{Title: "user"},
		{Title: "root", Absent: "(absent)"},
		{Title: "dir", Absent: "(absent)"},
		{Title: "account"},
		{Title: "problem", Alarm: filled},
		{Title: "home", Detail: true},
		{Title: "userPrincipalName", Detail: true},
		{Title: "sid", Detail: true},
		{Title: "objectGUID", Detail: true},
		{Title: "dn", Detail: true},
		{Title: "sAMAccountName", Detail: true},
	}
}

// userList is the list that get and list print.
func userList() recordList { return recordList{"users", userColumns(), true} }

// filled says of a cell that something is in it, where that is no good sign.
func filled(cell string) bool { return cell != "" }

// Entry returns the user as an entry of LDIF, which names the object and holds the
// two attributes.
func (r userRecord) Entry() output.Entry {
	value := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	return output.Entry{DN: r.DN, Attributes: []output.Attribute{
		{Name: "sAMAccountName", Value: r.SAMAccountName},
		{Name: homedir.AttrRoot, Value: value(r.Root)},
		{Name: homedir.AttrDir, Value: value(r.Dir)},
	}}
}

// printUser adds a user to a list with userColumns.
func printUser(p *output.Printer, u ldapattr.User) error {
	var place, problem string
	home, err := u.Home()
	switch {
	case err == nil:
		place = home.Location().String()
	case !errors.Is(err, ldapattr.ErrNoHome):
		problem = valueProblem(err)
	}
	record := userRecord{
		User: u.DownLevelName(), SAMAccountName: u.SAMAccountName, UserPrincipalName: present(u.UPN),
		DN: u.DN, SID: u.SID, GUID: u.GUID.String(), Root: present(u.Root), Dir: present(u.Dir),
		Home: present(place), Problem: present(problem), Account: accountWord(u.Account),
	}
	return p.Row(record, record.User, u.Root, u.Dir, record.Account, problem, place, u.UPN, u.SID, record.GUID, u.DN, u.SAMAccountName)
}

// valueProblem shortens an error to the attribute and the reason: the value
// stands in the columns beside it.
func valueProblem(err error) string {
	var value *homedir.ValueError
	if errors.As(err, &value) {
		return value.Attr + " " + value.Reason
	}
	return err.Error()
}

// present returns nil for the absent value.
func present(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// accountWord says in a word or two whether the account can log on. The words
// are part of the output's contract.
func accountWord(s ldapattr.AccountState) string {
	switch {
	case !s.Known:
		return "unknown"
	case !s.Enabled:
		return "disabled"
	case s.Expired:
		return "expired"
	case s.Locked:
		return "locked"
	case s.MustChange:
		return "must change password"
	case s.PasswordExpired:
		return "password expired"
	}
	return "enabled"
}
