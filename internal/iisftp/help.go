package iisftp

import "strings"

const target = `[/s Computer [/u [Domain\]User /p Password]]`

// usages are the documented forms, with what each operation does.
func usages() []struct {
	operation     Operation
	form, meaning string
} {
	return []struct {
		operation     Operation
		form, meaning string
	}{
		{GetADProp, "/GetADProp UserID " + target, "show msIIS-FTPRoot and msIIS-FTPDir of a user"},
		{SetADProp, "/SetADProp UserID {msIIS-FTPDir | msIIS-FTPRoot} PropertyValue\n    " + target, "set one of the two"},
		{Create, "/create Path SiteName [/b Port] [/i IPAddress] [/dontstart]\n" +
			`    [/isolation {Local | AD} [/domain DomainName /Admin [Domain\]User /AdminPwd Password]]` + "\n    " + target, "create a site"},
		{Delete, "/delete SiteName… " + target, "delete sites"},
		{Start, "/start SiteName… " + target, "start sites, paused ones too"},
		{Stop, "/stop SiteName… " + target, "stop sites"},
		{Pause, "/pause SiteName… " + target, "pause sites"},
		{Query, "/query [SiteName…] " + target, "list sites"},
	}
}

const sitesLater = `The operations on sites are read and checked, but not carried out yet: they end
with exit code 1. Sites are described in the configuration file of the service.
`

const details = `
  UserID        a sAMAccountName, DOMAIN\user, UPN, DN, SID or objectGUID
  PropertyName  msIIS-FTPRoot or msIIS-FTPDir, FTPRoot or FTPDir for short
  /s Computer   the domain controller to ask, by name or ldaps:// URL; without it
                the configuration says which. In the script it was the web server
  /u /p         as whom; without them the configuration says. A password on the
                command line can be read by every user of the machine

Operations and switches may be written in any letter case. Results and errors go
to standard output, warnings and advice to standard error. Exit codes are 0 for
success and 1 for everything else.
`

// Help returns what /? prints: about one operation, or about all of them for "".
func Help(of Operation) string {
	var text strings.Builder
	for _, u := range usages() {
		switch of {
		case "":
			text.WriteString("iisftp " + u.form + "\n    " + u.meaning + "\n")
		case u.operation:
			text.WriteString("iisftp " + u.form + "\n\n" + strings.ToUpper(u.meaning[:1]) + u.meaning[1:] + ".\n")
		}
	}
	if of != GetADProp && of != SetADProp {
		text.WriteString("\n" + sitesLater)
	}
	text.WriteString(details)
	return text.String()
}
