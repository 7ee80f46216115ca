package survey

import (
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/negotiate"
)

// State says what is known about a home.
type State string

// The states. They are part of the output's contract.
const (
	Passed     State = "ok"
	Found      State = "problem"
	NotChecked State = "not checked"
)

// Local is the name of the server that stands for this machine.
const Local = "local"

// Home is a place that at least one user's attributes lead to, or one user whose
// attributes lead nowhere.
type Home struct {
	Server   string           // Local for a folder of this machine, "" for no place
	Volume   homedir.Location // the share, or the admitted folder
	Location homedir.Location // as the first user's attributes name it
	Users    []ldapattr.User  // in the order in which they came; most often one
	State    State
	Reason   string    // why it was not checked, or not to the end; "" otherwise
	Behind   bool      // it was not checked for a reason that its share or server has
	Cause    ID        // with Behind: of the finding there; "" where there is none
	There    bool      // a directory is in the place
	Findings []Finding // none unless State is Found
	Access   []Access  // at level Descriptors: of each user
	Owner    secdesc.SID
	// Descriptor is who may do what, at level Descriptors; nil where it was not read.
	Descriptor *secdesc.Descriptor
	Space      *Space  // where the home has a limit of its own, else nil
	Extent     *Extent // with Config.Extents; nil where nobody looked
}

// Access is what one account may do in a home.
type Access struct {
	Account ldapattr.User
	Rights  Rights
	Missing Rights // those of Config.Need that a user does not have in the own home
	Reason  string // why the rights are not known; "" if they are
}

// Counts are homes, and the users behind them.
type Counts struct {
	Homes, Users              int
	Passed, Found, NotChecked int // homes; they add up to Homes
}

// Add counts one more home.
func (c *Counts) Add(h *Home) {
	c.Homes++
	c.Users += len(h.Users)
	switch h.State {
	case Passed:
		c.Passed++
	case Found:
		c.Found++
	case NotChecked:
		c.NotChecked++
	}
}

// Share is what a share, or an admitted folder of this machine, is like after its
// homes.
type Share struct {
	Server string
	Volume homedir.Location
	Counts
	Findings  []Finding
	Space     *Space // nil: not known
	Expected  Size   // homes times Config.PerUser
	Anonymous *Access
	Orphans   []Orphan // with Config.Orphans, in no order
	Unlisted  string   // why there may be more of them; "" if there are not
}

// Orphan is a directory beside homes to which nobody points.
type Orphan struct {
	Location homedir.Location
	Changed  time.Time // when something was last put into it or taken out; zero: not known
}

// Space is what a share, or a home with a limit of its own, has room for.
type Space struct {
	Total, Free Size
	Left        Size // for the account that checks; less than Free where a quota says so
}

// Server is what a file server is like after its shares.
type Server struct {
	Name string // as the first place names it; Local for this machine
	Counts
	Findings  []Finding
	Addresses []string         // of the name; nil where nobody asked, or it does not resolve
	Offer     *negotiate.Offer // nil: nobody was asked, or nobody answered
	Session   string           // kerberos or ntlm; "" for none
}
