package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func directoryError(kind error) error {
	return &ldapattr.Error{Kind: kind, Op: "look up", Object: "alice"}
}

func TestExitCode(t *testing.T) {
	wrapped := func(err error) error { return fmt.Errorf("one more: %w", hint(err, "advice")) }
	for _, tt := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("anything"), 1},
		{directoryError(ldapattr.ErrServer), 1},
		{usage("wrong"), 2},
		{&config.Error{Name: "x", Err: fs.ErrNotExist}, 2},
		{homedir.CheckDir(".."), 2},
		{directoryError(ldapattr.ErrUsage), 2},
		{directoryError(ldapattr.ErrValue), 2},
		{directoryError(ldapattr.ErrPlaintext), 2},
		{&batchError{code: exitPartly}, 3},
		{directoryError(ldapattr.ErrUnreachable), 5},
		{context.DeadlineExceeded, 5},
		{directoryError(ldapattr.ErrAuth), 6},
		{directoryError(ldapattr.ErrRights), 6},
		{conflict("moved"), 7},
		{directoryError(ldapattr.ErrConflict), 7},
		{directoryError(ldapattr.ErrNotFound), 8},
		{directoryError(ldapattr.ErrAmbiguous), 8},
		{directoryError(ldapattr.ErrNoHome), 8},
		{context.Canceled, 130},
		{directoryError(context.Canceled), 130},
	} {
		if got := exitCode(tt.err); got != tt.want {
			t.Errorf("%v: got %d, want %d", tt.err, got, tt.want)
		}
		if tt.err == nil {
			continue
		}
		if got := exitCode(wrapped(tt.err)); got != tt.want {
			t.Errorf("%v, wrapped: got %d, want %d", tt.err, got, tt.want)
		}
	}
}

// The order: 130; 5 and 6 before any write; 7 if all failures are conflicts;
// else 3. A user who was only read, or who had nothing to clear, is no write.
func TestBatch_exitCode(t *testing.T) {
	var (
		notFound    = directoryError(ldapattr.ErrNotFound)
		rights      = directoryError(ldapattr.ErrRights)
		moved       = directoryError(ldapattr.ErrConflict)
		unreachable = directoryError(ldapattr.ErrUnreachable)
		interrupted = directoryError(context.Canceled)
	)
	for _, tt := range []struct {
		name          string
		alone         bool
		done, written int
		failed        []error
		want          int
	}{
		{"nothing to do", false, 0, 0, nil, 0},
		{"all done", false, 3, 3, nil, 0},
		{"the only one is not there", true, 0, 0, []error{notFound}, 8},
		{"the only one is a conflict", true, 0, 0, []error{moved}, 7},
		{"one of several", false, 2, 2, []error{notFound}, 3},
		{"one of several, read", false, 2, 0, []error{notFound}, 3},
		{"none is there", false, 0, 0, []error{notFound, notFound}, 8},
		{"no rights at all", false, 0, 0, []error{rights, notFound, moved}, 6},
		{"no rights, the rest unchanged", false, 2, 0, []error{rights}, 6},
		{"no rights for one", false, 1, 1, []error{rights}, 3},
		{"all conflicts", false, 0, 0, []error{moved, moved}, 7},
		{"all failures are conflicts", false, 5, 5, []error{moved, moved}, 7},
		{"conflicts and others", false, 1, 1, []error{moved, notFound}, 3},
		{"mixed, nothing done", false, 0, 0, []error{moved, notFound}, 3},
		{"out of reach at once", false, 0, 0, []error{unreachable}, 5},
		{"out of reach after some were read", false, 4, 0, []error{unreachable}, 5},
		{"out of reach on the way", false, 2, 1, []error{unreachable}, 3},
		{"rights, then out of reach", false, 0, 0, []error{rights, unreachable}, 5},
		{"interrupted at once", false, 0, 0, []error{interrupted}, 130},
		{"interrupted on the way", false, 2, 2, []error{moved, interrupted}, 130},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var told bytes.Buffer
			b := &batch{app: newApp(Env{Stderr: &told}), alone: tt.alone, done: tt.done, written: tt.written}
			var stop error
			for _, err := range tt.failed {
				if stop != nil {
					t.Fatal("the batch went on after it should have stopped")
				}
				stop = b.fail(err)
			}
			outcome := b.end(stop)
			if got := exitCode(outcome); got != tt.want {
				t.Errorf("got %d (%v), want %d", got, outcome, tt.want)
			}
			b.app.report(outcome)
			if tt.want != 130 && strings.Count(told.String(), "look up alice") != len(tt.failed) {
				t.Errorf("%d failures are told as\n%s", len(tt.failed), &told)
			}
		})
	}
}

