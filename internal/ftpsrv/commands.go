package ftpsrv

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// command is one row of the table. Exactly one of run, task and data is set; with run,
// task is for the form with an argument.
type command struct {
	verb  string
	alias string // the X form of RFC 775
	// run answers at once, of what the session knows; it does not ask the storage. An
	// empty reply without an error is given later.
	run func(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error)
	// task looks at the session and returns what may take long.
	task func(c *conn, arg string) (task, error)
	// data looks at the session and returns what opens a transfer; begin and end of it
	// are not its business.
	data func(c *conn, arg string) (opener, error)
	is   trait
	// opts is OPTS of this verb (RFC 2389, 4), whose argument it gets.
	opts func(c *conn, arg string) (ftpwire.Reply, error)
	feat string // line in FEAT, if any
	// chosen is what stands behind feat and depends on the session.
	chosen func(s *session) string
	more   string // line in FEAT that compatibility iis leaves out
	help   string // what follows the verb in HELP verb
}

// trait is what the loop has to know of a verb.
type trait uint32

const (
	beforeLogin trait = 1 << iota // allowed before login
	credentials                   // names the client or proves it: TLS may be demanded for it
	needsArg                      // 501 without an argument
	urgent                        // served during a transfer
	pauses                        // changes the stream: nothing behind it is read before that is done
	withTLS                       // of no use without a certificate
	last                          // nothing behind it is read
	keepsFrom                     // RNFR's argument outlives it
	noArg                         // 501 with an argument
	asks                          // urgent without an argument
	starred                       // unimplemented, says HELP
	speaksUTF8                    // FEAT does not name it with NoUTF8
	iisOnly                       // offered with compatibility iis only
	extension                     // not offered with compatibility iis
	reads                         // wants the right to read (authorization rules)
	writes                        // wants the right to write
)

func (row *command) has(t trait) bool { return row.is&t != 0 }

// commandTable is read by dispatch, HELP and FEAT.
type commandTable struct {
	rows   []*command
	byVerb map[string]*command
	cfg    Config
}

// newCommandTable makes the table of what cfg offers. The order of the rows is that
// of FEAT's lines. QUIT is last and not urgent: the reader stops at it and it is
// answered in its turn, after the transfer, as RFC 959 wants it.
func newCommandTable(cfg Config) commandTable {
	rows := slices.Concat(sessionRows(), dataRows(cfg), fileRows(), extensionRows())
	rows = slices.DeleteFunc(rows, func(row *command) bool {
		return row.has(iisOnly) && !cfg.IIS || row.has(extension) && cfg.IIS
	})
	t := commandTable{rows: rows, byVerb: make(map[string]*command), cfg: cfg}
	for _, row := range rows {
		t.byVerb[row.verb] = row
		if row.alias != "" {
			t.byVerb[row.alias] = row
		}
	}
	return t
}

// sessionRows are about the control connection and who is at its other end.
func sessionRows() []*command {
	return []*command{
		{verb: "USER", run: cmdUSER, is: beforeLogin | credentials | needsArg, help: "<sp> username - (user)"},
		{verb: "PASS", run: cmdPASS, is: beforeLogin | credentials, help: "<sp> password - (password)"},
		{verb: "ACCT", run: cmdACCT, is: beforeLogin | credentials | needsArg, help: "<sp> account - (account; not needed)"},
		{verb: "REIN", run: cmdREIN, is: noArg, help: "- (log out, start anew)"},
		{verb: "QUIT", run: cmdQUIT, is: beforeLogin | noArg | last, help: "- (terminate service)"},
		{verb: "NOOP", run: cmdNOOP, is: beforeLogin | noArg, help: "- (no operation)"},
		{verb: "SYST", run: cmdSYST, is: beforeLogin | noArg, help: "- (get type of operating system)"},
		{verb: "FEAT", run: cmdFEAT, is: beforeLogin | noArg, help: "- (list extended features)"},
		{verb: "HELP", run: cmdHELP, is: beforeLogin, help: "[ <sp> command ] - (list commands or syntax of one)"},
		{verb: "STAT", run: cmdSTAT, task: reportSTAT, is: beforeLogin | asks, help: "[ <sp> path-name ] - (status of the session, or list over the control connection)"},
		{verb: "LANG", run: cmdLANG, is: beforeLogin | speaksUTF8, feat: "LANG EN*", help: "[ <sp> language-tag ] - (set language of replies)"},
		{verb: "OPTS", run: cmdOPTS, is: beforeLogin | needsArg | speaksUTF8, feat: "UTF8", help: "<sp> command [ <sp> options ] - (set options)"},
		{verb: "AUTH", run: cmdAUTH, is: beforeLogin | needsArg | pauses | withTLS, feat: "AUTH TLS;TLS-C;SSL;TLS-P;",
			help: "<sp> [ TLS | TLS-C | SSL | TLS-P ] - (begin TLS)"},
		{verb: "PBSZ", run: cmdPBSZ, is: beforeLogin | needsArg | withTLS, feat: "PBSZ", help: "<sp> 0 - (set protection buffer size)"},
		{verb: "PROT", run: cmdPROT, is: beforeLogin | needsArg | withTLS, feat: "PROT C;P;", help: "<sp> [ C | P ] - (set data protection level)"},
		{verb: "CCC", run: cmdCCC, is: noArg | pauses | withTLS | iisOnly, feat: "CCC", help: "- (end TLS on the control connection)"},
		{verb: "ADAT", run: cmdADAT, is: beforeLogin | starred, help: "<sp> data - (authentication data)"},
		{verb: "ENC", run: cmdENC, is: beforeLogin | starred, help: "<sp> command - (private command)"},
		{verb: "MIC", run: cmdMIC, is: beforeLogin | starred, help: "<sp> command - (command with integrity check)"},
		{verb: "HOST", run: cmdHOST, is: beforeLogin | needsArg, feat: "HOST", help: "<sp> hostname - (name the host before the login)"},
	}
}

