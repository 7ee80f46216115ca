package survey

import (
	"path"
	"time"
)

// What is looked at in one home to know how much it holds.
const (
	mostInHome    = 10_000
	longestInHome = 5 * time.Second
)

// Extent is what a home holds.
type Extent struct {
	Size   Size // of all files, as they are listed
	Files  int
	Partly bool // there is more, or may be: it holds a great many entries, or closed folders
}

// measureHome walks through a home. The error is the first that ended a folder.
func measureHome(home string, list lister, now func() time.Time) (e Extent, failed error) {
	end, left := now().Add(longestInHome), mostInHome
	for folders := []string{home}; len(folders) > 0; {
		folder := folders[len(folders)-1]
		folders = folders[:len(folders)-1]
		for entry, err := range list(folder) {
			if left--; left < 0 || now().After(end) {
				e.Partly = true
				return e, failed
			}
			switch {
			case err != nil:
				e.Partly = true
				if failed == nil {
					failed = err
				}
			case entry.dir:
				folders = append(folders, path.Join(folder, entry.name))
			default:
				e.Size += Size(max(0, entry.size))
				e.Files++
			}
		}
		if lost(failed) {
			return e, failed
		}
	}
	return e, failed
}
