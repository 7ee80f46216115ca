package output

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// sorter keeps all records until the last has come.
type sorter struct {
	keys []sortKey
	rows []sortRow
}

type sortKey struct {
	cell    int
	reverse bool
}

type sortRow struct {
	record any
	cells  []string
}

func newSorter(columns []Column, titles []string) *sorter {
	s := &sorter{}
	for _, title := range titles {
		name, reverse := strings.CutPrefix(title, "-")
		if i := index(columns, name); i >= 0 {
			s.keys = append(s.keys, sortKey{i, reverse})
		}
	}
	return s
}

func (s *sorter) add(record any, cells []string) { s.rows = append(s.rows, sortRow{record, cells}) }

// all yields the records in order. Those that are equal stay as they came.
func (s *sorter) all() iter.Seq2[any, []string] {
	slices.SortStableFunc(s.rows, func(a, b sortRow) int {
		for _, key := range s.keys {
			order := compare(a.cells[key.cell], b.cells[key.cell])
			if key.reverse {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	})
	return func(yield func(any, []string) bool) {
		for _, row := range s.rows {
			if !yield(row.record, row.cells) {
				return
			}
		}
	}
}

// compare orders two cells: what is absent, then numbers by their size, then all else
// by its letters without regard to case.
func compare(a, b string) int {
	if a == "" || b == "" {
		return cmp.Compare(len(a), len(b))
	}
	m, noNumber := strconv.ParseInt(a, 10, 64)
	n, norThis := strconv.ParseInt(b, 10, 64)
	switch {
	case noNumber == nil && norThis == nil:
		return cmp.Compare(m, n)
	case noNumber == nil:
		return -1
	case norThis == nil:
		return 1
	}
	return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
}
