package survey

import "github.com/ftpisoctl/ftpisoctl/internal/winerr"

// Finding is one thing that is wrong with a home, a share or a server.
type Finding struct {
	ID   ID
	Text string // what is wrong, for people
	Step string // the step of shares.Check that ends at the same cause; "" where none does
	Err  error  // the cause, nil where something was found that nobody refused
}

// Win32 returns the code of the cause, winerr.Success where there is none.
func (f Finding) Win32() winerr.Code {
	if f.Err == nil {
		return winerr.Success
	}
	return winerr.Of(f.Err)
}

// ID names a cause. Its meaning never changes; one that is not used any more is never
// given to something else.
type ID string

// The ids, as an audit has them for its rules.
const (
	RootAlone    ID = "V01" // msIIS-FTPRoot without msIIS-FTPDir
	DirAlone     ID = "V02" // msIIS-FTPDir without msIIS-FTPRoot
	NoValues     ID = "V03" // neither, of a user who was asked about
	BadValue     ID = "V00" // the values make no home, whatever the reason
	NoName       ID = "S01" // the server's name does not resolve
	NoAnswer     ID = "S02" // nothing answers on port 445, or the connection broke again and again
	NoShare      ID = "S03" // the server has no such share
	Namespace    ID = "S04" // the path belongs to a DFS namespace
	OldDialect   ID = "S06" // the server speaks SMB 1 only
	LittleSpace  ID = "S09" // less space, or less of a quota, than the threshold
	NotAdmitted  ID = "S14" // fileServers or localRoots do not list the place, so no login gets there
	TooFull      ID = "S15" // what is expected to be used does not fit
	Refused      ID = "S16" // the server or the share does not take the account that checks
	Missing      ID = "H01" // no directory
	NoDirectory  ID = "H02" // a file or a reparse point in its place, or above it
	OthersEnter  ID = "H04" // the account for anonymous users may list or write somebody's home
	NotListed    ID = "H05" // the user may not list or read
	NotWritable  ID = "H06" // the user may not write or delete
	WrongOwner   ID = "H07" // the owner is neither the user nor an administrator
	NoProtection ID = "H10" // a null DACL, which lets everybody do everything, or an empty one
	NotToBeSeen  ID = "H16" // the account that checks may not look there
)