// dataRows are about data connections and what goes over them.
func dataRows(cfg Config) []*command {
	modes, feature := "S", ""
	if deflates(cfg) {
		modes, feature = "[ S | Z ]", "MODE Z"
	}
	return []*command{
		{verb: "TYPE", run: cmdTYPE, is: needsArg, help: "<sp> [ A | I | L 8 ] - (set transfer type)"},
		{verb: "MODE", run: cmdMODE, is: needsArg, feat: feature, opts: optsMODE, help: "<sp> " + modes + " - (set transfer mode)"},
		{verb: "STRU", run: cmdSTRU, is: needsArg, help: "<sp> [ F | R ] - (set file structure)"},
		{verb: "PASV", task: cmdPASV, is: noArg, help: "- (enter passive mode)"},
		{verb: "EPSV", task: cmdEPSV, more: "EPSV", help: "[ <sp> 1 | 2 | ALL ] - (enter extended passive mode)"},
		{verb: "PORT", task: cmdPORT, is: needsArg, help: "<sp> h1,h2,h3,h4,p1,p2 - (set data port)"},
		{verb: "EPRT", task: cmdEPRT, is: needsArg, more: "EPRT", help: "<sp> |protocol|address|port| - (set extended data port)"},
		{verb: "LIST", data: cmdLIST, is: reads, help: "[ <sp> path-name ] - (list directory)"},
		{verb: "NLST", data: cmdNLST, is: reads, help: "[ <sp> path-name ] - (list names)"},
		{verb: "RETR", data: cmdRETR, is: needsArg | reads, help: "<sp> file-name - (retrieve file)"},
		{verb: "STOR", data: cmdSTOR, is: needsArg | writes, help: "<sp> file-name - (store file)"},
		{verb: "APPE", data: cmdAPPE, is: needsArg | writes, help: "<sp> file-name - (append to file)"},
		{verb: "STOU", data: cmdSTOU, is: writes, help: "[ <sp> file-name ] - (store file under a name of its own)"},
		{verb: "ALLO", task: cmdALLO, is: needsArg | writes, help: "<sp> size [ <sp> R <sp> size ] - (announce size of file)"},
		{verb: "ABOR", run: cmdABOR, is: noArg | urgent, help: "- (abort transfer)"},
	}
}

// fileRows are about files and directories.
func fileRows() []*command {
	return []*command{
		{verb: "PWD", alias: "XPWD", run: cmdPWD, is: noArg, help: "- (return current directory)"},
		{verb: "CWD", alias: "XCWD", task: cmdCWD, more: "TVFS", help: "[ <sp> directory-name ] - (change current directory)"},
		{verb: "CDUP", alias: "XCUP", task: cmdCDUP, is: noArg, help: "- (change to parent directory)"},
		{verb: "SMNT", run: cmdSMNT, is: needsArg, help: "<sp> path-name - (mount; not needed)"},
		{verb: "SITE", task: cmdSITE, is: beforeLogin, more: "SITE UTIME", help: "<sp> command - (commands of this site; see SITE HELP)"},
		{verb: "SIZE", task: cmdSIZE, is: needsArg | reads, feat: "SIZE", help: "<sp> file-name - (return size in octets)"},
		{verb: "MDTM", task: cmdMDTM, is: needsArg | reads, feat: "MDTM", help: "<sp> file-name - (return time of last change)"},
		{verb: "REST", run: cmdREST, is: needsArg, feat: "REST STREAM", help: "<sp> offset - (restart transfer at offset)"},
		{verb: "DELE", task: cmdDELE, is: needsArg | writes, help: "<sp> file-name - (delete file)"},
		{verb: "MKD", alias: "XMKD", task: cmdMKD, is: needsArg | writes, help: "<sp> directory-name - (make directory)"},
		{verb: "RMD", alias: "XRMD", task: cmdRMD, is: needsArg | writes, help: "<sp> directory-name - (remove directory)"},
		{verb: "RNFR", task: cmdRNFR, is: needsArg | writes, help: "<sp> name - (rename from)"},
		{verb: "RNTO", task: cmdRNTO, is: needsArg | keepsFrom | writes, help: "<sp> name - (rename to)"},
	}
}

