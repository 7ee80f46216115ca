package ldapattr

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

const (
	attrGUID     = "objectGUID"
	attrSID      = "objectSid"
	attrSAM      = "sAMAccountName"
	attrUPN      = "userPrincipalName"
	attrUAC      = "userAccountControl"
	attrComputed = "msDS-User-Account-Control-Computed"
	attrExpires  = "accountExpires"
	attrPwdSet   = "pwdLastSet"
)

// userAttributes are what every read of a user asks for.
func userAttributes(cfg Config) []string {
	list := []string{attrGUID, attrSID, attrSAM, attrUPN}
	if !cfg.WithoutAccount {
		list = append(list, attrUAC, attrComputed, attrExpires, attrPwdSet)
	}
	return append(list, homedir.AttrRoot, homedir.AttrDir)
}

// Bits of userAccountControl and its computed sister (MS-ADTS 2.2.16, 3.1.1.4.5.17).
const (
	uacDisabled        = 0x2
	uacLocked          = 0x10
	uacNeverExpires    = 0x10000
	uacPasswordExpired = 0x800000
)

// userOf decodes an entry. Values that a real domain cannot hold are an error:
// nothing of such an entry can be trusted.
func (d domain) userOf(entry *ldap.Entry, now time.Time) (User, error) {
	u := User{DN: entry.DN, NetBIOSDomain: d.info.NetBIOSName, DNSDomain: d.info.DNSName}
	var err error
	text := func(attribute string) string {
		values := entry.GetEqualFoldAttributeValues(attribute)
		if len(values) > 1 {
			err = errors.Join(err, fmt.Errorf("%s has %d values", attribute, len(values)))
		}
		if len(values) == 0 {
			return ""
		}
		return values[0]
	}
	u.SAMAccountName, u.UPN = text(attrSAM), text(attrUPN)
	u.Root, u.Dir = text(homedir.AttrRoot), text(homedir.AttrDir)
	if octets := text(attrGUID); octets != "" {
		if len(octets) != len(u.GUID) {
			err = errors.Join(err, fmt.Errorf("%s has %d octets", attrGUID, len(octets)))
		}
		copy(u.GUID[:], octets)
	}
	if octets := text(attrSID); octets != "" {
		sid, bad := readSID(octets)
		u.SID, err = sid.String(), errors.Join(err, bad)
	}
	u.Account = accountState(text, now)
	if u.DN == "" {
		err = errors.Join(err, errors.New("it has no DN"))
	}
	if err != nil {
		return User{}, &Error{Kind: ErrServer, Op: "read", Object: abridge(entry.DN), Err: err}
	}
	return u, nil
}

// identified refuses an entry without what makes it one identity.
func identified(u User) error {
	if u.GUID == (GUID{}) || u.SAMAccountName == "" {
		return &Error{Kind: ErrRights, Op: "read", Object: u.DN,
			Err:  errors.New("its " + attrGUID + " or " + attrSAM + " cannot be read"),
			Hint: "the account that reads the directory needs Read Property on user objects"}
	}
	return nil
}

// accountState decodes what decides about a logon. What cannot be read counts as
// not set: the domain controller decides in the end, this only informs.
func accountState(text func(string) string, now time.Time) AccountState {
	flags, err := strconv.ParseInt(text(attrUAC), 10, 64)
	if err != nil {
		return AccountState{}
	}
	computed, _ := strconv.ParseInt(text(attrComputed), 10, 64) // absent: nothing is set
	state := AccountState{
		Known:           true,
		Enabled:         flags&uacDisabled == 0,
		Locked:          computed&uacLocked != 0,
		PasswordExpired: computed&uacPasswordExpired != 0,
		MustChange:      text(attrPwdSet) == "0" && flags&uacNeverExpires == 0,
		Expires:         fileTime(text(attrExpires)),
	}
	state.Expired = !state.Expires.IsZero() && !now.Before(state.Expires)
	return state
}

// fileTime reads 100-nanosecond steps since 1601; 0 and the largest number mean
// never (MS-ADA1, accountExpires), as does what is no number.
func fileTime(s string) time.Time {
	const (
		perSecond = 10_000_000
		unixEpoch = 11_644_473_600 // seconds from 1601 to 1970
	)
	ticks, err := strconv.ParseInt(s, 10, 64)
	if err != nil || ticks <= 0 || ticks == math.MaxInt64 {
		return time.Time{}
	}
	return time.Unix(ticks/perSecond-unixEpoch, ticks%perSecond*100).UTC()
}
