package adsim

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// takePassword keeps the digest of a new password. userPassword is clear text;
// unicodePwd is UTF-16LE in quotation marks (MS-ADTS 3.1.1.3.1.5.1).
func takePassword(d *directory, r *record, a attribute) error {
	t, values := a.typ, a.values
	if !r.isAccount() || len(values) != 1 {
		return refuseAttribute(constraintViolation, errInvalidParameter, "1005 (CONSTRAINT_ATT_TYPE)", t.name)
	}
	password := values[0]
	if t == d.schema.known.unicodePwd {
		var ok bool
		if password, ok = quotedPassword(password); !ok {
			return refuse(unwillingToPerform, 0x1f, "the password must be UTF-16 text in quotation marks")
		}
	}
	if password == "" {
		return refuse(unwillingToPerform, 0x52d, "the password is too short")
	}
	r.digest = digestOf(d.pepper, password)
	return nil
}

// quotedPassword decodes the value of unicodePwd.
func quotedPassword(value string) (string, bool) {
	if len(value)%2 != 0 {
		return "", false
	}
	units := make([]uint16, len(value)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16([]byte(value[2*i:]))
	}
	text, ok := strings.CutPrefix(string(utf16.Decode(units)), `"`)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(text, `"`)
}
