package listing

import (
	"io/fs"
	"iter"
	"slices"
	"strings"
)

// sortLimit is how many entries are held to be sorted.
const sortLimit = 10_000

// Sorted yields entries in order of their names, whatever the letter case, as
// Microsoft FTP lists them. More than 10,000 come in the order of the storage
// instead, so that memory stays flat. An error comes last.
func Sorted(entries iter.Seq2[fs.FileInfo, error]) iter.Seq2[fs.FileInfo, error] {
	return func(yield func(fs.FileInfo, error) bool) {
		var held []named
		streaming := false
		for info, err := range entries {
			if err == nil && !streaming {
				held = append(held, named{info.Name(), info})
				if len(held) <= sortLimit {
					continue
				}
				streaming = true
				if !hand(held, yield) {
					return
				}
				held = nil
				continue
			}
			if err != nil {
				// The entries before it are as good as they were.
				slices.SortFunc(held, byName)
				if !hand(held, yield) {
					return
				}
				held, streaming = nil, true
			}
			if !yield(info, err) {
				return
			}
		}
		slices.SortFunc(held, byName)
		hand(held, yield)
	}
}

type named struct {
	name string
	info fs.FileInfo
}

func hand(held []named, yield func(fs.FileInfo, error) bool) bool {
	for _, n := range held {
		if !yield(n.info, nil) {
			return false
		}
	}
	return true
}

// byName compares in upper case, as the index of an NTFS directory does: an
// underscore comes after the letters. Names that differ in case only are
// ordered by their bytes.
func byName(a, b named) int {
	x, y := a.name, b.name
	for len(x) > 0 && len(y) > 0 {
		rx, nx := fold(x)
		ry, ny := fold(y)
		if rx != ry {
			return int(rx) - int(ry)
		}
		x, y = x[nx:], y[ny:]
	}
	if len(x) != len(y) {
		return len(x) - len(y)
	}
	return strings.Compare(a.name, b.name)
}
