package private

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What of an access mask lets somebody read, and what lets him write, also by
// giving himself the right.
const (
	reading = windows.FILE_READ_DATA | windows.GENERIC_READ
	writing = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | fileDeleteChild | windows.DELETE | windows.WRITE_DAC |
		windows.WRITE_OWNER | windows.GENERIC_WRITE | windows.GENERIC_ALL

	fileDeleteChild = 0x40 // of folders (Microsoft, file access rights constants)
)

// The kinds of entries that allow something, and have the SID right behind the
// mask ([MS-DTYP] 2.4.4).
const (
	accessAllowedCallback = 9
	firstDenied           = 1
	lastPlain             = 3 // allowed, denied, audit, alarm
)

// What stands for an account, or behind one.
const (
	everybody = "everybody" // there is no list
	unknown   = "an entry of an unknown kind"
	theOwner  = ", the owner"
)

// Readers tells who else can read or write the file, by the name of an account;
// "" is nobody.
func Readers(f *os.File) (who string, err error) { return others(f, reading|writing) }

// Writers tells who else can write the file, or into the folder; "" is nobody.
func Writers(f *os.File) (who string, err error) { return others(f, writing) }

func others(f *os.File, mask windows.ACCESS_MASK) (who string, err error) {
	ours, err := trusted()
	if err != nil {
		return "", err
	}
	conn, err := f.SyscallConn()
	if err != nil {
		return "", err
	}
	closed := conn.Control(func(handle uintptr) {
		var descriptor *windows.SECURITY_DESCRIPTOR
		descriptor, err = windows.GetSecurityInfo(windows.Handle(handle), windows.SE_FILE_OBJECT,
			windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
		if err == nil {
			who, err = ours.stranger(descriptor, mask)
		}
	})
	return who, errors.Join(closed, err)
}

// sids are those that may do anything.
type sids []*windows.SID

// trusted are the account of this process, SYSTEM, Administrators, and who stands
// for the owner, whom stranger looks at.
func trusted() (sids, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	ours := sids{user.User.Sid}
	for _, kind := range []windows.WELL_KNOWN_SID_TYPE{
		windows.WinLocalSystemSid, windows.WinBuiltinAdministratorsSid, windows.WinCreatorOwnerSid,
	} {
		sid, err := windows.CreateWellKnownSid(kind)
		if err != nil {
			return nil, err
		}
		ours = append(ours, sid)
	}
	rights, err := windows.StringToSid("S-1-3-4") // OWNER RIGHTS
	return append(ours, rights), err
}

func (s sids) include(sid *windows.SID) bool {
	for _, ours := range s {
		if sid.Equals(ours) {
			return true
		}
	}
	return false
}

// stranger is somebody else whom the descriptor gives some of the rights.
func (s sids) stranger(descriptor *windows.SECURITY_DESCRIPTOR, mask windows.ACCESS_MASK) (string, error) {
	owner, _, err := descriptor.Owner()
	if err != nil {
		return "", err
	}
	if owner != nil && !s.include(owner) {
		return nameOf(owner) + theOwner, nil
	}
	list, _, err := descriptor.DACL()
	if err != nil && !errors.Is(err, windows.ERROR_OBJECT_NOT_FOUND) {
		return "", err
	}
	if list == nil {
		return everybody, nil
	}
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			return "", err
		}
		switch kind := entry.Header.AceType; {
		case kind != windows.ACCESS_ALLOWED_ACE_TYPE && kind != accessAllowedCallback:
			if kind < firstDenied || kind > lastPlain {
				return unknown, nil
			}
		case entry.Mask&mask != 0:
			if sid := (*windows.SID)(unsafe.Pointer(&entry.SidStart)); !s.include(sid) {
				return nameOf(sid), nil
			}
		}
	}
	return "", nil
}

// nameOf is the name of an account, or its SID where nobody knows it.
func nameOf(sid *windows.SID) string {
	account, domain, _, err := sid.LookupAccount("")
	switch {
	case err != nil:
		return sid.String()
	case domain == "":
		return account
	}
	return domain + `\` + account
}

// Advice is the command that shuts out who can read or write the file or folder.
// Others may come to light then.
func Advice(f *os.File, who string) string {
	us := "%USERNAME%"
	if user, err := windows.GetCurrentProcessToken().GetTokenUser(); err == nil {
		us = nameOf(user.User.Sid)
	}
	command := `icacls "` + f.Name() + `" `
	if strings.HasSuffix(who, theOwner) {
		return command + `/setowner "` + us + `"`
	}
	rights := "F"
	if info, err := f.Stat(); err == nil && info.IsDir() {
		rights = "(OI)(CI)F" // also for what is made in it
	}
	command += `/inheritance:r /grant:r "` + us + ":" + rights + `"`
	if who == everybody || who == unknown {
		return command
	}
	return command + ` /remove:g "` + who + `"`
}

// MakeFolder makes a folder that is its owner's alone, with an access control list
// that takes nothing from the folder above, and what is missing above it. One that
// is there stays as it is.
func MakeFolder(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return err
	}
	// All rights, inherited by files and folders, for the account, SYSTEM and Administrators.
	descriptor, err := windows.SecurityDescriptorFromString("D:P(A;OICI;FA;;;" + user.User.Sid.String() + ")(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)")
	if err != nil {
		return err
	}
	path := dir
	if !strings.HasPrefix(path, `\\`) {
		path = `\\?\` + path // however long
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	attributes := &windows.SecurityAttributes{SecurityDescriptor: descriptor}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	err = windows.CreateDirectory(name, attributes)
	if errors.Is(err, fs.ErrExist) {
		info, look := os.Stat(dir)
		if look == nil && info.IsDir() {
			return nil
		}
	}
	if err != nil {
		return &fs.PathError{Op: "mkdir", Path: dir, Err: err}
	}
	return nil
}
