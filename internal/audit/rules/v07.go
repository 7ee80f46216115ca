package rules

import (
	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// firstMapped is the first letter that hardly ever is a disk of a server.
const firstMapped = 'n'

// v07 finds homes that are another place on every FTP server.
func v07() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V07", Title: "root is a local folder", Severity: audit.Medium,
		Explanation: "msIIS-FTPRoot is a folder of whichever machine serves FTP, such as D:\\ftp. With several FTP servers each user has several homes, with different content; then the finding is high. A local folder is also read with the rights of the service, not of the user.",
		Remedy:      `Share the folder and write \\server\share, in all accounts at once with ftpisoctl rename-root; or leave it, if one server is all there will ever be.`,
	}, Account: readable(func(a *audit.Account, s *audit.Settings) audit.Answer {
		drive := hasDrive(a.Root) && len(a.Root) > 2 && separator(rune(a.Root[2])) && a.Root[0]|0x20 < firstMapped
		if !drive && !isPOSIX(a.Root) {
			return audit.Answer{}
		}
		answer := found(a, homedir.AttrRoot, "the home is on a disk of the FTP server")
		if s.Servers > 1 {
			answer.Severity = audit.High
		}
		return answer
	})}
}
