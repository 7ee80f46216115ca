package cli

import (
	"fmt"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// The schemaIDGUIDs that access control entries name the two attributes by, and
// that of the class whose objects inherit them (Microsoft's AD schema reference).
const (
	schemaRoot = "2a7827a4-1483-49a5-9d84-52e3812156b4"
	schemaDir  = "8a5c99e9-2230-46eb-b8e8-e59d712eb9ee"
	schemaUser = "bf967aba-0de6-11d0-a285-00aa003049e2"
)

// delegation is what lets a group read, or read and write, the two attributes of
// the users below an OU, and nothing else.
type delegation struct {
	group string // DOMAIN\name; "" if only the SID is known
	sid   string
	ou    string // DN
	write bool
}

// delegationRecord is a delegation in JSON, in all languages.
type delegationRecord struct {
	Group      *string  `json:"group"` // null where only the SID is known
	SID        string   `json:"sid"`
	OU         string   `json:"ou"`
	Rights     []string `json:"rights"`
	Attributes []string `json:"attributes"`
	ACEs       []string `json:"aces"`   // SDDL
	Dsacls     *string  `json:"dsacls"` // null where cmd.exe cannot be given the names
	PowerShell string   `json:"powershell"`
	ADSI       string   `json:"adsi"` // PowerShell without the module ActiveDirectory
}

func (d delegation) record() delegationRecord {
	return delegationRecord{
		Group: present(d.group), SID: d.sid, OU: d.ou, Rights: d.rights(), Attributes: []string{homedir.AttrRoot, homedir.AttrDir},
		ACEs: d.aces(), Dsacls: present(d.dsacls()), PowerShell: d.powerShell(), ADSI: d.adsi(),
	}
}

// rights are the names of the .NET type ActiveDirectoryRights.
func (d delegation) rights() []string {
	if d.write {
		return []string{"ReadProperty", "WriteProperty"}
	}
	return []string{"ReadProperty"}
}

// letters are the same rights in SDDL and dsacls. Who writes must read, too: every
// write asserts the value that is there.
func (d delegation) letters() string {
	if d.write {
		return "RPWP"
	}
	return "RP"
}

// aces are in SDDL: object entries, which apply to users below and not to the OU
// itself (CI and IO), each for one attribute (MS-DTYP 2.5.1).
func (d delegation) aces() []string {
	var aces []string
	for _, attribute := range []string{schemaRoot, schemaDir} {
		aces = append(aces, "(OA;CIIO;"+d.letters()+";"+attribute+";"+schemaUser+";"+d.sid+")")
	}
	return aces
}

// dsacls returns a line for cmd.exe, "" where a name cannot be quoted for it: it
// expands percent signs, and quotes end at quotes.
func (d delegation) dsacls() string {
	trustee := d.group
	if trustee == "" || strings.ContainsAny(trustee+d.ou, `"%;`) {
		return ""
	}
	line := `dsacls "` + d.ou + `" /I:S /G`
	for _, attribute := range []string{homedir.AttrRoot, homedir.AttrDir} {
		line += ` "` + trustee + ":" + d.letters() + ";" + attribute + `;user"`
	}
	return line
}

// rules are PowerShell lines that leave the entries in $rules.
func (d delegation) rules() string {
	return fmt.Sprintf(`$group = New-Object System.Security.Principal.SecurityIdentifier %s
$rules = foreach ($attribute in '%s', '%s') {
    New-Object System.DirectoryServices.ActiveDirectoryAccessRule $group, '%s', 'Allow', ([guid]$attribute), 'Descendents', ([guid]'%s')
}
`, powerShellQuote(d.sid), schemaRoot, schemaDir, strings.Join(d.rights(), ", "), schemaUser)
}

// powerShell uses the module ActiveDirectory.
func (d delegation) powerShell() string {
	return "Import-Module ActiveDirectory\n" + d.rules() + `$path = ` + powerShellQuote(`AD:\`+d.ou) + `
$acl = Get-Acl -LiteralPath $path
$rules | ForEach-Object { $acl.AddAccessRule($_) }
Set-Acl -LiteralPath $path -AclObject $acl
`
}

// adsi uses what every Windows has. A slash in a name must not end it (RFC 2255
// has no say in an ADsPath).
func (d delegation) adsi() string {
	return d.rules() + `$ou = New-Object System.DirectoryServices.DirectoryEntry ` + powerShellQuote("LDAP://"+strings.ReplaceAll(d.ou, "/", `\/`)) + `
$ou.psbase.Options.SecurityMasks = 'Dacl'
$rules | ForEach-Object { $ou.psbase.ObjectSecurity.AddAccessRule($_) }
$ou.psbase.CommitChanges()
`
}

// powerShellQuote makes a literal. PowerShell takes the four typographic quotes
// for the plain one.
func powerShellQuote(s string) string {
	var quoted strings.Builder
	for _, r := range s {
		if r == '\'' || r >= '\u2018' && r <= '\u201b' {
			quoted.WriteRune(r)
		}
		quoted.WriteRune(r)
	}
	return "'" + quoted.String() + "'"
}

// text is for people: every language, each with its name.
func (d delegation) text() string {
	who, what := d.group+" ("+d.sid+")", "read"
	if d.group == "" {
		who = d.sid
	}
	if d.write {
		what = "read and write"
	}
	dsacls := d.dsacls()
	if dsacls == "" {
		dsacls = "rem not possible with these names; use PowerShell"
	}
	return fmt.Sprintf(`# %s may %s %s and %s
# of the users below %s, and nothing else.
# Users in protected groups, such as Domain Admins, and those whose inheritance is
# switched off keep their own lists.

# dsacls, in cmd.exe
%s

# PowerShell with the module ActiveDirectory
%s
# PowerShell without it
%s
# SDDL, to be added to the list of the OU
%s
`, who, what, homedir.AttrRoot, homedir.AttrDir, d.ou, dsacls, d.powerShell(), d.adsi(), strings.Join(d.aces(), ""))
}
