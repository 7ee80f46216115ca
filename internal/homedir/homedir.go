// Package homedir gives the two attributes msIIS-FTPRoot and msIIS-FTPDir their
// meaning: Home is the pair as stored, Location the place that it names. Both
// are comparable values; nothing here touches a disk, a share or a directory.
package homedir

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// MaxUnits is the longest attribute value in UTF-16 units (AD schema, rangeUpper
// of both attributes; rangeLower is 1).
const MaxUnits = 256

// The LDAP names of the two attributes.
const (
	AttrRoot = "msIIS-FTPRoot"
	AttrDir  = "msIIS-FTPDir"
)

// ValueError says which attribute value is refused and why.
type ValueError struct {
	Attr   string // AttrRoot or AttrDir
	Value  string
	Reason string
}

// Error returns one line with the attribute, the quoted value and the reason.
func (e *ValueError) Error() string {
	return e.Attr + " " + quote(e.Value) + " " + e.Reason
}

// quote shortens a value and puts it in quotes. Backslashes stay as they are,
// since every path here has them; only what cannot be printed is escaped, byte
// by byte where it is not UTF-8.
func quote(s string) string {
	const most = 80
	var quoted strings.Builder
	for n := 0; s != ""; n++ {
		if n == most {
			quoted.WriteString("…")
			break
		}
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&quoted, `\x%02x`, s[0])
		case unicode.IsPrint(r):
			quoted.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&quoted, `\U%08x`, r)
		default:
			fmt.Fprintf(&quoted, `\u%04x`, r)
		}
		s = s[size:]
	}
	return `"` + quoted.String() + `"`
}

// Home is a valid pair of attribute values.
type Home struct {
	root, dir string
	location  Location
}

// New validates the pair. The error is a *ValueError.
func New(root, dir string) (Home, error) {
	base, err := parseRoot(root)
	if err != nil {
		return Home{}, err
	}
	components, err := parseDir(dir)
	if err != nil {
		return Home{}, err
	}
	return Home{root: root, dir: dir, location: base.join(components)}, nil
}

// CheckRoot validates a value for msIIS-FTPRoot alone: a UNC path with server
// and share, an absolute path with a drive letter, or an absolute POSIX path.
func CheckRoot(root string) error {
	_, err := parseRoot(root)
	return err
}

// CheckDir validates a value for msIIS-FTPDir alone: a path relative to the
// root, without "..", stream, device or short (8.3) names.
func CheckDir(dir string) error {
	_, err := parseDir(dir)
	return err
}

// Root returns msIIS-FTPRoot as stored.
func (h Home) Root() string { return h.root }

// Dir returns msIIS-FTPDir as stored.
func (h Home) Dir() string { return h.dir }

// Location returns the place that the pair names: root, one separator, dir.
func (h Home) Location() Location { return h.location }

func parseRoot(root string) (Location, error) {
	if reason := checkValue(root); reason != "" {
		return Location{}, &ValueError{AttrRoot, root, reason}
	}
	location, err := ParseLocation(root)
	if err == nil {
		err = checkShort(components(location.path))
	}
	if err != nil {
		return Location{}, &ValueError{AttrRoot, root, err.Error()}
	}
	return location, nil
}

func parseDir(dir string) ([]string, error) {
	refuse := func(reason string) ([]string, error) {
		return nil, &ValueError{AttrDir, dir, reason}
	}
	if reason := checkValue(dir); reason != "" {
		return refuse(reason)
	}
	if hasDrive(dir) {
		return refuse("is an absolute path; it must be relative to " + AttrRoot)
	}
	relative := strings.ReplaceAll(dir, `\`, "/")
	// One leading separator is a habit of many administrators; two make a UNC path.
	relative = strings.TrimPrefix(relative, "/")
	if strings.HasPrefix(relative, "/") {
		return refuse("is a UNC path; it must be relative to " + AttrRoot)
	}
	components, err := split(relative)
	if err == nil {
		err = checkShort(components)
	}
	if err != nil {
		return refuse(err.Error())
	}
	return components, nil
}

func checkValue(value string) string {
	switch n := winpath.Units(value); {
	case n == 0:
		return "is empty; use clear to remove it"
	case n > MaxUnits:
		return fmt.Sprintf("has %d characters; Active Directory takes at most %d", n, MaxUnits)
	}
	if err := winpath.CheckText(value); err != nil {
		return err.Error()
	}
	if strings.TrimSpace(value) != value {
		return "begins or ends with a blank"
	}
	return ""
}

// split turns a slash-separated path into its components; repeated separators
// and "." are dropped, as Windows drops them.
func split(path string) ([]string, error) {
	var components []string
	for name := range strings.SplitSeq(path, "/") {
		if name == "" || name == "." {
			continue
		}
		if name == ".." {
			return nil, fmt.Errorf(`holds ".."; a home cannot be reached through its parent`)
		}
		if err := winpath.Check(name); err != nil {
			return nil, componentError(name, err)
		}
		components = append(components, name)
	}
	return components, nil
}

func componentError(name string, reason error) error {
	return fmt.Errorf("has the component %s, which %w", quote(name), reason)
}

// checkShort refuses names that a Windows volume or a file server may take for
// the alias of another folder, behind whichever folder it is. It is asked about attribute values, not by
// ParseLocation: the folders of a configuration are their operator's own, and
// the temporary folder of a Windows account often has a short name.
func checkShort(components []string) error {
	for _, name := range components {
		if winpath.IsShort(name) {
			return componentError(name, winpath.ErrShort)
		}
	}
	return nil
}
