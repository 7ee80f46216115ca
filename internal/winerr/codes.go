package winerr

// The codes that this product meets. Names follow the Win32 constants without
// their ERROR_ prefix.
const (
	Success            Code = 0
	FileNotFound       Code = 2
	PathNotFound       Code = 3
	AccessDenied       Code = 5
	InvalidData        Code = 13
	NotSameDevice      Code = 17
	GenFailure         Code = 31
	SharingViolation   Code = 32
	HandleEOF          Code = 38
	NotSupported       Code = 50
	BadNetPath         Code = 53
	NetNameDeleted     Code = 64
	BadNetName         Code = 67
	FileExists         Code = 80
	InvalidParameter   Code = 87
	DiskFull           Code = 112
	SemTimeout         Code = 121
	InvalidName        Code = 123
	DirNotEmpty        Code = 145
	Busy               Code = 170
	AlreadyExists      Code = 183
	FilenameTooLong    Code = 206
	Directory          Code = 267
	OperationAborted   Code = 995
	ConnectionAborted  Code = 1236
	QuotaExceeded      Code = 1295
	NoLogonServers     Code = 1311
	NoSuchUser         Code = 1317
	LogonFailure       Code = 1326
	AccountRestriction Code = 1327
	InvalidLogonHours  Code = 1328
	InvalidWorkstation Code = 1329
	PasswordExpired    Code = 1330
	AccountDisabled    Code = 1331
	NoSuchDomain       Code = 1355
	LogonNotGranted    Code = 1385
	WrongTargetName    Code = 1396
	TimeSkew           Code = 1398
	AccountExpired     Code = 1793
	PasswordMustChange Code = 1907
	AccountLockedOut   Code = 1909
	CantAccessFile     Code = 1920
	FileOffline        Code = 4350
	NoSuchAttribute    Code = 8202
)

var texts = map[Code]string{
	Success:            "The operation completed successfully.",
	FileNotFound:       "The system cannot find the file specified.",
	PathNotFound:       "The system cannot find the path specified.",
	AccessDenied:       "Access is denied.",
	InvalidData:        "The data is invalid.",
	NotSameDevice:      "The system cannot move the file to a different disk drive.",
	GenFailure:         "A device attached to the system is not functioning.",
	SharingViolation:   "The process cannot access the file because it is being used by another process.",
	HandleEOF:          "Reached the end of the file.",
	NotSupported:       "The request is not supported.",
	BadNetPath:         "The network path was not found.",
	NetNameDeleted:     "The specified network name is no longer available.",
	BadNetName:         "The network name cannot be found.",
	FileExists:         "The file exists.",
	InvalidParameter:   "The parameter is incorrect.",
	DiskFull:           "There is not enough space on the disk.",
	SemTimeout:         "The semaphore timeout period has expired.",
	InvalidName:        "The filename, directory name, or volume label syntax is incorrect.",
	DirNotEmpty:        "The directory is not empty.",
	Busy:               "The requested resource is in use.",
	AlreadyExists:      "Cannot create a file when that file already exists.",
	FilenameTooLong:    "The filename or extension is too long.",
	Directory:          "The directory name is invalid.",
	OperationAborted:   "The I/O operation has been aborted because of either a thread exit or an application request.",
	ConnectionAborted:  "The network connection was aborted by the local system.",
	QuotaExceeded:      "The requested file operation failed because the storage quota was exceeded.",
	NoLogonServers:     "We can't sign you in with this credential because your domain isn't available.",
	NoSuchUser:         "The specified account does not exist.",
	LogonFailure:       "The user name or password is incorrect.",
	AccountRestriction: "Account restrictions are preventing this user from signing in.",
	InvalidLogonHours:  "Your account has time restrictions that keep you from signing in right now.",
	InvalidWorkstation: "This user isn't allowed to sign in to this computer.",
	PasswordExpired:    "The password for this account has expired.",
	AccountDisabled:    "This user can't sign in because this account is currently disabled.",
	NoSuchDomain:       "The specified domain either does not exist or could not be contacted.",
	LogonNotGranted:    "Logon failure: the user has not been granted the requested logon type at this computer.",
	WrongTargetName:    "The target account name is incorrect.",
	TimeSkew:           "There is a time and/or date difference between the client and server.",
	AccountExpired:     "The user's account has expired.",
	PasswordMustChange: "The user's password must be changed before signing in.",
	AccountLockedOut:   "The referenced account is currently locked out and may not be logged on to.",
	CantAccessFile:     "The file cannot be accessed by the system.",
	FileOffline:        "This file is currently not available for use on this computer.",
	NoSuchAttribute:    "The specified directory service attribute or value does not exist.",
}
