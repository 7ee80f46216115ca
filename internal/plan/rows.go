package plan

import (
	"context"
	"fmt"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

// FromRows plans what the rows of a file ask for. Rows that make no sense, users who cannot be found, users asked for twice under whatever names, and present
// values that are not the expected ones are refused in the draft; the error is
// what ended the work.
func FromRows(ctx context.Context, forest *ldapattr.Forest, table intake.Table, options Options) (Draft, error) {
	d := newDraft(forest.Home(), options)
	d.Plan.Format = string(table.Format)
	var rows []intake.Row
	var names []ldapattr.AccountName
	for _, row := range table.Rows {
		if err := checkForm(row); err != nil {
			d.refuse(row, err)
			continue
		}
		name, err := ldapattr.ParseAccountName(row.User, "")
		if err != nil {
			return Draft{}, err // checkForm has seen to it
		}
		rows, names = append(rows, row), append(names, name)
	}
	i := 0
	for user, err := range forest.LookupAll(ctx, names) {
		row := rows[i]
		i++
		switch {
		case err != nil && ends(err):
			return Draft{}, err
		case err != nil:
			d.refuse(row, err)
		default:
			d.row(user, row)
		}
		d.watch(i, len(rows))
	}
	return d.finish(), ctx.Err()
}

// row plans what one row asks for.
func (d *Draft) row(u ldapattr.User, row intake.Row) {
	if err := expected(u, row); err != nil {
		d.refuse(row, err)
		return
	}
	d.add(u, Values{Root: wanted(row.Root, u.Root), Dir: wanted(row.Dir, u.Dir)}, row)
}

// wanted is the value that v leaves.
func wanted(v intake.Value, present string) string {
	if v.Given {
		return v.Text
	}
	return present
}

// expected compares a user with what the row says about the present.
func expected(u ldapattr.User, row intake.Row) error {
	for _, field := range []struct {
		attribute, now string
		want           intake.Value
	}{
		{homedir.AttrRoot, u.Root, row.ExpectRoot},
		{homedir.AttrDir, u.Dir, row.ExpectDir},
	} {
		if field.want.Given && field.want.Text != field.now {
			return &Mismatch{u.DownLevelName(), field.attribute, field.now, field.want.Text}
		}
	}
	return nil
}

// Mismatch is a present value that is not the expected one. It is a conflict
// (ldapattr.ErrConflict).
type Mismatch struct{ User, Attribute, Now, Expected string }

// Error returns one line with both values.
func (e *Mismatch) Error() string {
	return fmt.Sprintf("%s: %s is %s, not %s", e.User, e.Attribute, shown(e.Now), shown(e.Expected))
}

// Unwrap returns the kind.
func (e *Mismatch) Unwrap() error { return ldapattr.ErrConflict }

// shown prints a value in a sentence, as it is: backslashes are its daily bread.
func shown(value string) string {
	if value == "" {
		return "absent"
	}
	return `"` + value + `"`
}
