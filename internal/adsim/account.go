package adsim

import (
	"crypto/hmac"
	"crypto/sha256"
	"math"
	"strings"
	"time"
)

// subCode is the Win32 code behind "data" in a refused bind (winerror.h).
type subCode uint32

const (
	subNoSuchUser      subCode = 0x525
	subWrongPassword   subCode = 0x52e
	subLogonHours      subCode = 0x530
	subWorkstation     subCode = 0x531
	subPasswordExpired subCode = 0x532
	subDisabled        subCode = 0x533
	subAccountExpired  subCode = 0x701
	subMustChange      subCode = 0x773
	subLockedOut       subCode = 0x775
)

// Bits of userAccountControl (MS-ADTS 2.2.16).
const (
	uacDisabled         = 0x2
	uacLockedOut        = 0x10
	uacNoPasswordNeeded = 0x20
	uacNormal           = 0x200
	uacNeverExpires     = 0x10000
	uacPasswordExpired  = 0x800000
)

// digest is what the server keeps of a password.
func (d *directory) digest(password string) *[32]byte {
	mac := hmac.New(sha256.New, d.pepper)
	mac.Write([]byte(password))
	return (*[32]byte)(mac.Sum(nil))
}

// logon decides whether the account may bind with the password now: 0 or the
// reason. As on a DC, only a lockout shows before the password is right.
func (d *directory) logon(r *record, password string, now time.Time) subCode {
	if d.lockedOut(r) {
		return subLockedOut
	}
	given := d.digest(password)
	if r.digest == nil || !hmac.Equal(r.digest[:], given[:]) {
		return subWrongPassword
	}
	k := &d.schema.known
	switch {
	case d.uac(r)&uacDisabled != 0:
		return subDisabled
	case expired(numberOf(d.values(r, k.accountExpires)), now):
		return subAccountExpired
	case !withinHours(r.stored(k.logonHours), now):
		return subLogonHours
	case !d.workstationAllowed(r):
		return subWorkstation
	case numberOf(d.values(r, k.pwdLastSet)) == 0 && d.uac(r)&uacNeverExpires == 0:
		return subMustChange
	case d.passwordExpired(r, now):
		return subPasswordExpired
	}
	return 0
}

func (d *directory) uac(r *record) int64 { return numberOf(d.values(r, d.schema.known.uac)) }

func (d *directory) lockedOut(r *record) bool {
	return numberOf(r.stored(d.schema.known.lockoutTime)) > 0
}

// expired reads accountExpires: 0 and the largest number mean never.
func expired(at int64, now time.Time) bool {
	return at != 0 && at != math.MaxInt64 && at <= fileTime(now.Unix())
}

// withinHours reads logonHours: one bit per hour of the week from Sunday 00 UTC.
func withinHours(values []string, now time.Time) bool {
	if len(values) == 0 || len(values[0]) != 21 {
		return true
	}
	hour := int(now.UTC().Weekday())*24 + now.UTC().Hour()
	return values[0][hour/8]>>(hour%8)&1 == 1
}

// workstationAllowed reads userWorkstations; an LDAP bind comes from the DC itself.
func (d *directory) workstationAllowed(r *record) bool {
	values := r.stored(d.schema.known.workstations)
	if len(values) == 0 {
		return true
	}
	for name := range strings.SplitSeq(values[0], ",") {
		if equalFolded(firstLabel(d.domain.host), strings.TrimSpace(name)) {
			return true
		}
	}
	return false
}

// passwordExpired compares the age of the password with the domain's maxPwdAge,
// a negative interval; 0 and the most negative numbers mean that passwords last.
func (d *directory) passwordExpired(r *record, now time.Time) bool {
	uac := d.uac(r)
	if uac&uacNeverExpires != 0 {
		return false
	}
	if uac&uacPasswordExpired != 0 {
		return true
	}
	head := d.store.find(d.domain.base.norm())
	if head == nil {
		return false
	}
	longest := numberOf(head.current.Load().stored(d.schema.known.maxPwdAge))
	set := numberOf(d.values(r, d.schema.known.pwdLastSet))
	if longest >= 0 || longest < math.MinInt64/2 || set == 0 {
		return false
	}
	return set-longest <= fileTime(now.Unix())
}
