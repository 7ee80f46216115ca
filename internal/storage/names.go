package storage

import (
	"crypto/rand"
	"io/fs"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// StaleAfter is the age at which a temporary file is taken for the remains of a
// process that died; listing its directory then deletes it.
const StaleAfter = 24 * time.Hour

// An upload idles for minutes at most, so a temporary file that nobody has
// written to for StaleAfter has no owner.
const temporaryPrefix = ".~ftpiso-"

// TemporaryName returns a fresh name for an upload that is not whole yet.
func TemporaryName() string { return temporaryPrefix + rand.Text() }

// IsTemporary reports whether name, one component, is kept for uploads in
// progress, in any letter case.
func IsTemporary(name string) bool {
	return len(name) >= len(temporaryPrefix) && strings.EqualFold(name[:len(temporaryPrefix)], temporaryPrefix)
}

// Parts splits a name, as Resolve returns it, into its components; the home has
// none. A name of any other form, or with a component that winpath.Check refuses
// or that winpath.IsShort takes for an alias, is winerr.InvalidName: a folder of
// Linux can be a volume of Windows, too. A temporary name does not exist for clients:
// winerr.FileNotFound.
func Parts(name string) ([]string, error) {
	if name == "/" {
		return nil, nil
	}
	below, absolute := strings.CutPrefix(name, "/")
	if !absolute {
		return nil, winerr.InvalidName
	}
	parts := strings.Split(below, "/")
	for _, part := range parts {
		if winpath.Check(part) != nil || winpath.IsShort(part) {
			return nil, winerr.InvalidName
		}
		if IsTemporary(part) {
			return nil, winerr.FileNotFound
		}
	}
	return parts, nil
}

// RenameParts splits both names of a rename and refuses what no storage can do:
// to move the home itself (winerr.AccessDenied), onto it (winerr.AlreadyExists),
// or a directory below itself (winerr.InvalidParameter).
func RenameParts(from, to string) (source, target []string, err error) {
	if source, err = Parts(from); err != nil {
		return nil, nil, err
	}
	if target, err = Parts(to); err != nil {
		return nil, nil, err
	}
	switch {
	case len(source) == 0:
		return nil, nil, winerr.AccessDenied
	case len(target) == 0:
		return nil, nil, winerr.AlreadyExists
	case strings.HasPrefix(to, from+"/"):
		return nil, nil, winerr.InvalidParameter
	}
	return source, target, nil
}

// Visible reports whether List shows an entry: a regular file or a directory,
// not temporary, whose name can be printed on one line and names one component.
func Visible(name string, mode fs.FileMode) bool {
	if !mode.IsRegular() && mode.Type() != fs.ModeDir {
		return false
	}
	if name == "." || name == ".." || IsTemporary(name) || strings.ContainsAny(name, `/\`) {
		return false
	}
	return winpath.CheckText(name) == nil
}
