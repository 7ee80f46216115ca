package audit

import (
	"context"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// Rule describes what is looked for. Its ID never changes its meaning.
type Rule struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"` // what is wrong, in a few words
	Severity    Severity `json:"severity"`
	Level       int      `json:"level"`
	Explanation string   `json:"explanation"`
	Remedy      string   `json:"remedy"`
	References  []string `json:"references,omitempty"`
	Fix         bool     `json:"fix"` // there may be an entry for a plan
}

// Check is a rule with what finds it. At least one of the functions is set; a rule may
// be asked from one goroutine only.
type Check struct {
	Rule
	// Account is asked about every account that is read.
	Account func(a *Account, s *Settings) Answer
	// Crowd is asked once, when all accounts have been read, and tells about each
	// account that it judges.
	Crowd func(c *Crowd, s *Settings, tell func(Object, Answer))
	// Server, Share and Home are asked about each file server, about each share on one,
	// and about each home with each of its users, when a survey has been there.
	Server func(v VisitedServer, s *Settings) Answer
	Share  func(v *VisitedShare, s *Settings) Answer
	Home   func(v *VisitedHome, s *Settings) Answer
	// Orphans is asked about each share, and tells about each directory that it judges.
	Orphans func(v *VisitedShare, s *Settings, tell func(Object, Answer))
	// Domain is asked once, and may ask the directory itself.
	Domain func(ctx context.Context, c *Crowd, s *Settings, tell func(Object, Answer)) error
}

// Account is a user as the rules see him. Home is what a login takes, and HomeErr
// why there is none: audit and login decide by the same code.
type Account struct {
	ldapattr.Account
	Home    homedir.Home
	HomeErr error
}

// Answer is what a rule says of one object. The zero value is: passed.
type Answer struct {
	Status   Status
	Skip     bool     // the rule has nothing to say about such an object: it counts nowhere
	Reason   string   // NotChecked: why, in words that hold for many objects
	Severity Severity // 0: the rule's own
	Location string
	Message  string
	Evidence []Evidence
	Remedy   string // "": the rule's own
	Fix      *Fix
}

// Settings is what the rules need to know beside the directory. The zero value is
// useful: what a rule cannot know it does not check, and says so.
type Settings struct {
	Now       time.Time
	Scoped    bool              // a group or an OU says who is to have a home
	Narrowed  bool              // only those in a scope are read, so there may be others
	Servers   int               // FTP servers that serve these users; 0 not known
	Naming    string            // what the name of a directory is to be: "" no rule, or a text with {login}
	Stale     time.Duration     // no logon for so long is worth a finding; 0: 90 days
	Groups    int               // groups of which the token gets too large; 0: 120
	Aliases   map[string]string // host name → the name it stands for, both in lower case
	Suffixes  []string          // UPN suffixes of the forest beside the domain's own; nil: not known
	Shared    []Shared          // homes that several may have
	Directory []Connection      // how this configuration connects to directories
	// Reach returns where the configuration leads to for a place, behind folders that are
	// mapped and DFS; nil: to the place itself.
	Reach func(homedir.Location) homedir.Location
	// Permissions asks the directory; nil: what must be asked for is not checked.
	Permissions *ldapattr.Permissions
	Service     Service
	// Replicas are all domain controllers of the domain; nil: nobody knows them. They are
	// asked for the users in ReplicaScope.
	Replicas     func(context.Context) ([]Replica, error)
	ReplicaScope ldapattr.Scope
	// Token returns who a user is to a file server; nil: rights are not known.
	Token   func(context.Context, ldapattr.User) (secdesc.Token, error)
	Partial bool // not everybody is read who may have a home
	// The configuration lists file servers, or local folders: no login gets elsewhere.
	FileServers, LocalRoots bool

	visits bool // a survey will want the users
}

// Shared is a home that is meant to belong to several users.
type Shared struct {
	Place  string `json:"place"`
	Reason string `json:"reason"`
}

// Connection is a directory of the configuration, as far as rules judge it.
type Connection struct {
	Name      string // of the profile
	Servers   []string
	BaseDN    string
	Plaintext bool // a password may cross the network unprotected
	Protected bool // ldaps, StartTLS or sealing by Kerberos
}

// Replica is a domain controller that is asked by itself.
type Replica struct {
	Name   string
	Forest *ldapattr.Forest // nil: it does not answer
}

// Service is the account with which the FTP server reads the attributes.
type Service struct {
	Name string // as the configuration writes it; "" there is none
	// Open connects as this account; nil: its password is not configured.
	Open func(ctx context.Context) (*ldapattr.Directory, error)
}
