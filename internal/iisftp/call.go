package iisftp

import "github.com/ftpisoctl/ftpisoctl/internal/secret"

// Operation is what a call is for. Its text is the switch without the slash, in
// the letter case of the documentation.
type Operation string

// The operations of the script.
const (
	GetADProp Operation = "GetADProp"
	SetADProp Operation = "SetADProp"
	Create    Operation = "create"
	Delete    Operation = "delete"
	Start     Operation = "start"
	Stop      Operation = "stop"
	Pause     Operation = "pause"
	Query     Operation = "query"
)

// Call is one command line of the script.
type Call struct {
	Operation Operation // "" only where Help is asked for in general
	Help      bool      // /?: nothing else counts
	User      string    // GetADProp, SetADProp: the UserID as typed
	Property  string    // SetADProp: homedir.AttrRoot or homedir.AttrDir
	Value     string    // SetADProp: as typed
	Sites     []string  // Delete, Start, Stop, Pause: one or more; Query: any number
	Site      Site      // Create
	Target    Target
	// Exposed are the switches that put a password on the command line, where every
	// user of the machine can read it.
	Exposed []string
}

// Target says where an operation happens, and as whom.
type Target struct {
	Server   string // /s; "": what the configuration says
	User     string // /u; "": who the configuration says
	Password secret.Text
}

// Isolation is how a new site keeps its users apart.
type Isolation string

// The modes of isolation.
const (
	NoIsolation              Isolation = "None"
	LocalIsolation           Isolation = "Local"
	ActiveDirectoryIsolation Isolation = "ActiveDirectory"
)

// Site is a site to create.
type Site struct {
	Path, Name string
	Port       int    // 21 unless /b says otherwise
	Address    string // ""; all unassigned
	DontStart  bool
	Isolation  Isolation
	// Domain, Admin and AdminPassword say how ActiveDirectoryIsolation reads the
	// directory; all three or none are given.
	Domain, Admin string
	AdminPassword secret.Text
}

// SyntaxError says what is wrong with a command line. Its text repeats no value,
// since one that slipped may be a password.
type SyntaxError struct {
	Operation Operation // "" where none was understood
	reason    string
}

// Error returns one line.
func (e *SyntaxError) Error() string { return e.reason }
