package secdesc

const (
	authorityNT = "\x00\x00\x00\x00\x00\x05"
	one         = "\x01\x01" // revision 1, one sub-authority
	builtin     = "\x01\x02" + authorityNT + "\x20\x00\x00\x00"
)

// SIDs that are the same everywhere (MS-DTYP 2.4.2.4).
const (
	Everyone           SID = one + "\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00"
	CreatorOwner       SID = one + "\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00"
	CreatorGroup       SID = one + "\x00\x00\x00\x00\x00\x03\x01\x00\x00\x00"
	OwnerRights        SID = one + "\x00\x00\x00\x00\x00\x03\x04\x00\x00\x00"
	Network            SID = one + authorityNT + "\x02\x00\x00\x00"
	Interactive        SID = one + authorityNT + "\x04\x00\x00\x00"
	Anonymous          SID = one + authorityNT + "\x07\x00\x00\x00"
	PrincipalSelf      SID = one + authorityNT + "\x0a\x00\x00\x00"
	AuthenticatedUsers SID = one + authorityNT + "\x0b\x00\x00\x00"
	ThisOrganization   SID = one + authorityNT + "\x0f\x00\x00\x00"
	System             SID = one + authorityNT + "\x12\x00\x00\x00"
	Administrators     SID = builtin + "\x20\x02\x00\x00"
	Users              SID = builtin + "\x21\x02\x00\x00"
	Guests             SID = builtin + "\x22\x02\x00\x00"
)

// known is a SID that is the same everywhere, with the name that Windows shows in
// English and the letters of SDDL, "" where there are none.
type known struct{ sid, alias, name string }

// wellKnown is a function, not a variable, so that nobody can change the table.
func wellKnown() []known {
	return []known{
		{"S-1-0-0", "", "Nobody"},
		{"S-1-1-0", "WD", "Everyone"},
		{"S-1-2-0", "", "Local"},
		{"S-1-2-1", "", "Console Logon"},
		{"S-1-3-0", "CO", "Creator Owner"},
		{"S-1-3-1", "CG", "Creator Group"},
		{"S-1-3-4", "OW", "Owner Rights"},
		{"S-1-5-1", "", `NT AUTHORITY\Dialup`},
		{"S-1-5-2", "NU", `NT AUTHORITY\Network`},
		{"S-1-5-3", "", `NT AUTHORITY\Batch`},
		{"S-1-5-4", "IU", `NT AUTHORITY\Interactive`},
		{"S-1-5-6", "SU", `NT AUTHORITY\Service`},
		{"S-1-5-7", "AN", `NT AUTHORITY\Anonymous Logon`},
		{"S-1-5-9", "ED", `NT AUTHORITY\Enterprise Domain Controllers`},
		{"S-1-5-10", "PS", `NT AUTHORITY\Self`},
		{"S-1-5-11", "AU", `NT AUTHORITY\Authenticated Users`},
		{"S-1-5-12", "RC", `NT AUTHORITY\Restricted`},
		{"S-1-5-13", "", `NT AUTHORITY\Terminal Server User`},
		{"S-1-5-14", "", `NT AUTHORITY\Remote Interactive Logon`},
		{"S-1-5-15", "", `NT AUTHORITY\This Organization`},
		{"S-1-5-17", "", `NT AUTHORITY\IUSR`},
		{"S-1-5-18", "SY", `NT AUTHORITY\SYSTEM`},
		{"S-1-5-19", "LS", `NT AUTHORITY\Local Service`},
		{"S-1-5-20", "NS", `NT AUTHORITY\Network Service`},
		{"S-1-5-33", "WR", `NT AUTHORITY\Write Restricted`},
		{"S-1-5-113", "", `NT AUTHORITY\Local account`},
		{"S-1-5-114", "", `NT AUTHORITY\Local account and member of Administrators group`},
		{"S-1-5-32-544", "BA", `BUILTIN\Administrators`},
		{"S-1-5-32-545", "BU", `BUILTIN\Users`},
		{"S-1-5-32-546", "BG", `BUILTIN\Guests`},
		{"S-1-5-32-547", "PU", `BUILTIN\Power Users`},
		{"S-1-5-32-548", "AO", `BUILTIN\Account Operators`},
		{"S-1-5-32-549", "SO", `BUILTIN\Server Operators`},
		{"S-1-5-32-550", "PO", `BUILTIN\Print Operators`},
		{"S-1-5-32-551", "BO", `BUILTIN\Backup Operators`},
		{"S-1-5-32-552", "RE", `BUILTIN\Replicator`},
		{"S-1-5-32-554", "RU", `BUILTIN\Pre-Windows 2000 Compatible Access`},
		{"S-1-5-32-555", "RD", `BUILTIN\Remote Desktop Users`},
		{"S-1-5-32-556", "NO", `BUILTIN\Network Configuration Operators`},
		{"S-1-5-32-557", "", `BUILTIN\Incoming Forest Trust Builders`},
		{"S-1-5-32-558", "MU", `BUILTIN\Performance Monitor Users`},
		{"S-1-5-32-559", "LU", `BUILTIN\Performance Log Users`},
		{"S-1-5-32-560", "", `BUILTIN\Windows Authorization Access Group`},
		{"S-1-5-32-561", "", `BUILTIN\Terminal Server License Servers`},
		{"S-1-5-32-562", "", `BUILTIN\Distributed COM Users`},
		{"S-1-5-32-568", "IS", `BUILTIN\IIS_IUSRS`},
		{"S-1-5-32-569", "CY", `BUILTIN\Cryptographic Operators`},
		{"S-1-5-32-573", "ER", `BUILTIN\Event Log Readers`},
		{"S-1-5-32-574", "CD", `BUILTIN\Certificate Service DCOM Access`},
		{"S-1-5-32-575", "RA", `BUILTIN\RDS Remote Access Servers`},
		{"S-1-5-32-576", "ES", `BUILTIN\RDS Endpoint Servers`},
		{"S-1-5-32-577", "MS", `BUILTIN\RDS Management Servers`},
		{"S-1-5-32-578", "HA", `BUILTIN\Hyper-V Administrators`},
		{"S-1-5-32-579", "AA", `BUILTIN\Access Control Assistance Operators`},
		{"S-1-5-32-580", "RM", `BUILTIN\Remote Management Users`},
		{"S-1-5-80-0", "", `NT SERVICE\ALL SERVICES`},
		{"S-1-15-2-1", "AC", `APPLICATION PACKAGE AUTHORITY\ALL APPLICATION PACKAGES`},
		{"S-1-16-4096", "LW", "Low Mandatory Level"},
		{"S-1-16-8192", "ME", "Medium Mandatory Level"},
		{"S-1-16-8448", "MP", "Medium Plus Mandatory Level"},
		{"S-1-16-12288", "HI", "High Mandatory Level"},
		{"S-1-16-16384", "SI", "System Mandatory Level"},
		{"S-1-18-1", "AS", "Authentication authority asserted identity"},
		{"S-1-18-2", "SS", "Service asserted identity"},
	}
}

// WellKnown returns the English name of a SID that is the same everywhere, without
// asking anybody; ok is false for all others.
func (s SID) WellKnown() (name string, ok bool) {
	text := s.String()
	for _, k := range wellKnown() {
		if k.sid == text {
			return k.name, true
		}
	}
	return "", false
}
