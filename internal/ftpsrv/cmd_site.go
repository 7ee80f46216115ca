package ftpsrv

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// siteCommand is one command below SITE.
type siteCommand struct {
	name   string
	run    func(c *conn, arg string) (task, error)
	is     trait
	syntax string
}

func siteCommands() []siteCommand {
	return []siteCommand{
		{"DIRSTYLE", siteDIRSTYLE, noArg, "- (toggle directory format)"},
		{"HELP", siteHELP, beforeLogin, "[ <sp> command ] - (list commands or syntax of one)"},
		{"UTIME", siteUTIME, needsArg | writes | extension, "<sp> YYYYMMDDhhmm[ss] <sp> file-name - (set time of last change)"},
	}
}

// cmdSITE is what sites have of their own (RFC 959, 4.1.3). Nothing below it does
// what another verb does without that verb's checks.
func cmdSITE(c *conn, arg string) (task, error) {
	sub := ftpwire.ParseCommand(strings.TrimLeft(arg, " "))
	row, known := findSite(c, sub.Verb)
	switch {
	case !c.sess.loggedIn() && row.is&beforeLogin == 0:
		return nil, errNotLoggedIn
	case blank(arg), row.is&needsArg != 0 && blank(sub.Arg), row.is&noArg != 0 && !blank(sub.Arg):
		return nil, errParameters
	case !known:
		return nil, errNotForThat
	case !c.sess.may(row.is):
		return nil, errUnauthorized
	}
	return row.run(c, sub.Arg)
}

func findSite(c *conn, name string) (siteCommand, bool) {
	for _, row := range siteCommands() {
		if row.name == name && (row.is&extension == 0 || !c.srv.cfg.IIS) {
			return row, true
		}
	}
	return siteCommand{}, false
}

// siteDIRSTYLE turns to the other listing style. IIS 7 ends the text with a dot, IIS
// 6 did not, and clients compare.
func siteDIRSTYLE(c *conn, _ string) (task, error) {
	c.sess.turned = !c.sess.turned
	if style(c).Unix {
		return answered(ftpwire.NewReply(200, "MSDOS-like directory output is off.")), nil
	}
	return answered(ftpwire.NewReply(200, "MSDOS-like directory output is on.")), nil
}

func siteHELP(c *conn, arg string) (task, error) {
	if arg = strings.TrimSpace(arg); arg != "" {
		asked := ftpwire.ParseCommand(arg)
		row, known := findSite(c, asked.Verb)
		if !known {
			return nil, errArgument
		}
		return answered(ftpwire.NewReply(214, "Syntax: SITE "+asked.Typed+" "+row.syntax)), nil
	}
	text := []string{"The following SITE commands are recognized (* ==>'s unimplemented)."}
	for _, row := range siteCommands() {
		if _, offered := findSite(c, row.name); offered {
			text = append(text, "    "+row.name)
		}
	}
	return answered(ftpwire.NewReply(214, append(text, "HELP command successful.")...)), nil
}

// siteUTIME sets the time of a file as clients without MFMT do, in one of two forms:
// a time before the name, or behind it the times of last access, last change and
// creation, and the word UTC.
func siteUTIME(_ *conn, arg string) (task, error) {
	words := strings.Fields(arg)
	if n := len(words); n >= 5 && strings.EqualFold(words[n-1], "UTC") {
		if when, err := parseTime(words[n-3]); err == nil {
			file := arg
			for _, word := range []string{words[n-1], words[n-2], words[n-3], words[n-4]} {
				file = strings.TrimRight(strings.TrimSuffix(strings.TrimRight(file, " "), word), " ")
			}
			return touch(when, file), nil
		}
	}
	stamp, file, _ := strings.Cut(strings.TrimLeft(arg, " "), " ")
	if len(stamp) == len("200601021504") {
		stamp += "00"
	}
	when, err := parseTime(stamp)
	return touch(when, file), err
}
