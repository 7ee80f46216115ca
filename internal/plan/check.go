package plan

import (
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

// Check returns what can be said against the rows of a file without asking
// anybody: problems of their form, of names and of values. Only the first two are
// certain, and certain says whether there are any: a bad value may be one that the
// user has already, and then the row changes nothing.
func Check(table intake.Table) (refused []Refusal, certain bool) {
	var d Draft
	for _, row := range table.Rows {
		err := checkForm(row)
		certain = certain || err != nil
		if err == nil {
			err = checkRowValues(row)
		}
		if err != nil {
			d.refuse(row, err)
		}
	}
	return d.Refused, certain
}

func checkForm(row intake.Row) error {
	if row.Err != nil {
		return row.Err
	}
	_, err := ldapattr.ParseAccountName(row.User, "")
	return err
}

// checkRowValues checks one value alone, and the pair where the row has both.
func checkRowValues(row intake.Row) error {
	return checkValues(Values{Root: row.Root.Text, Dir: row.Dir.Text}, row.Root.Given, row.Dir.Given)
}
