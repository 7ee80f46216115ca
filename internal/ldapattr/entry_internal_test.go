package ldapattr

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// entryOf builds an entry from attribute, value pairs.
func entryOf(pairs ...string) *ldap.Entry {
	attributes := map[string][]string{}
	for i := 0; i < len(pairs); i += 2 {
		attributes[pairs[i]] = append(attributes[pairs[i]], pairs[i+1])
	}
	return ldap.NewEntry("CN=x,DC=corp", attributes)
}

func TestUserOf_ignoresTheCaseOfAttributeNames(t *testing.T) {
	u, err := domain{}.userOf(entryOf("samaccountname", "x", "MSIIS-FTPROOT", `\\s\h`, "msiis-ftpdir", "d", "OBJECTGUID", strings.Repeat("g", 16)), time.Now())
	if err != nil || u.SAMAccountName != "x" || u.Root != `\\s\h` || u.Dir != "d" || u.GUID == (GUID{}) {
		t.Errorf("%+v, %v", u, err)
	}
}

func TestUserOf_refusesWhatNoDomainHolds(t *testing.T) {
	for name, entry := range map[string]*ldap.Entry{
		"short GUID":      entryOf("objectGUID", "short"),
		"long GUID":       entryOf("objectGUID", strings.Repeat("g", 17)),
		"two roots":       entryOf("msIIS-FTPRoot", "a", "msIIS-FTPRoot", "b"),
		"two names":       entryOf("sAMAccountName", "a", "sAMAccountName", "b"),
		"SID of nothing":  entryOf("objectSid", "\x01"),
		"SID cut short":   entryOf("objectSid", "\x01\x02\x00\x00\x00\x00\x00\x05\x01\x00\x00\x00"),
		"SID of 255":      entryOf("objectSid", "\x01\xff\x00\x00\x00\x00\x00\x05"+strings.Repeat("\x00", 1020)),
		"SID of revision": entryOf("objectSid", "\x02\x01\x00\x00\x00\x00\x00\x05\x01\x00\x00\x00"),
		"no DN":           ldap.NewEntry("", nil),
	} {
		if u, err := (domain{}).userOf(entry, time.Now()); err == nil {
			t.Errorf("%s: %+v", name, u)
		}
	}
	if u, err := (domain{}).userOf(entryOf("objectSid", "\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00"), time.Now()); err != nil || u.SID != "S-1-5-32-544" {
		t.Errorf("%q, %v", u.SID, err)
	}
	if err := identified(User{DN: "CN=x"}); err == nil {
		t.Error("an entry without name and GUID passes for a user")
	}
}

func TestAccountState(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ticks := func(at time.Time) string { return strconv.FormatInt((at.Unix()+11_644_473_600)*10_000_000, 10) }
	for _, tt := range []struct {
		name  string
		pairs []string
		want  AccountState
	}{
		{"normal", []string{attrUAC, "512", attrExpires, "0", attrPwdSet, "1"}, AccountState{Known: true, Enabled: true}},
		{"never expires", []string{attrUAC, "512", attrExpires, strconv.FormatInt(math.MaxInt64, 10)}, AccountState{Known: true, Enabled: true}},
		{"disabled", []string{attrUAC, "514"}, AccountState{Known: true}},
		{"unreadable", []string{attrExpires, "0"}, AccountState{}},
		{"nonsense", []string{attrUAC, "x"}, AccountState{}},
		{"locked", []string{attrUAC, "512", attrComputed, "16"}, AccountState{Known: true, Enabled: true, Locked: true}},
		{"password expired", []string{attrUAC, "512", attrComputed, "8388608"}, AccountState{Known: true, Enabled: true, PasswordExpired: true}},
		{"must change", []string{attrUAC, "512", attrPwdSet, "0"}, AccountState{Known: true, Enabled: true, MustChange: true}},
		{"never changes", []string{attrUAC, "66048", attrPwdSet, "0"}, AccountState{Known: true, Enabled: true}},
		{"expired", []string{attrUAC, "512", attrExpires, ticks(now)}, AccountState{Known: true, Enabled: true, Expired: true, Expires: now}},
		{"expires", []string{attrUAC, "512", attrExpires, ticks(now.Add(time.Second))}, AccountState{Known: true, Enabled: true, Expires: now.Add(time.Second)}},
	} {
		u, err := domain{}.userOf(entryOf(tt.pairs...), now)
		if err != nil || u.Account != tt.want {
			t.Errorf("%s: %+v, %v; want %+v", tt.name, u.Account, err, tt.want)
		}
	}
}
