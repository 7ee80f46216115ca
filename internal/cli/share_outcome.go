package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// checkOutcome is the exit code of a walk to a home, with the next step to take.
func checkOutcome(user ldapattr.User, report shares.Report) error {
	failed := report.Failed()
	if failed == nil {
		return nil
	}
	ended := fmt.Errorf("the way to the home of %s, %s, ends at the step %q: %w", user.DownLevelName(), report.Location, failed.Name, failed.Err)
	code, advice := stepOutcome(failed)
	return &exitError{code, ended, advice}
}

// signingAdvice tells what would make transfers with the share faster: of the two
// ways to keep others from changing them, the client's signing is the slow one.
func signingAdvice(report shares.Report) string {
	if report.Protection != shares.Signed {
		return ""
	}
	return "what goes to " + report.Location.Base().String() + " and back is signed and not encrypted, which takes this client three to four times as long as encryption; " +
		"let the share encrypt (Windows: Set-SmbShare -EncryptData $true, Samba: smb encrypt = required)"
}

// stepOutcome looks at the cause first: a server that goes away is out of reach
// at whichever step it does so, and nobody's password is wrong then.
func stepOutcome(failed *shares.Step) (code int, advice string) {
	var refused *shares.NotAllowedError
	cause := winerr.Of(failed.Err)
	switch {
	case errors.As(failed.Err, &refused):
		return exitUsage, listAdvice(refused)
	case errors.Is(failed.Err, smbfs.ErrDFS):
		return exitNotFound, "name the server and the share behind the namespace: for every home in it under dfs: of the configuration in use, " +
			"or in msIIS-FTPRoot with ftpisoctl set"
	case ticketAdvice(cause) != "":
		return exitUnreachable, ticketAdvice(cause)
	case unreachable(cause) || failed.Name == "name" || failed.Name == "connect":
		return exitUnreachable, "is the server's name right, is it running, does a firewall close port 445?"
	case failed.Name == "negotiate":
		return exitUnreachable, "let the server speak SMB 2 or later; SMB 1 is not safe, and not spoken here"
	case failed.Name == "rights":
		return exitRights, "give the user rights on the directory; its owner or an administrator of the file server can"
	case failed.Name == "session" && cause != winerr.GenFailure:
		return exitRights, "the share is entered as --bind-user with its password; without Kerberos the server needs ntlm: true"
	case cause == winerr.AccessDenied:
		return exitRights, "the account may not enter: check the share's permissions and the directory's ACL"
	case failed.Name == "share":
		return exitNotFound, "create the share, or correct msIIS-FTPRoot with ftpisoctl set"
	case failed.Name == "directory":
		return exitNotFound, directoryAdvice(cause)
	}
	return exitFailed, "look at the file server's own log"
}

// listAdvice says where a place is admitted: for folders there is no flag.
func listAdvice(refused *shares.NotAllowedError) string {
	advice := "list it in " + refused.List + " of the configuration in use"
	if refused.Location.Local() {
		return advice
	}
	return advice + ", or name it with --file-server"
}

// ticketAdvice is what to do where Kerberos did not get to the server, "" elsewhere.
func ticketAdvice(cause winerr.Code) string {
	switch cause {
	case winerr.NoLogonServers, winerr.NoSuchDomain:
		return "is a domain controller to be reached on port 88?"
	case winerr.WrongTargetName:
		return "the domain does not know the file server by this name; name it in msIIS-FTPRoot as it is called in the domain, with ftpisoctl set"
	case winerr.TimeSkew:
		return "the clocks differ: set this machine's, and the domain controllers'"
	}
	return ""
}

// unreachable tells time-outs, lost connections and a server without room for one
// more from answers.
func unreachable(cause winerr.Code) bool {
	const requestNotAccepted winerr.Code = 71
	return slices.Contains([]winerr.Code{
		winerr.SemTimeout, winerr.NetNameDeleted, winerr.BadNetPath, winerr.ConnectionAborted, requestNotAccepted,
	}, cause)
}

// directoryAdvice says what stands in the place of the home.
func directoryAdvice(cause winerr.Code) string {
	switch cause {
	case winerr.CantAccessFile:
		return "a link, another reparse point or a mount is in the way, and homes are not reached through one; " +
			"put a real folder there, or correct msIIS-FTPDir with ftpisoctl set"
	case winerr.Directory:
		return "a file is in the way; move it and create a folder of that name, or correct msIIS-FTPDir with ftpisoctl set"
	case winerr.PathNotFound:
		return "a folder above it is missing, or is a file; create it, or correct msIIS-FTPDir with ftpisoctl set"
	}
	return "create the directory, or correct msIIS-FTPDir with ftpisoctl set"
}
