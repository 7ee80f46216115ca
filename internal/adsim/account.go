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
	uacDisabled        = 0x2
	uacLockedOut       = 0x10
	uacNormal          = 0x200
	uacNeverExpires    = 0x10000
	uacPasswordExpired = 0x800000
)

// digest is what the server keeps of a password.
func digestOf(pepper []byte, password string) *[32]byte {
	mac := hmac.New(sha256.New, pepper)
	mac.Write([]byte(password))
	return (*[32]byte)(mac.Sum(nil))
}

// account is an entry that can log on, seen with its domain.
type account struct {
	*record
	dir *directory
}

// logon decides whether the account may bind with the password now: 0 or the
// reason. As on a DC, only a lockout shows before the password is right.
func (a account) logon(password string, now time.Time) subCode {
	if a.lockedOut() {
		return subLockedOut
	}
	given := digestOf(a.dir.pepper, password)
	if a.digest == nil || !hmac.Equal(a.digest[:], given[:]) {
		return subWrongPassword
	}
	k := &a.dir.schema.known
	switch {
	case a.uac()&uacDisabled != 0:
		return subDisabled
	case expired(a.number(k.accountExpires), now):
		return subAccountExpired
	case !withinHours(a.stored(k.logonHours), now):
		return subLogonHours
	case !a.workstationAllowed():
		return subWorkstation
	case a.mustChange():
		return subMustChange
	case a.passwordExpired(now):
		return subPasswordExpired
	}
	return 0
}

// number reads an attribute as a number, with AD's default where it is not set.
func (a account) number(t *attrType) int64 { return numberOf(a.dir.values(a.record, t)) }

func (a account) uac() int64 { return a.number(a.dir.schema.known.uac) }

func (a account) lockedOut() bool { return a.number(a.dir.schema.known.lockoutTime) > 0 }

// mustChange reads pwdLastSet: an administrator sets 0 to have it changed.
func (a account) mustChange() bool {
	return a.number(a.dir.schema.known.pwdLastSet) == 0 && a.uac()&uacNeverExpires == 0
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
func (a account) workstationAllowed() bool {
	values := a.stored(a.dir.schema.known.workstations)
	if len(values) == 0 {
		return true
	}
	for name := range strings.SplitSeq(values[0], ",") {
		if equalFolded(firstLabel(a.dir.domain.host), strings.TrimSpace(name)) {
			return true
		}
	}
	return false
}

// passwordExpired compares the age of the password with the domain's maxPwdAge,
// a negative interval; 0 and the most negative numbers mean that passwords last.
func (a account) passwordExpired(now time.Time) bool {
	uac := a.uac()
	if uac&uacNeverExpires != 0 {
		return false
	}
	if uac&uacPasswordExpired != 0 {
		return true
	}
	lasts, set := a.passwordAge(), a.number(a.dir.schema.known.pwdLastSet)
	return lasts != 0 && set != 0 && set+lasts <= fileTime(now.Unix())
}

// passwordAge returns for how long passwords last in the domain, 0 for ever.
func (a account) passwordAge() int64 {
	head := a.dir.store.find(a.dir.domain.base.norm())
	if head == nil {
		return 0
	}
	longest := numberOf(head.current.Load().stored(a.dir.schema.known.maxPwdAge))
	if longest >= 0 || longest < math.MinInt64/2 {
		return 0
	}
	return -longest
}

// passwordExpiry returns when the password expires: 0 when it is to be changed at
// the next logon, the largest number for never (MS-ADTS 3.1.1.4.5.40).
func (a account) passwordExpiry() int64 {
	set, lasts := a.number(a.dir.schema.known.pwdLastSet), a.passwordAge()
	switch {
	case a.uac()&uacNeverExpires != 0, lasts == 0 && set != 0:
		return math.MaxInt64
	case set == 0:
		return 0
	}
	return set + lasts
}

// uacComputed returns what userAccountControl no longer tells since Windows 2003.
func (a account) uacComputed(now time.Time) int64 {
	var bits int64
	if a.lockedOut() {
		bits |= uacLockedOut
	}
	if a.mustChange() || a.passwordExpired(now) {
		bits |= uacPasswordExpired
	}
	return bits
}