const xsumHelp = "<sp> file-name [ <sp> start [ <sp> end ] ] - (return "

// extensionRows are what clients like and IIS lacks.
func extensionRows() []*command {
	return []*command{
		{verb: "RANG", run: cmdRANG, is: needsArg | reads | extension, feat: "RANG STREAM", help: "<sp> first <sp> last - (choose octets for RETR and HASH)"},
		{verb: "HASH", task: cmdHASH, is: needsArg | reads | extension, feat: "HASH", chosen: hashes, opts: optsHASH, help: "<sp> file-name - (return checksum)"},
		{verb: "MD5", task: cmdMD5, is: needsArg | reads | extension, feat: "MD5", help: "<sp> file-name - (return MD5)"},
		{verb: "XCRC", task: cmdXCRC, is: needsArg | reads | extension, feat: "XCRC", help: xsumHelp + "CRC-32)"},
		{verb: "XMD5", task: cmdXMD5, is: needsArg | reads | extension, feat: "XMD5", help: xsumHelp + "MD5)"},
		{verb: "XSHA1", alias: "XSHA", task: cmdXSHA1, is: needsArg | reads | extension, feat: "XSHA1", help: xsumHelp + "SHA-1)"},
		{verb: "XSHA256", task: cmdXSHA256, is: needsArg | reads | extension, feat: "XSHA256", help: xsumHelp + "SHA-256)"},
		{verb: "XSHA512", task: cmdXSHA512, is: needsArg | reads | extension, feat: "XSHA512", help: xsumHelp + "SHA-512)"},
		{verb: "MLST", task: cmdMLST, is: reads | extension, feat: "MLST", chosen: (*session).features, opts: optsMLST,
			help: "[ <sp> path-name ] - (facts about a file or directory)"},
		{verb: "MLSD", data: cmdMLSD, is: reads | extension, help: "[ <sp> path-name ] - (facts about the entries of a directory)"},
		{verb: "MFMT", task: cmdMFMT, is: needsArg | writes | extension, feat: "MFMT", help: "<sp> YYYYMMDDhhmmss <sp> file-name - (set time of last change)"},
		{verb: "AVBL", task: cmdAVBL, is: reads | extension, feat: "AVBL", help: "[ <sp> directory-name ] - (return free space in octets)"},
		{verb: "CLNT", run: cmdCLNT, is: beforeLogin | needsArg | extension, feat: "CLNT", help: "<sp> client - (name the client)"},
		{verb: "CSID", run: cmdCSID, is: beforeLogin | needsArg | extension, feat: "CSID", help: "<sp> name=value; ... - (name the client)"},
	}
}

// find returns the row of a verb or alias; without one, an empty row.
func (t commandTable) find(verb string) (*command, bool) {
	if row, found := t.byVerb[verb]; found {
		return row, true
	}
	return &command{}, false
}

// urgent reports whether a line is served although a transfer runs.
func (t commandTable) urgent(l line) bool {
	row, known := t.find(l.cmd.Verb)
	return l.err == nil && known && (row.has(urgent) || row.has(asks) && blank(l.cmd.Arg))
}

// last reports whether a command is the last one that is read.
func (t commandTable) last(cmd ftpwire.Command) bool {
	row, _ := t.find(cmd.Verb)
	return row.has(last) && blank(cmd.Arg)
}

// verbs returns all verbs and aliases in alphabetical order, as HELP lists them.
func (t commandTable) verbs() []string {
	verbs := slices.Sorted(maps.Keys(t.byVerb))
	for i, verb := range verbs {
		if t.byVerb[verb].has(starred) {
			verbs[i] += " *"
		}
	}
	return verbs
}

// features returns FEAT's lines in order, as they are for a session.
func (t commandTable) features(s *session) []string {
	var lines []string
	for _, row := range t.rows {
		switch {
		case row.has(withTLS) && t.cfg.TLS == nil && !t.cfg.IIS:
		case row.has(speaksUTF8) && t.cfg.NoUTF8:
		case row.chosen != nil:
			lines = append(lines, " "+row.feat+" "+row.chosen(s))
		case row.feat != "":
			lines = append(lines, " "+row.feat)
		}
		if row.more != "" && !t.cfg.IIS {
			lines = append(lines, " "+row.more)
		}
	}
	return lines
}

// syntax is HELP's line about one verb, in the letter case that the client used.
func (row *command) syntax(typed string) string {
	return "Syntax: " + strings.TrimSpace(typed+" "+row.help)
}