// What is said when the work ends early is what a person goes on from: it counts
// everybody, and calls nobody untouched whose change was on its way.
func TestBatch_saysHowFarItCame(t *testing.T) {
	var (
		unreachable = directoryError(ldapattr.ErrUnreachable)
		interrupted = directoryError(context.Canceled)
		moved       = directoryError(ldapattr.ErrConflict)
	)
	for _, tt := range []struct {
		name  string
		batch batch
		stop  error
		want  string
	}{
		{"reading", batch{total: 10, done: 3}, interrupted, "users done: 3, failed: 0, not tried: 7\ninterrupted\n"},
		{"reading from a pipe", batch{done: 3}, interrupted, "users done: 3, failed: 0; further names were not read\ninterrupted\n"},
		{
			"changing", batch{total: 10, done: 3, written: 3, open: 1, failed: []error{moved}}, interrupted,
			"users done: 3, failed: 1, not tried: 5\ninterrupted\n",
		},
		{
			"changing one", batch{total: 1, open: 1, alone: true}, interrupted, "interrupted\n",
		},
		{
			"out of reach", batch{total: 10, done: 3, written: 3}, unreachable,
			"error: look up alice: no domain controller can be reached\nhint: check --server or --domain, the network and the certificate\n" +
				"error: 1 of 10 users failed, 6 not tried\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var told bytes.Buffer
			b := tt.batch
			b.app = newApp(Env{Stderr: &told})
			b.app.report(b.end(b.fail(tt.stop)))
			if told.String() != tt.want {
				t.Errorf("got\n%s\nwant\n%s", &told, tt.want)
			}
		})
	}
}

func TestReport_saysWhatWhyAndNext(t *testing.T) {
	own := &ldapattr.Error{Kind: ldapattr.ErrRights, Op: "set the home of", Object: "CN=Alice", Hint: "its own advice"}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("a: b"), "error: a: b\n"},
		{own, "error: " + own.Error() + " [LDAP-50]\nhint: its own advice\n"},
		{hint(own, "better advice"), "error: " + own.Error() + " [LDAP-50]\nhint: better advice\n"},
		{hint(usage("no %s", "x"), "use y"), "error: no x\nhint: use y\n"},
		{errors.New("one\ntwo"), "error: one\nerror: two\n"},
		{errors.New("\x1b[2J"), "error: \ufffd[2J\n"},
		{context.Canceled, "interrupted\n"},
	} {
		var told bytes.Buffer
		(&app{env: Env{Stderr: &told}}).report(tt.err)
		if told.String() != tt.want {
			t.Errorf("got %q, want %q", told.String(), tt.want)
		}
	}
}

// Every kind that the directory can return has a line in the table, so that none
// ends in a bare 1 by oversight.
func TestKinds_areComplete(t *testing.T) {
	for _, kind := range []error{
		ldapattr.ErrUsage, ldapattr.ErrValue, ldapattr.ErrNotFound, ldapattr.ErrAmbiguous, ldapattr.ErrConflict, ldapattr.ErrRights,
		ldapattr.ErrAuth, ldapattr.ErrUnreachable, ldapattr.ErrPlaintext, ldapattr.ErrNoHome,
	} {
		if code := exitCode(directoryError(kind)); code == exitFailed {
			t.Errorf("%v has no exit code", kind)
		}
	}
}

// A directory that hangs up in the middle of a bind gives the errno of a reader
// who has left. It is a failure all the same, and must not end in silence.
func TestEnd_aBrokenConnectionIsNoReaderThatLeft(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.Close()
	_, broken := w.Write([]byte("x"))
	if broken == nil {
		t.Fatal("a pipe without a reader takes a write")
	}
	var told bytes.Buffer
	a := newApp(Env{Stdout: w, Stderr: &told})
	bind := &ldapattr.Error{Kind: ldapattr.ErrUnreachable, Op: "bind to", Object: "ldaps://dc1:636", Err: &net.OpError{Op: "write", Net: "tcp", Err: broken}}
	if code := a.end(bind); code != exitUnreachable || !strings.Contains(told.String(), "error: bind to ldaps://dc1:636") {
		t.Errorf("exit code %d, want %d and a reason:\n%s", code, exitUnreachable, &told)
	}
	told.Reset()
	_, gone := a.out.Write([]byte("x"))
	if code := a.end(gone); code != exitOK || told.Len() > 0 {
		t.Errorf("a reader that left: exit code %d, want 0 and silence:\n%s", code, &told)
	}
}
