package audit

import "time"

// Schema is the version of Report as JSON. Keys never change their meaning.
const Schema = 1

// Report is the outcome of an audit. Every form of output is made from it alone.
type Report struct {
	Schema      int           `json:"schema,omitempty"`
	Tool        string        `json:"tool"`    // program and version
	Started     time.Time     `json:"started"` // UTC
	Took        float64       `json:"took"`    // seconds
	Domain      string        `json:"domain"`  // DNS name
	Server      string        `json:"server"`  // domain controller that answered
	Scope       Scope         `json:"scope"`
	Level       int           `json:"level"` // 0 directory, 1 names and ports, 2 shares and homes, 3 descriptors and content
	Cost        string        `json:"cost"`  // what was asked of whom, announced beforehand
	Accounts    int           `json:"accounts"`
	Homes       int           `json:"homes"`              // accounts with a valid home
	Redacted    bool          `json:"redacted,omitempty"` // names are tokens, of this report alone
	Rules       []Rule        `json:"rules"`              // all that were asked for, whether or not they ran
	Results     []Result      `json:"results"`
	Findings    []Finding     `json:"findings"`
	Known       int           `json:"known,omitempty"` // findings that Scope.Since has left out
	Unreachable []Unreachable `json:"unreachable,omitempty"`
	Servers     []Server      `json:"servers,omitempty"`
}

// Scope is what the audit was limited to; empty is everything.
type Scope struct {
	OU       string   `json:"ou,omitempty"`
	Group    string   `json:"group,omitempty"`
	Filter   string   `json:"filter,omitempty"`
	Rules    []string `json:"rules,omitempty"`
	Skip     []string `json:"skip,omitempty"`
	Severity Severity `json:"severity,omitempty"` // rules below it were left out
	Since    string   `json:"since,omitempty"`    // findings of an earlier report, of this time or "never", are not listed
}

// Result counts what one rule said of the objects that it was asked about.
type Result struct {
	Rule       string   `json:"rule"`
	Found      int      `json:"found"`
	Passed     int      `json:"passed"`
	NotChecked int      `json:"notChecked"`
	Suppressed int      `json:"suppressed"`
	Reasons    []Reason `json:"reasons,omitempty"` // why objects were not checked, most frequent first
}

// Reason is why objects were not checked, and how many.
type Reason struct {
	Text    string   `json:"text"`
	Count   int      `json:"count"`
	Objects []string `json:"objects,omitempty"` // objectGUID of each, or its name; fewer than Count if there are more than 1,000, or nobody knows which
}

// Unreachable is a server or share that could not be asked, told once.
type Unreachable struct {
	Name   string `json:"name"`
	Detail string `json:"detail"`
	Users  int    `json:"users"` // whose homes were not checked for that
}

// Server is a file server that homes point to, or "local" for drives and folders
// of the machine that serves.
type Server struct {
	Name   string  `json:"name"`            // as most homes write it
	State  string  `json:"state,omitempty"` // "" not looked at, "ok", "unreachable"
	Detail string  `json:"detail,omitempty"`
	Shares []Share `json:"shares"`
}

// Share is a share or a drive with homes on it.
type Share struct {
	Name   string `json:"name"`
	State  string `json:"state,omitempty"` // as Server.State, or "missing"
	Detail string `json:"detail,omitempty"`
	Total  uint64 `json:"total,omitempty"` // bytes; 0 not known
	Free   uint64 `json:"free,omitempty"`
	Homes  []Home `json:"homes"`
}

// Home is a directory with those whom it belongs to.
type Home struct {
	Path   string   `json:"path"` // below the share; "" is the share itself
	Logins []string `json:"logins"`
	State  string   `json:"state,omitempty"` // "" not looked at, "ok", "missing", "problem"
	Size   int64    `json:"size,omitempty"`  // bytes; 0 not known
	More   bool     `json:"more,omitempty"`  // there is more than Size: only so much was looked at
}
