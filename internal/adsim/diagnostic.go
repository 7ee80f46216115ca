package adsim

import (
	"fmt"
	"net/url"
	"strings"
)

// Texts have AD's shape, since clients parse them: eight hexadecimal digits of a
// Win32 code (winerror.h), who speaks, a number that stands for the place in the
// code, and the sub-code behind "data". The wording is our own.

// Win32 codes of refusals.
const (
	errInvalidParameter = 0x0057
	errNotSupported     = 0x0032
	errDescriptor       = 0x053a // ERROR_INVALID_SECURITY_DESCR
	errLogonRequired    = 0x04dc // ERROR_NOT_AUTHENTICATED
	errUserExists       = 0x0524
	errNoAttribute      = 0x200a
	errAttributeSyntax  = 0x200b
	errValueExists      = 0x200d
	errBusy             = 0x200e
	errClassViolation   = 0x2014
	errNonLeaf          = 0x2015
	errNotOnRDN         = 0x2016
	errTimeLimit        = 0x2022
	errSizeLimit        = 0x2023
	errAdminLimit       = 0x2024
	errAuthUnknown      = 0x2027
	errStrongAuth       = 0x2028
	errReferral         = 0x202b
	errDNSyntax         = 0x2032
	errUnwilling        = 0x2035
	errNaming           = 0x2037
	errUnknownExtended  = 0x203d
	errObjectExists     = 0x2071
	errSingleValue      = 0x2081
	errRange            = 0x2082
	errObjectNotFound   = 0x208d
	errAccessRights     = 0x2098
	errOwnedBySystem    = 0x20b1
	errBindToken        = 0x80090308 // SEC_E_INVALID_TOKEN begins every refused bind
)

const build = "v4563"

// refuse makes the plain form: code, Win32 code and a comment.
func refuse(c code, win32 uint32, comment string) *result {
	return &result{code: c, text: fmt.Sprintf("%08X: LdapErr: DSID-0C09%04X, comment: %s, data 0, %s",
		win32, 0x0a00+int(c), comment, build)}
}

// refuseLogon makes the answer to a bind that failed for the given reason.
func refuseLogon(reason subCode) *result {
	return &result{code: invalidCredentials, text: fmt.Sprintf(
		"%08X: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data %x, %s", uint32(errBindToken), uint32(reason), build)}
}

// refuseAttribute makes the form that names an attribute and a problem number
// (MS-ADTS 3.1.1.3.1.9: 1001 no such value … 1006 value exists).
func refuseAttribute(c code, win32 uint32, problem, attribute string) *result {
	return &result{code: c, about: attribute, text: fmt.Sprintf("%08X: AtrErr: DSID-0315%04X, #1:\n\t0: %08X: DSID-0315%04X, problem %s, data 0, Att (%s)",
		win32, 0x1900+int(c), win32, 0x1900+int(c), problem, attribute)}
}

// refuseObject is the form for names that are not there.
func refuseObject(matched string) *result {
	return &result{code: noSuchObject, matched: matched, text: fmt.Sprintf(
		"%08X: NameErr: DSID-03100241, problem 2001 (NO_OBJECT), data 0, best match of:\n\t'%s'\n", errObjectNotFound, matched)}
}

// refuseUpdate is the form for entries that cannot become what is asked; problem
// is AD's number and name of it, with a detail of ours behind a colon.
func refuseUpdate(c code, win32 uint32, problem string) *result {
	_, about, _ := strings.Cut(problem, ": ")
	return &result{code: c, about: about, text: fmt.Sprintf("%08X: UpdErr: DSID-0305%04X, problem %s, data 0\n", win32, 0x1100+int(c), problem)}
}

// refuseRights answers every write of somebody who is no administrator.
func refuseRights() *result {
	return &result{code: insufficientAccessRights, text: fmt.Sprintf(
		"%08X: SecErr: DSID-03152E29, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n", errAccessRights)}
}

// refuseName answers text that is no DN.
func refuseName(text string) *result {
	return &result{code: invalidDNSyntax, text: fmt.Sprintf(
		"%08X: NameErr: DSID-0310022D, problem 2006 (BAD_NAME), data %d, best match of:\n\t''\n", errDNSyntax, len(text))}
}

// refuseReferral sends the client to the domain that a name outside of this one
// belongs to, as a DC does whether or not that domain exists.
func refuseReferral(name dn) *result {
	var labels []string
	for _, component := range name {
		if component.attribute == "dc" {
			labels = append(labels, component.value)
		}
	}
	host := strings.Join(labels, ".")
	uri := url.URL{Scheme: "ldap", Host: host, Path: "/" + name.text()}
	return &result{code: referral, referral: uri.String(), text: fmt.Sprintf(
		"%08X: RefErr: DSID-031007EF, data 0, 1 access points\n\tref 1: '%s'\n", errReferral, host)}
}

// refuseUnknown answers a write of an attribute that the schema does not have.
func refuseUnknown(name string) *result {
	r := refuse(noSuchAttribute, errInvalidParameter, fmt.Sprintf("no attribute %.64q in the schema", name))
	r.about = name
	return r
}
