package cli

import (
	"errors"
	"strconv"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/explain"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// explanationList is what an explanation prints.
func explanationList() recordList {
	return recordList{name: "steps", columns: []output.Column{
		{Title: "step"}, {Title: "result", Alarm: func(cell string) bool { return cell == string(explain.Failed) }}, {Title: "evidence"}, {Title: "took"},
		{Title: "as", Detail: true}, {Title: "win32", Detail: true}, {Title: "substatus", Detail: true}, {Title: "next", Detail: true},
		{Title: "login", Detail: true}, {Title: "account", Detail: true},
	}}
}

// explainRecord is one step in JSON.
type explainRecord struct {
	Step      string      `json:"step"`
	Result    string      `json:"result"`
	Evidence  string      `json:"evidence"`
	As        string      `json:"as"`
	Took      string      `json:"took"`
	Win32     winerr.Code `json:"win32"`
	SubStatus int         `json:"substatus"`
	Next      string      `json:"next"`
	Login     string      `json:"login"`
	Account   string      `json:"account"`
}

func printExplanation(a *app, o *explainOptions, report explain.Report) error {
	printer := a.printer(&o.form)
	for _, step := range report.Steps {
		r := explainRecord{
			Step: step.Name, Result: string(step.Result), Evidence: step.Evidence, As: step.As, Login: report.Login, Account: report.Account,
			Took: step.Took.Round(100 * time.Microsecond).String(),
		}
		switch step.Result {
		case explain.Failed:
			_, r.Next = causeOf(report, step)
			if report.Refusal != nil {
				r.Win32, r.SubStatus = report.Refusal.Win32, report.Refusal.SubStatus
			}
		case explain.Unknown:
			r.Next = unknownAdvice(report, step)
		}
		err := printer.Row(r, r.Step, r.Result, r.Evidence, r.Took, r.As, strconv.FormatUint(uint64(r.Win32), 10), strconv.Itoa(r.SubStatus), r.Next, r.Login, r.Account)
		if err != nil {
			return err
		}
	}
	return printer.Close(true)
}

// unknownAdvice is how to learn what is not known.
func unknownAdvice(report explain.Report, step explain.Step) string {
	switch step.Name {
	case "owner", "rights":
		if report.Proven { // the login has opened the home
			return ""
		}
		return "try the password of the login, with --password-file or --prompt"
	case "password", "session", "share", "directory", "home":
		return "try the password of the login, with --password-file or --prompt"
	case "policy", "authorization", "reply":
		return "name the configuration of the server with --config"
	case "account":
		return "let the account that asks read userAccountControl"
	}
	return ""
}

// causeOf is the exit code of a step that ends a login, with the next step to take.
func causeOf(report explain.Report, step explain.Step) (code int, next string) {
	win32 := winerr.Success
	if report.Refusal != nil {
		win32 = report.Refusal.Win32
	}
	code = exitRights
	if win32 == winerr.NoLogonServers {
		code = exitUnreachable
	}
	switch step.Name {
	case "command":
		return code, "see hostNames and security.commandFiltering of the site"
	case "name":
		if win32 == winerr.AccessDenied {
			return code, "log in as a user of the domain; as in IIS, isolation by Active Directory has no anonymous users"
		}
		return exitNotFound, `the client must send user, DOMAIN\user or user@suffix`
	case "user":
		return lookupCause(step.Err)
	case "account", "password":
		return code, accountAdvice(step.Err)
	case "attributes":
		return exitNotFound, "give the user a home with ftpisoctl set"
	case "path":
		return exitNotFound, "no login can use this value; correct it with ftpisoctl set"
	case "policy":
		return policyCause(step.Err)
	case "authorization":
		return code, "allow the user, or a group of the user, Read or Write in security.authorization of the site"
	case "dns":
		step.Name = "name"
	}
	code, next = stepOutcome(&shares.Step{Name: step.Name, Err: step.Err})
	if code == exitFailed || code == exitUsage {
		code = exitUnreachable
	}
	return code, next
}

func lookupCause(err error) (code int, next string) {
	switch {
	case errors.Is(err, ldapattr.ErrNotFound):
		return exitNotFound, "correct the name that the client sends, or defaultLogonDomain of the site; users outside the domain, or the base DN, are not found"
	case errors.Is(err, ldapattr.ErrAmbiguous):
		return exitNotFound, `let the client send DOMAIN\user, or take the name from all but one of them`
	}
	return exitUnreachable, advice(err)
}

func policyCause(err error) (code int, next string) {
	var refused *shares.NotAllowedError
	switch {
	case errors.As(err, &refused):
		return exitRights, "list the place in " + refused.List + " of the server's configuration, or correct the attributes with ftpisoctl set"
	case errors.Is(err, smbfs.ErrDFS):
		return stepOutcome(&shares.Step{Name: "directory", Err: err})
	}
	return exitNotFound, "correct the attributes with ftpisoctl set"
}

// accountAdvice is what helps against a refused bind.
func accountAdvice(err error) string {
	var directory *ldapattr.Error
	if !errors.As(err, &directory) {
		return "try the password elsewhere"
	}
	switch directory.SubCode {
	case "775":
		return "unlock the account, and find out who guesses: a program with an old password, often"
	case "533":
		return "enable the account"
	case "701":
		return "move the day when the account expires"
	case "530", "531":
		return "widen the logon hours or the workstations of the account"
	case "532", "773":
		return "the user changes the password on a computer of the domain; FTP cannot"
	case "52e", "525":
		return "the password is wrong; each further try counts towards a lock-out"
	}
	return advice(err)
}
