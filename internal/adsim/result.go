package adsim

import "fmt"

// code is an LDAP result code (RFC 4511, appendix A).
type code int

const (
	success                      code = 0
	operationsError              code = 1
	protocolError                code = 2
	timeLimitExceeded            code = 3
	sizeLimitExceeded            code = 4
	compareFalse                 code = 5
	compareTrue                  code = 6
	authMethodNotSupported       code = 7
	strongerAuthRequired         code = 8
	referral                     code = 10
	adminLimitExceeded           code = 11
	unavailableCriticalExtension code = 12
	noSuchAttribute              code = 16
	undefinedAttributeType       code = 17
	constraintViolation          code = 19
	attributeOrValueExists       code = 20
	invalidAttributeSyntax       code = 21
	noSuchObject                 code = 32
	invalidDNSyntax              code = 34
	invalidCredentials           code = 49
	insufficientAccessRights     code = 50
	busy                         code = 51
	unavailable                  code = 52
	unwillingToPerform           code = 53
	namingViolation              code = 64
	objectClassViolation         code = 65
	notAllowedOnNonLeaf          code = 66
	notAllowedOnRDN              code = 67
	entryAlreadyExists           code = 68
)

// result is the outcome of an operation. Code that refuses returns it as an
// error; the one place that answers (conn.answer) writes it.
type result struct {
	code     code
	matched  string // DN of the deepest entry found
	text     string // diagnostic message
	about    string // attribute or circumstance that a refusal is about; not sent
	referral string // URI, for referral
	controls []byte // encoded response controls
	oid      string // extended responses: name
	value    *string
}

// Error makes a refusal an error.
func (r *result) Error() string { return fmt.Sprintf("LDAP result %d: %s", r.code, r.text) }
