package plan

import (
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

// Check returns what can be said against the rows of a file without asking
// anybody: problems of their form, of names and of values.
func Check(table intake.Table) []Refusal {
	var d Draft
	for _, row := range table.Rows {
		if err := checkRow(row); err != nil {
			d.refuse(row, err)
		}
	}
	return d.Refused
}

func checkRow(row intake.Row) error {
	if row.Err != nil {
		return row.Err
	}
	if _, err := ldapattr.ParseAccountName(row.User, ""); err != nil {
		return err
	}
	// One value alone is checked alone; the pair needs the user's other one.
	return checkValues(Values{Root: row.Root.Text, Dir: row.Dir.Text}, row.Root.Given, row.Dir.Given)
}
