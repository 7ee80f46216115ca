package output

import (
	"fmt"
	"slices"
	"strings"
)

// Column is one column of a list. Its title is the key of the same value in JSON.
type Column struct {
	Title  string
	Absent string // shown to people in place of an empty cell
	Detail bool   // too much for a table: CSV alone has it, and who asks for it
	// Alarm says of a cell that its row should stand out; nil: none does.
	Alarm func(cell string) bool
}

// CheckColumns returns an error if a list of titles, for Config.Show or Sort, names
// a column that there is not.
func CheckColumns(columns []Column, titles []string) error {
	for _, title := range titles {
		if index(columns, strings.TrimPrefix(title, "-")) < 0 {
			return fmt.Errorf("there is no column %q; the columns are %s", title, strings.Join(Titles(columns), ", "))
		}
	}
	return nil
}

// Titles returns the titles of columns.
func Titles(columns []Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Title
	}
	return names
}

func index(columns []Column, title string) int {
	return slices.IndexFunc(columns, func(c Column) bool { return strings.EqualFold(c.Title, title) })
}

// selection returns the indices of the columns to show, nil for all.
func (c Config) selection() []int {
	var chosen []int
	switch c.Format {
	case JSON, JSONL, YAML, LDIF:
		return nil // they show the record
	case Name:
		return []int{0}
	}
	for _, title := range c.Show {
		if i := index(c.Columns, title); i >= 0 {
			chosen = append(chosen, i)
		}
	}
	if len(c.Show) > 0 || c.Format == CSV {
		return chosen
	}
	for i, column := range c.Columns {
		if !column.Detail {
			chosen = append(chosen, i)
		}
	}
	return chosen
}

// picked returns the elements at some indices, all for nil.
func picked[T any](all []T, indices []int) []T {
	if indices == nil {
		return all
	}
	some := make([]T, 0, len(indices))
	for _, i := range indices {
		if i < len(all) {
			some = append(some, all[i])
		}
	}
	return some
}

// printable returns cells made harmless.
func printable(cells []string) []string {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = Printable(cell)
	}
	return safe
}
