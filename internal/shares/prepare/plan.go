package prepare

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
)

// Action is what is to become of a directory.
type Action string

// The actions. They are part of the output's contract.
const (
	Make   Action = "make"        // the home
	Above  Action = "make parent" // a missing folder above homes, with what the one above it hands down
	Repair Action = "repair"      // give the home the access list of the template
	Remove Action = "remove"      // if it is empty and still what a run has made
	Keep   Action = "keep"        // it is there; nothing to do
)

// Entry is one directory.
type Entry struct {
	journal.Entry
	Action   Action
	Location homedir.Location // as the attributes name it
	Note     string           // what to know about it; "" is nothing

	way   shares.Way
	level int // how many folders are above it
}

// Totals count directories by what is to become of them.
type Totals struct{ Make, Above, Repair, Remove, Keep, Refused int }

// Plan is what is to be done, folders before what is in them.
type Plan struct {
	Entries []Entry // with those that are kept
	Refused []Refusal
	Totals  Totals
	Undoes  string // the run that it takes back
}

// Refusal is a user whose home cannot be made, and why not.
type Refusal struct {
	User     string // CORP\alice; "" where a name stands for nobody
	Location homedir.Location
	Err      error
}

// Changes are the entries that change something.
func (p Plan) Changes() []Entry {
	var all []Entry
	for _, e := range p.Entries {
		if e.Action != Keep {
			all = append(all, e)
		}
	}
	return all
}

func (t *Totals) count(a Action) {
	switch a {
	case Make:
		t.Make++
	case Above:
		t.Above++
	case Repair:
		t.Repair++
	case Remove:
		t.Remove++
	case Keep:
		t.Keep++
	}
}

func (p *Plan) add(e Entry) {
	p.Entries = append(p.Entries, e)
	p.Totals.count(e.Action)
}

func (p *Plan) refuse(r Refusal) {
	p.Refused = append(p.Refused, r)
	p.Totals.Refused++
}

// at places an entry: its path below the volume says how deep it is.
func (e *Entry) at(way shares.Way) {
	e.way = way
	e.level = strings.Count(way.Below(), "/")
}

// wanted is the descriptor that the directory is to have; ok is false where whoever
// makes it, or the folder above, decides.
func (e Entry) wanted() (d secdesc.Descriptor, ok bool, err error) {
	if e.Folder.After == nil || e.Folder.After.SDDL == "" {
		return d, false, nil
	}
	d, err = secdesc.ParseSDDL(e.Folder.After.SDDL, "")
	return d, err == nil, err
}

// parent is the path of the folder above, slash-separated below the volume.
func parent(path string) string {
	i := strings.LastIndexByte(path, '/')
	return path[:max(i, 0)]
}
