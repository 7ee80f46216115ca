package private

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// What of an access mask lets somebody read, and what lets him write, also by
// giving himself the right.
const (
	reading = secdesc.ListFolder | secdesc.GenericRead
	writing = secdesc.AddFile | secdesc.AddFolder | secdesc.DeleteChild | secdesc.Delete | secdesc.WriteDACL | secdesc.WriteOwner |
		secdesc.GenericWrite | secdesc.GenericAll
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

func others(f *os.File, rights secdesc.Rights) (who string, err error) {
	user, err := account()
	if err != nil {
		return "", err
	}
	conn, err := f.SyscallConn()
	if err != nil {
		return "", err
	}
	var found *windows.SECURITY_DESCRIPTOR
	closed := conn.Control(func(handle uintptr) {
		found, err = windows.GetSecurityInfo(windows.Handle(handle), windows.SE_FILE_OBJECT,
			windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	})
	if err = errors.Join(closed, err); err != nil {
		return "", err
	}
	descriptor, err := secdesc.ParseSDDL(found.String(), "")
	if err != nil {
		return "", err
	}
	return stranger(descriptor, user, rights), nil
}

// account is that of this process.
func account() (secdesc.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return "", err
	}
	return secdesc.ParseSID(user.User.Sid.String())
}

// stranger is somebody else than the user whom the descriptor gives some of the
// rights. Creator owner and owner rights stand for the owner.
func stranger(d secdesc.Descriptor, user secdesc.SID, rights secdesc.Rights) (who string) {
	ours := []secdesc.SID{user, secdesc.System, secdesc.Administrators, secdesc.CreatorOwner, secdesc.OwnerRights}
	if d.Owner != "" && !slices.Contains(ours, d.Owner) {
		return nameOf(d.Owner) + theOwner
	}
	if d.DACL == nil {
		return everybody
	}
	for _, entry := range d.DACL.Entries {
		switch entry.Type {
		case secdesc.Denied, secdesc.DeniedCallback, secdesc.DeniedObject, secdesc.DeniedCallbackObject, secdesc.Audit:
		case secdesc.Allowed, secdesc.AllowedCallback:
			if entry.Mask&rights != 0 && !slices.Contains(ours, entry.SID) {
				return nameOf(entry.SID)
			}
		default:
			return unknown
		}
	}
	return ""
}

// nameOf is the name of an account, or its SID where nobody knows it.
func nameOf(sid secdesc.SID) string {
	account, domain := "", ""
	known, err := windows.StringToSid(sid.String())
	if err == nil {
		account, domain, _, err = known.LookupAccount("")
	}
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
	if user, err := account(); err == nil {
		us = nameOf(user)
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
	user, err := account()
	if err != nil {
		return err
	}
	// All rights, inherited by files and folders, for the account, SYSTEM and Administrators.
	descriptor, err := windows.SecurityDescriptorFromString("D:P(A;OICI;FA;;;" + user.String() + ")(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)")
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
