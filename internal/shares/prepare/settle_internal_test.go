package prepare

import (
	"errors"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestStateNow(t *testing.T) {
	d := newDisk(t)
	const ours, old = "O:BAD:P(A;OICI;FA;;;BA)", "O:BAD:(A;;FA;;;WD)"
	state := func(sddl string) *journal.FolderState { return &journal.FolderState{SDDL: sddl} }
	for name, test := range map[string]struct {
		before, after *journal.FolderState
		found         *spot
		want          journal.State
	}{
		"made":                       {nil, state(ours), d.spot(t, ours), journal.Done},
		"made, with another owner":   {nil, state(ours), d.spot(t, "O:SYD:P(A;OICI;FA;;;BA)"), journal.Done},
		"not made":                   {nil, state(ours), nil, journal.NotDone},
		"somebody else's":            {nil, state(ours), d.spot(t, old), journal.Conflict},
		"a file":                     {nil, state(ours), &spot{}, journal.Conflict},
		"a link":                     {nil, state(ours), &spot{dir: true, link: true}, journal.Conflict},
		"made by whom":               {nil, state(""), d.spot(t, old), journal.Unchanged},
		"repaired":                   {state(old), state(ours), d.spot(t, ours), journal.Done},
		"not repaired":               {state(old), state(ours), d.spot(t, old), journal.NotDone},
		"gone instead of repaired":   {state(old), state(ours), nil, journal.Conflict},
		"removed":                    {state(ours), nil, nil, journal.Done},
		"not removed":                {state(ours), nil, d.spot(t, ours), journal.NotDone},
		"replaced before it went":    {state(ours), nil, d.spot(t, old), journal.Conflict},
		"a list that does not parse": {nil, state("x"), d.spot(t, ours), journal.Conflict},
	} {
		if got := stateNow(&journal.FolderChange{Before: test.before, After: test.after}, test.found); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

// A directory is the one that was made if all that is known of both agrees, and
// something is.
func TestSpot_is(t *testing.T) {
	d := newDisk(t)
	found := d.spot(t, "O:BAG:SYD:P(A;OICI;FA;;;BA)")
	for name, test := range map[string]struct {
		state journal.FolderState
		want  bool
	}{
		"it is":                   {journal.FolderState{Created: found.created, SDDL: "O:BAG:BUD:PAI(A;OICI;FA;;;BA)"}, true},
		"made later":              {journal.FolderState{Created: "later", SDDL: "O:BAD:P(A;OICI;FA;;;BA)"}, false},
		"with another list":       {journal.FolderState{Created: found.created, SDDL: "O:BAD:P(A;OICI;FA;;;SY)"}, false},
		"that may inherit by now": {journal.FolderState{Created: found.created, SDDL: "O:BAD:(A;OICI;FA;;;BA)"}, false},
		"given away":              {journal.FolderState{Created: found.created, SDDL: "O:SYD:P(A;OICI;FA;;;BA)"}, false},
		"nothing is known":        {journal.FolderState{}, false},
		"the list alone":          {journal.FolderState{SDDL: "O:BAD:P(A;OICI;FA;;;BA)"}, true},
	} {
		if got := found.is(test.state); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// A server may write a list in its own way, as long as everybody has the same rights.
func TestCompare(t *testing.T) {
	parse := func(sddl string) secdesc.Descriptor {
		d, err := secdesc.ParseSDDL(sddl, "")
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	wanted := parse("O:BAD:P(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;" + aliceSID + ")")
	for sddl, same := range map[string]bool{
		"O:BAG:BUD:PAI(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;" + aliceSID + ")": true,
		"O:BAD:P(A;OICI;0x1301bf;;;" + aliceSID + ")(A;OICI;FA;;;BA)":       true,
		"O:BAD:P(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;" + aliceSID + ")":       false,
		"O:BAD:P(A;OICI;FA;;;BA)": false,
		"O:BAD:P(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;" + aliceSID + ")(A;;FR;;;WD)": false,
		"O:BA": false,
	} {
		if err := compare(parse(sddl), wanted); (err == nil) != same || err != nil && !errors.Is(err, winerr.NotSupported) {
			t.Errorf("%s: got %v", sddl, err)
		}
	}
}
