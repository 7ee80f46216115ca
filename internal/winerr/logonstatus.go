package winerr

// OfLogonStatus returns the code of an NTSTATUS with which a server or a domain
// controller refuses a login, and false for any other status (Microsoft,
// [MS-ERREF] 2.3 and RtlNtStatusToDosError).
func OfLogonStatus(status uint32) (Code, bool) {
	code, ok := logonStatus[status]
	return code, ok
}

var logonStatus = map[uint32]Code{
	0xC000005E: NoLogonServers,     // no logon servers
	0xC0000064: NoSuchUser,         // no such user
	0xC000006A: LogonFailure,       // wrong password
	0xC000006D: LogonFailure,       // logon failure
	0xC000006E: AccountRestriction, // account restriction
	0xC000006F: InvalidLogonHours,  // invalid logon hours
	0xC0000070: InvalidWorkstation, // invalid workstation
	0xC0000071: PasswordExpired,    // password expired
	0xC0000072: AccountDisabled,    // account disabled
	0xC00000DF: NoSuchDomain,       // no such domain
	0xC0000133: TimeSkew,           // time difference at DC
	0xC000015B: LogonNotGranted,    // logon type not granted
	0xC0000193: AccountExpired,     // account expired
	0xC0000224: PasswordMustChange, // password must change
	0xC0000234: AccountLockedOut,   // account locked out
}
