package shares

import "golang.org/x/sys/windows"

func privileged() bool {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		// Who we are cannot be told, so assume the account that needs the warning.
		return true
	}
	return user.User.Sid.IsWellKnown(windows.WinLocalSystemSid)
}
