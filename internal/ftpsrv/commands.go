package ftpsrv

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// command is one row of the table. Exactly one of run and data is set.
type command struct {
	verb  string
	alias string // the X form of RFC 775
	// run answers at once. An empty reply without an error is given later.
	run func(ctx context.Context, c *conn, arg string) (ftpwire.Reply, error)
	// data prepares a transfer, whose context it gets; begin and end of it are not its business.
	data     func(ctx context.Context, c *conn, arg string) (dataJob, error)
	open     bool   // allowed before login
	urgent   bool   // served during a transfer
	last     bool   // nothing behind it is read
	keepFrom bool   // RNFR's argument outlives it
	needsArg bool   // 501 without an argument
	feat     string // line in FEAT, if any
	help     string // what follows the verb in HELP verb
}

// commandTable is read by dispatch, HELP and FEAT.
type commandTable struct {
	rows   []*command
	byVerb map[string]*command
}

// newCommandTable lists every verb, those of FEAT in the order of its lines. QUIT
// is last and not urgent: the reader stops at it and it is answered in its turn,
// after the transfer, as RFC 959 wants it.
func newCommandTable() commandTable {
	rows := []*command{
		{verb: "USER", run: cmdUSER, open: true, needsArg: true, help: "<sp> username - (user)"},
		{verb: "PASS", run: cmdPASS, open: true, help: "<sp> password - (password)"},
		{verb: "QUIT", run: cmdQUIT, open: true, last: true, help: "- (terminate service)"},
		{verb: "NOOP", run: cmdNOOP, open: true, help: "- (no operation)"},
		{verb: "SYST", run: cmdSYST, open: true, help: "- (get type of operating system)"},
		{verb: "FEAT", run: cmdFEAT, open: true, help: "- (list extended features)"},
		{verb: "HELP", run: cmdHELP, open: true, help: "[ <sp> command ] - (list commands or syntax of one)"},
		{verb: "OPTS", run: cmdOPTS, open: true, needsArg: true, feat: "UTF8", help: "<sp> command [ <sp> options ] - (set options)"},
		{verb: "PWD", alias: "XPWD", run: cmdPWD, help: "- (return current directory)"},
		{verb: "CWD", alias: "XCWD", run: cmdCWD, needsArg: true, help: "<sp> directory-name - (change current directory)"},
		{verb: "CDUP", alias: "XCUP", run: cmdCDUP, help: "- (change to parent directory)"},
		{verb: "TYPE", run: cmdTYPE, needsArg: true, help: "<sp> [ A | I | L 8 ] - (set transfer type)"},
		{verb: "MODE", run: cmdMODE, needsArg: true, help: "<sp> S - (set transfer mode)"},
		{verb: "STRU", run: cmdSTRU, needsArg: true, help: "<sp> F - (set file structure)"},
		{verb: "PASV", run: cmdPASV, help: "- (enter passive mode)"},
		{verb: "EPSV", run: cmdEPSV, help: "[ <sp> 1 | 2 | ALL ] - (enter extended passive mode)"},
		{verb: "PORT", run: cmdPORT, needsArg: true, help: "<sp> h1,h2,h3,h4,p1,p2 - (set data port)"},
		{verb: "EPRT", run: cmdEPRT, needsArg: true, help: "<sp> |protocol|address|port| - (set extended data port)"},
		{verb: "LIST", data: cmdLIST, help: "[ <sp> path-name ] - (list directory)"},
		{verb: "NLST", data: cmdNLST, help: "[ <sp> path-name ] - (list names)"},
		{verb: "RETR", data: cmdRETR, needsArg: true, help: "<sp> file-name - (retrieve file)"},
		{verb: "STOR", data: cmdSTOR, needsArg: true, help: "<sp> file-name - (store file)"},
		{verb: "APPE", data: cmdAPPE, needsArg: true, help: "<sp> file-name - (append to file)"},
		{verb: "SIZE", run: cmdSIZE, needsArg: true, feat: "SIZE", help: "<sp> file-name - (return size in octets)"},
		{verb: "MDTM", run: cmdMDTM, needsArg: true, feat: "MDTM", help: "<sp> file-name - (return time of last change)"},
		{verb: "REST", run: cmdREST, needsArg: true, feat: "REST STREAM", help: "<sp> offset - (restart transfer at offset)"},
		{verb: "DELE", run: cmdDELE, needsArg: true, help: "<sp> file-name - (delete file)"},
		{verb: "MKD", alias: "XMKD", run: cmdMKD, needsArg: true, help: "<sp> directory-name - (make directory)"},
		{verb: "RMD", alias: "XRMD", run: cmdRMD, needsArg: true, help: "<sp> directory-name - (remove directory)"},
		{verb: "RNFR", run: cmdRNFR, needsArg: true, help: "<sp> name - (rename from)"},
		{verb: "RNTO", run: cmdRNTO, needsArg: true, keepFrom: true, help: "<sp> name - (rename to)"},
		{verb: "ABOR", run: cmdABOR, urgent: true, help: "- (abort transfer)"},
	}
	t := commandTable{rows: rows, byVerb: make(map[string]*command)}
	for _, row := range rows {
		t.byVerb[row.verb] = row
		if row.alias != "" {
			t.byVerb[row.alias] = row
		}
	}
	return t
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
	return l.err == nil && known && row.urgent
}

// last reports whether a command is the last one that is read.
func (t commandTable) last(cmd ftpwire.Command) bool {
	row, _ := t.find(cmd.Verb)
	return row.last
}

// verbs returns all verbs and aliases in alphabetical order.
func (t commandTable) verbs() []string { return slices.Sorted(maps.Keys(t.byVerb)) }

// features returns FEAT's lines in order.
func (t commandTable) features() []string {
	var lines []string
	for _, row := range t.rows {
		if row.feat != "" {
			lines = append(lines, " "+row.feat)
		}
	}
	return lines
}

// syntax is HELP's line about one verb, in the letter case that the client used.
func (row *command) syntax(typed string) string {
	return "Syntax: " + strings.TrimSpace(typed+" "+row.help)
}
