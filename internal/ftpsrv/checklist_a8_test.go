package ftpsrv_test

import (
	"io"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/admission"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

// Guesses over one connection and over several: each asks the directory once, every
// further 530 to one address waits longer, the third of a connection is its last,
// and with denyByFailure the one that shuts the address out, too.
func TestChecklist_A8_guessing(t *testing.T) {
	const delay, most = 10 * time.Millisecond, 29
	s := startSite(t, func(cfg *ftpsrv.Config) {
		cfg.Connections.LoginFailureDelay = delay
		cfg.Admission = admission.New(admission.Config{Failures: admission.Failures{Max: most, Memory: time.Minute}})
	})
	guesses, start := 0, time.Now()
	for guesses < most {
		c := dial(t, s.addr)
		c.want("220 ")
		for range min(3, most-guesses) {
			c.cmd("USER alice", "331 ")
			c.cmd("PASS wrong", "530 ")
			guesses++
		}
		if _, err := c.line(); err != io.EOF {
			t.Fatalf("after failure %d: %v, want the end of the connection", guesses, err)
		}
		c.close()
	}
	if n := int(s.logins.Load()); n != guesses {
		t.Errorf("%d guesses asked the directory %d times", guesses, n)
	}
	if took, least := time.Since(start), 20*4*delay; took < least {
		t.Errorf("%d guesses took %v, want at least %v", most, took, least)
	}
	dial(t, s.addr).want("421 ") // the address is shut out
	if n := int(s.logins.Load()); n != guesses {
		t.Error("the directory was asked for an address that is shut out")
	}
}
