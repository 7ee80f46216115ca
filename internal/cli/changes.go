package cli

import (
	"context"
	"errors"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
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

// change is what becomes of one user: the entry before and after, of which only
// the attributes that update names were to change.
type change struct {
	before, after ldapattr.User
	update        ldapattr.Update
	written       bool
}

// write makes the change in the directory. One that is interrupted may have been
// made, unless it had not begun.
func (c change) write(ctx context.Context, d *ldapattr.Directory) (change, error) {
	if err := ctx.Err(); err != nil {
		return c, err
	}
	after, err := d.Update(ctx, c.before, c.update)
	if errors.Is(err, context.Canceled) {
		err = &brokenOff{c.before.DownLevelName(), err}
	}
	c.after, c.written = after, true
	return c, err
}

// print adds a row for each attribute that was to change.
func (c change) print(p *output.Printer) error {
	for _, row := range []struct {
		attribute     string
		wanted        *string
		before, after string
	}{
		{homedir.AttrRoot, c.update.Root, c.before.Root, c.after.Root},
		{homedir.AttrDir, c.update.Dir, c.before.Dir, c.after.Dir},
	} {
		if row.wanted == nil {
			continue
		}
		result := resultUnchanged
		switch {
		case row.before == row.after:
		case c.written:
			result = resultChanged
		default:
			result = resultPlanned
		}
		record := changeRecord{
			User: c.before.DownLevelName(), DN: c.before.DN, GUID: c.before.GUID.String(), Attribute: row.attribute,
			Before: present(row.before), After: present(row.after), Result: result,
		}
		err := p.Row(record, record.User, row.attribute, row.before, row.after, result, record.GUID, record.DN)
		if err != nil {
			return err
		}
	}
	return nil
}

// planned returns u as update would leave it.
func planned(u ldapattr.User, update ldapattr.Update) ldapattr.User {
	if update.Root != nil {
		u.Root = *update.Root
	}
	if update.Dir != nil {
		u.Dir = *update.Dir
	}
	return u
}
