package journal

import (
	"encoding/json"
	"fmt"
	"time"
)

// Schema is the version of the lines.
const Schema = 1

// Values are both attributes of a user; "" is absent, which is null in JSON.
type Values struct{ Root, Dir string }

type nullable struct {
	Root *string `json:"root"`
	Dir  *string `json:"dir"`
}

// MarshalJSON writes an absent value as null.
func (v Values) MarshalJSON() ([]byte, error) {
	var n nullable
	if v.Root != "" {
		n.Root = &v.Root
	}
	if v.Dir != "" {
		n.Dir = &v.Dir
	}
	return json.Marshal(n)
}

// UnmarshalJSON reads null as absent.
func (v *Values) UnmarshalJSON(text []byte) error {
	var n nullable
	if err := json.Unmarshal(text, &n); err != nil {
		return err
	}
	*v = Values{}
	if n.Root != nil {
		v.Root = *n.Root
	}
	if n.Dir != nil {
		v.Dir = *n.Dir
	}
	return nil
}

// Header says what a run is.
type Header struct {
	ID       string    `json:"id"` // given by Begin
	Time     time.Time `json:"time"`
	Tool     string    `json:"tool"`     // program and version
	Command  string    `json:"command"`  // import homes.csv
	Operator string    `json:"operator"` // account on this machine
	BindUser string    `json:"bindUser"` // account in the directory; "": the operator's own
	Domain   string    `json:"domain"`
	Server   string    `json:"server"`
	Undoes   string    `json:"undoes,omitempty"` // the run whose changes this one takes back
	Kind     Kind      `json:"kind,omitempty"`   // what the run changes
}

// Entry is one change.
type Entry struct {
	User      string `json:"user"` // CORP\alice
	DN        string `json:"dn"`
	DNSDomain string `json:"dnsDomain"`
	GUID      string `json:"objectGUID"`
	Before    Values `json:"before"`
	After     Values `json:"after"`
	// Folder is the change of a run of kind Folders.
	Folder *FolderChange `json:"folder,omitempty"`
	// Permissions is the change of a run of that kind.
	Permissions *PermissionsChange `json:"permissions,omitempty"`
}

// State is what became of a change.
type State string

// The states. Open is never written: it is an intent without an outcome.
const (
	Done      State = "done"
	Unchanged State = "unchanged" // the values were the wanted ones already
	Conflict  State = "conflict"  // the values were neither the old ones nor the wanted ones
	Failed    State = "failed"
	NotDone   State = "not done" // nothing was sent, or it did not arrive
	Open      State = "open"
)

// Outcome is what became of the change with a number.
type Outcome struct {
	N         int     `json:"n"` // counts the intents of the run from 1
	State     State   `json:"state"`
	Now       *Values `json:"now,omitempty"`       // the values that were found; nil when nobody looked
	Error     string  `json:"error,omitempty"`     // why not
	Recovered bool    `json:"recovered,omitempty"` // found out by a later run
	// Made is what stands in the place of a folder afterwards; nil where nothing does,
	// or nobody looked.
	Made *FolderState `json:"made,omitempty"`
}

// Counts are the changes of a run by state.
type Counts struct {
	Intended  int `json:"intended"`
	Done      int `json:"done"`
	Unchanged int `json:"unchanged"`
	Conflict  int `json:"conflict"`
	Failed    int `json:"failed"`
	NotDone   int `json:"notDone"`
	Open      int `json:"open"`
}

func (c *Counts) add(s State, n int) {
	switch s {
	case Done:
		c.Done += n
	case Unchanged:
		c.Unchanged += n
	case Conflict:
		c.Conflict += n
	case Failed:
		c.Failed += n
	case NotDone:
		c.NotDone += n
	case Open:
		c.Open += n
	}
}

// The kinds of lines.
const (
	lineRun     = "run"
	lineIntent  = "intent"
	lineOutcome = "outcome"
	lineEnd     = "end"
)

// line is any line as it is read.
type line struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"`
}

type runLine struct {
	line
	Header
}

type intentLine struct {
	line
	N int `json:"n"`
	Entry
}

type outcomeLine struct {
	line
	Outcome
}

type endLine struct {
	line
	Time time.Time `json:"time"`
	Counts
}

// encode makes a line. All that is encoded here encodes.
func encode(kind string, value func(line) any) []byte {
	text, err := json.Marshal(value(line{Schema, kind}))
	if err != nil {
		panic(fmt.Sprintf("journal: %v", err))
	}
	return append(text, '\n')
}
