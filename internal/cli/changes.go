package cli

import (
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
)

// The results of a change. They are part of the output's contract.
const (
	resultChanged   = "changed"
	resultUnchanged = "unchanged"
	resultPlanned   = "would change" // --dry-run
)

// changeRecord is one attribute of one user in JSON. An absent value is null.
type changeRecord struct {
	User      string  `json:"user"`
	DN        string  `json:"dn"`
	GUID      string  `json:"objectGUID"`
	Attribute string  `json:"attribute"`
	Before    *string `json:"before"`
	After     *string `json:"after"`
	Result    string  `json:"result"`
}

func changeColumns() []output.Column {
	return []output.Column{
		{Title: "user"},
		{Title: "attribute"},
		{Title: "before", Absent: "(absent)"},
		{Title: "after", Absent: "(absent)"},
		{Title: "result"},
		{Title: "objectGUID", Detail: true},
		{Title: "dn", Detail: true},
	}
}

// changeList is the list that commands print that change attributes.
func changeList() recordList { return recordList{"changes", changeColumns(), true} }

// Entry returns the change as LDIF: what the attribute has afterwards.
func (r changeRecord) Entry() output.Entry {
	after := ""
	if r.After != nil {
		after = *r.After
	}
	return output.Entry{DN: r.DN, Modify: true, Attributes: []output.Attribute{{Name: r.Attribute, Value: after}}}
}

// change is what becomes of one user.
type change struct {
	entry  plan.Entry
	result string // of attributes that differ before and after
	about  about
}

// about says which attributes are shown, also if they stay what they are.
type about struct{ root, dir bool }

// print adds a row for each attribute that differs or is asked about.
func (c change) print(p *output.Printer) error {
	e := c.entry
	for _, row := range []struct {
		attribute     string
		shown         bool
		before, after string
	}{
		{homedir.AttrRoot, c.about.root, e.Before.Root, e.After.Root},
		{homedir.AttrDir, c.about.dir, e.Before.Dir, e.After.Dir},
	} {
		result := c.result
		if row.before == row.after {
			if result = resultUnchanged; !row.shown {
				continue
			}
		}
		record := changeRecord{
			User: e.User, DN: e.DN, GUID: e.GUID, Attribute: row.attribute,
			Before: present(row.before), After: present(row.after), Result: result,
		}
		if err := p.Row(record, e.User, row.attribute, row.before, row.after, result, e.GUID, e.DN); err != nil {
			return err
		}
	}
	return nil
}
