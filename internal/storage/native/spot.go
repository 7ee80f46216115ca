//go:build windows

package native

import (
	"strings"

	"golang.org/x/sys/windows"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// spot is a place in the home: the directory that holds it, and its name there,
// "" for the home itself. Whatever becomes of the way to the directory, the spot
// stays where it was found.
type spot struct {
	dir  folder
	base string
	key  string // in the table of open files: letter case does not count
}

func (s spot) close() { _ = s.dir.Close() }

func (s spot) isHome() bool { return s.base == "" }

// reach opens the directory that holds the last part.
func (h *home) reach(parts []string) (spot, error) {
	at := spot{key: winpath.Fold(strings.Join(append([]string{h.place}, parts...), `\`))}
	above := ""
	if last := len(parts) - 1; last >= 0 {
		above, at.base = strings.Join(parts[:last], `\`), parts[last]
	}
	dir, err := h.root.enter(above, windows.FILE_TRAVERSE)
	switch winerr.Of(err) {
	case winerr.Success:
		at.dir = dir
		return at, nil
	case winerr.FileNotFound, winerr.Directory:
		return spot{}, winerr.PathNotFound
	}
	return spot{}, err
}

// idle refuses what Windows refuses while a file, or one below a directory, is
// being uploaded.
func (h *home) idle(at spot) error { return h.opt.OpenFiles.Idle(at.key, `\`) }
