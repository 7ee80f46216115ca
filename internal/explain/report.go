package explain

import (
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
)

// Result is what became of a step. The words are part of the output's contract.
type Result string

// The results.
const (
	Passed  Result = "ok"
	Failed  Result = "FAILED"  // here the login ends
	Unknown Result = "unknown" // it cannot be known, and so it does not count
	Told    Result = "info"    // what a client or a log would show, and what else is worth knowing
)

// As whom a step was made.
const (
	AsBind    = "bind account" // that reads the directory here
	AsLogin   = "login"        // with the password of the login
	AsProcess = "this process" // local folders are opened so
)

// Step is one step of the explanation.
type Step struct {
	Name     string
	Result   Result
	Evidence string
	As       string // one of the constants above, "" where nobody was asked
	Took     time.Duration
	Err      error // why Result is Failed or Unknown, where there is an error
}

// Report is the explanation of one login.
type Report struct {
	Login   string // as typed
	Account string // DOMAIN\user, once it is known
	Proven  bool   // the password was given and tried
	Steps   []Step
	Refusal *isolation.Error // nil: nothing refuses the login
	Reply   []string         // the lines that a client would read last, without line ends
	Fields  []string         // columns of the access log
	Row     string           // its row of that reply; "" if there is no log
}

// Failed returns the step that ends the login, nil if none does.
func (r Report) Failed() *Step {
	for i := range r.Steps {
		if r.Steps[i].Result == Failed {
			return &r.Steps[i]
		}
	}
	return nil
}

// Open reports whether a step is Unknown.
func (r Report) Open() bool {
	for _, s := range r.Steps {
		if s.Result == Unknown {
			return true
		}
	}
	return false
}
