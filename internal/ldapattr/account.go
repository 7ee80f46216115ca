package ldapattr

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// AccountName is the name of an account as somebody typed it, parsed but not
// looked up. The zero value names nobody.
type AccountName struct {
	kind   nameKind
	value  string // sAMAccountName, UPN, DN, or the text of a SID or GUID
	domain string // nameSAM: the part before the backslash, or the default; nameGUID: the default, which a Forest asks alone
	binary string // nameSID, nameGUID: the octets as the directory stores them
}

// nameKind says how a name was written, and so which attribute it is looked up by.
type nameKind uint8

const (
	nameNone nameKind = iota
	nameSAM
	nameUPN
	nameDN
	nameSID
	nameGUID
)

// Longest names taken. sAMAccountName and userPrincipalName have rangeUpper 256
// and 1,024 in the schema; a DN has no limit there, 4,096 is far above real ones.
const (
	maxSAMUnits = 256
	maxUPNUnits = 1024
	maxDNUnits  = 4096
)

// ParseAccountName reads sAMAccountName, DOMAIN\user, a UPN, a DN, a SID
// (S-1-5-…) or an objectGUID (with or without braces). A bare name takes
// defaultDomain, unless that is empty; an objectGUID takes it in a Forest, where it
// says which domain to ask. Control characters, blanks at the ends
// and names over 256 UTF-16 units (UPN 1,024, DN 4,096) are ErrUsage.
func ParseAccountName(s, defaultDomain string) (AccountName, error) {
	name, err := parseAccountName(s, defaultDomain)
	if err != nil {
		return AccountName{}, &Error{Kind: ErrUsage, Op: "read account name", Object: abridge(s), Win32: winerr.LogonFailure, Err: err}
	}
	return name, nil
}

// parseAccountName decides on the form. The order matters: a GUID and a SID could
// be sAMAccountNames by their letters, and a DN may hold backslashes and "@".
func parseAccountName(s, defaultDomain string) (AccountName, error) {
	if err := checkNameText(s); err != nil {
		return AccountName{}, err
	}
	if guid, err := secdesc.ParseGUID(s); err == nil {
		return AccountName{kind: nameGUID, value: guid.String(), binary: string(guid[:]), domain: defaultDomain}, nil
	}
	if isSIDText(s) {
		sid, err := parseSID(s)
		return AccountName{kind: nameSID, value: sid.String(), binary: string(sid)}, err
	}
	if looksLikeDN(s) {
		return AccountName{kind: nameDN, value: s}, nil
	}
	if domain, user, ok := strings.Cut(s, `\`); ok {
		if domain == "" || user == "" || strings.Contains(user, `\`) || checkNameText(user) != nil || checkNameText(domain) != nil {
			return AccountName{}, errors.New(`is not of the form DOMAIN\user`)
		}
		return samName(user, domain)
	}
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		if at == 0 || at == len(s)-1 {
			return AccountName{}, errors.New("is not of the form user@suffix")
		}
		return AccountName{kind: nameUPN, value: s}, tooLong(s, maxUPNUnits)
	}
	return samName(s, defaultDomain)
}

// samName checks both halves together, since both go into one logon name.
func samName(user, domain string) (AccountName, error) {
	return AccountName{kind: nameSAM, value: user, domain: domain}, tooLong(user+domain, maxSAMUnits)
}

// checkNameText refuses what no account name holds and what has fooled other
// servers: NUL (CVE-2025-47812), line ends, blanks that a directory would trim.
func checkNameText(s string) error {
	switch {
	case s == "":
		return errors.New("is empty")
	case !utf8.ValidString(s):
		return errors.New("is not UTF-8")
	case strings.TrimSpace(s) != s:
		return errors.New("begins or ends with a blank")
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }):
		return errors.New("holds a control character")
	}
	return tooLong(s, maxDNUnits)
}

// tooLong counts in UTF-16 units, as the schema does.
func tooLong(s string, most int) error {
	if n := winpath.Units(s); n > most {
		return fmt.Errorf("has %d characters; at most %d are possible", n, most)
	}
	return nil
}

// looksLikeDN: at least two components whose types are attribute names. "=" is
// not possible in a sAMAccountName, so nothing else is hidden by this.
func looksLikeDN(s string) bool {
	if !strings.Contains(s, "=") {
		return false
	}
	dn, err := ldap.ParseDN(s)
	if err != nil || len(dn.RDNs) < 2 {
		return false
	}
	for _, rdn := range dn.RDNs {
		for _, attribute := range rdn.Attributes {
			if !attributeType.MatchString(attribute.Type) || attribute.Value == "" {
				return false
			}
		}
	}
	return true
}

// attributeType is a short name or an OID (RFC 4512, section 2.5).
var attributeType = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9-]*|\d+(\.\d+)+)$`)

// String returns the name in the notation of its kind.
func (n AccountName) String() string {
	if n.kind == nameSAM && n.domain != "" {
		return n.domain + `\` + n.value
	}
	return n.value
}

// Logon reports whether the name has one of the forms that Windows takes at a
// logon: user, DOMAIN\user or a UPN.
func (n AccountName) Logon() bool { return n.kind == nameSAM || n.kind == nameUPN }

// Fixed reports whether the name can mean one account only, for as long as it has
// it: a sAMAccountName, a SID or an objectGUID. A userPrincipalName may spell the
// sAMAccountName of somebody else.
func (n AccountName) Fixed() bool {
	return n.kind == nameSAM || n.kind == nameSID || n.kind == nameGUID
}

// abridge keeps what somebody typed, or a directory said, from filling a screen.
func abridge(s string) string {
	const most = 80
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
