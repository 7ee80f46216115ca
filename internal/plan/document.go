package plan

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
)

// Schema is the version of the document.
const Schema = 1

// maxDocument bounds a document that is read, in octets: a million entries.
const maxDocument = 1 << 30

// Values are both attributes of a user; "" is absent.
type Values = journal.Values

// Entry is one user whose home is to change.
type Entry struct {
	journal.Entry
	Line   int       `json:"line,omitempty"` // in the file that asks for it; 0: in none
	Source string    `json:"-"`              // what stands there; "" once the plan was read from a file
	ReadAt time.Time `json:"-"`              // when the user was read, or earlier; zero once the plan was read from a file
}

// NewEntry is the entry that gives u the values after.
func NewEntry(u ldapattr.User, after Values) Entry {
	return Entry{Entry: journal.Entry{
		User: u.DownLevelName(), DN: u.DN, DNSDomain: u.DNSDomain, GUID: u.GUID.String(),
		Before: Values{Root: u.Root, Dir: u.Dir}, After: after,
	}}
}

// Totals count users by what is to become of them.
type Totals struct {
	Set       int `json:"set"`    // had no home attribute before
	Change    int `json:"change"` // have some before and some afterwards
	Clear     int `json:"clear"`  // have none afterwards
	Unchanged int `json:"unchanged"`
	Refused   int `json:"refused"`
}

// Plan says what is to change, and from what: a value that is something else by
// then is not touched.
type Plan struct {
	Schema  int       `json:"schema"`
	Tool    string    `json:"tool"` // program and version
	Time    time.Time `json:"time"`
	Source  string    `json:"source"` // what asked for it: a file, a template
	Format  string    `json:"format"` // of that file, "" when there is none
	Domain  string    `json:"domain"`
	Server  string    `json:"server"` // whose values the old ones are
	Undoes  string    `json:"undoes,omitempty"`
	Totals  Totals    `json:"totals"`
	Digest  string    `json:"digest"` // of the entries, to tell that they were edited
	Entries []Entry   `json:"entries"`

	Edited bool `json:"-"` // the entries that were read are not those that were written
}

// Changes is how many users the plan changes.
func (t Totals) Changes() int { return t.Set + t.Change + t.Clear }

// count adds a user.
func (t *Totals) count(before, after Values) {
	switch none := (Values{}); {
	case before == after:
		t.Unchanged++
	case before == none:
		t.Set++
	case after == none:
		t.Clear++
	default:
		t.Change++
	}
}

// digest is SHA-256 over the entries as they are written.
func digest(entries []Entry) (string, error) {
	sum := sha256.New()
	encoder := json.NewEncoder(sum)
	for _, e := range entries {
		if err := encoder.Encode(e); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Write writes the document, one entry a line, so that a line can be dropped.
func (p Plan) Write(out io.Writer) error {
	p.Schema = Schema
	var err error
	if p.Digest, err = digest(p.Entries); err != nil {
		return err
	}
	entries := p.Entries
	p.Entries = []Entry{}
	head, err := json.Marshal(p)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	_, err = w.Write(head[:len(head)-len("]}")])
	for i, e := range entries {
		text, encoding := json.Marshal(e)
		separator := ",\n"
		if i == 0 {
			separator = "\n"
		}
		_, writing := w.WriteString(separator + string(text))
		err = errors.Join(err, encoding, writing)
	}
	_, writing := w.WriteString("\n]}\n")
	return errors.Join(err, writing, w.Flush())
}

// Read reads a document. Entries may have been dropped or edited, but each must
// be one that Write could have written.
func Read(in io.Reader) (Plan, error) {
	limited := &io.LimitedReader{R: in, N: maxDocument}
	decoder := json.NewDecoder(limited)
	decoder.DisallowUnknownFields()
	var p Plan
	switch err := decoder.Decode(&p); {
	case errors.Is(err, io.EOF):
		return Plan{}, errors.New("is no plan: it is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Plan{}, errors.New("is no plan: it ends in the middle")
	case err != nil:
		return Plan{}, fmt.Errorf("is no plan: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) || limited.N == 0 {
		return Plan{}, errors.New("is no plan: it goes on behind its end, or is too large")
	}
	if p.Schema != Schema {
		return Plan{}, fmt.Errorf("is a plan of schema %d; this program reads %d", p.Schema, Schema)
	}
	seen := map[string]bool{}
	p.Totals = Totals{Unchanged: p.Totals.Unchanged, Refused: p.Totals.Refused}
	for i, e := range p.Entries {
		if err := e.check(); err != nil {
			return Plan{}, fmt.Errorf("entry %d, %s: %w", i+1, e.User, err)
		}
		if seen[e.GUID] {
			return Plan{}, fmt.Errorf("entry %d, %s: there is another entry for this user", i+1, e.User)
		}
		seen[e.GUID] = true
		p.Totals.count(e.Before, e.After)
	}
	sum, err := digest(p.Entries)
	p.Edited = sum != p.Digest
	return p, err
}

// check refuses what no plan says.
func (e Entry) check() error {
	if _, err := ldapattr.ParseGUID(e.GUID); err != nil {
		return err
	}
	if e.DN == "" {
		return errors.New("has no DN")
	}
	if e.Before == e.After {
		return errors.New("changes nothing")
	}
	return checkValues(e.After, e.After.Root != e.Before.Root, e.After.Dir != e.Before.Dir)
}

// checkValues applies the rules of package homedir to those values that are new,
// and to the pair.
func checkValues(v Values, root, dir bool) error {
	if err := checkSingly(v, root, dir); err != nil {
		return err
	}
	if (root || dir) && v.Root != "" && v.Dir != "" {
		_, err := homedir.New(v.Root, v.Dir)
		return err
	}
	return nil
}

// checkSingly is checkValues without the pair.
func checkSingly(v Values, root, dir bool) error {
	if root && v.Root != "" {
		if err := homedir.CheckRoot(v.Root); err != nil {
			return err
		}
	}
	if dir && v.Dir != "" {
		return homedir.CheckDir(v.Dir)
	}
	return nil
}
