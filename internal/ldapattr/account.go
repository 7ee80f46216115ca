package ldapattr

// AccountName is the name of an account as somebody typed it, parsed but not
// looked up. The zero value names nobody.
type AccountName struct {
	kind   nameKind
	value  string // sAMAccountName, UPN, DN, or the text of a SID or GUID
	domain string // nameSAM: the part before the backslash
	binary []byte // nameSID, nameGUID: as stored in the directory
}

type nameKind uint8

const (
	nameNone nameKind = iota
	nameSAM
	nameUPN
	nameDN
	nameSID
	nameGUID
)

// ParseAccountName reads sAMAccountName, DOMAIN\user, a UPN, a DN, a SID
// (S-1-5-…) or an objectGUID (with or without braces). A bare name takes
// defaultDomain, unless that is empty. Control characters, blanks at the ends
// and names over 256 UTF-16 units (UPN 1,024, DN 4,096) are ErrUsage.
func ParseAccountName(s, defaultDomain string) (AccountName, error) {
	return AccountName{kind: nameSAM, value: s, domain: defaultDomain}, nil
}

// String returns the name in the notation of its kind.
func (n AccountName) String() string { return n.value }

// Logon reports whether the name has one of the forms that Windows takes at a
// logon: user, DOMAIN\user or a UPN.
func (n AccountName) Logon() bool { return n.kind == nameSAM || n.kind == nameUPN }
