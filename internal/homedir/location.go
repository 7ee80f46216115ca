package homedir

import (
	"errors"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// Kind says what sort of place a Location is.
type Kind uint8

// The kinds of places.
const (
	KindNone  Kind = iota // the zero Location
	KindUNC               // \\server\share\path
	KindDrive             // D:\path
	KindPOSIX             // /path
)

// Location is a place: server and share of a UNC path, or a local volume, and a
// path below it. It is comparable, but two spellings of one place are equal only
// by Key.
type Location struct {
	kind          Kind
	server, share string // KindDrive: share is the letter, as in "D"
	path          string // components joined by "/", without leading separator
}

// ParseLocation reads a UNC path with server and share, an absolute path with a
// drive letter, or an absolute POSIX path. Device paths (\\?\, \\.\), "..",
// device names, streams and control characters are refused. The error says why,
// without naming the value.
func ParseLocation(s string) (Location, error) {
	switch {
	case strings.HasPrefix(s, `\\?\`), strings.HasPrefix(s, `\\.\`), strings.HasPrefix(s, `\??\`):
		return Location{}, errors.New(`is a device path; write \\server\share or D:\folder`)
	case strings.HasPrefix(s, `\\`):
		return parseUNC(s[2:])
	case hasDrive(s):
		return parseDrive(s)
	case strings.HasPrefix(s, "//"):
		return Location{}, errors.New(`begins with forward slashes; write \\server\share`)
	case strings.HasPrefix(s, "/"):
		components, err := split(s)
		return Location{kind: KindPOSIX}.join(components), err
	}
	return Location{}, errors.New(`is not absolute; write \\server\share, D:\folder or /folder`)
}

func parseUNC(s string) (Location, error) {
	parts := strings.SplitN(strings.ReplaceAll(s, `\`, "/"), "/", 3)
	if len(parts) < 2 || parts[0] == "" || parts[1] == "" {
		return Location{}, errors.New(`names no share; write \\server\share`)
	}
	server, share := parts[0], parts[1]
	if !validHost(server) {
		return Location{}, errors.New("has no valid server name")
	}
	if winpath.Check(share) != nil || strings.EqualFold(share, "IPC$") || strings.EqualFold(share, "pipe") {
		return Location{}, errors.New("has no valid share name")
	}
	location := Location{kind: KindUNC, server: server, share: share}
	if len(parts) < 3 {
		return location, nil
	}
	components, err := split(parts[2])
	return location.join(components), err
}

func parseDrive(s string) (Location, error) {
	if len(s) < 3 || (s[2] != '\\' && s[2] != '/') {
		return Location{}, errors.New(`is relative to the current folder of a drive; write D:\folder`)
	}
	components, err := split(strings.ReplaceAll(s[2:], `\`, "/"))
	return Location{kind: KindDrive, share: strings.ToUpper(s[:1])}.join(components), err
}

func hasDrive(s string) bool {
	return len(s) >= 2 && s[1] == ':' && (s[0]|0x20) >= 'a' && (s[0]|0x20) <= 'z'
}

func validHost(host string) bool {
	const most = 255
	if host == "" || len(host) > most || strings.Trim(host, ".") != host {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
	}
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	return strings.Trim(host, allowed) == ""
}

func (l Location) join(components []string) Location {
	parts := components
	if l.path != "" {
		parts = append([]string{l.path}, components...)
	}
	l.path = strings.Join(parts, "/")
	return l
}

// Kind returns what sort of place l is.
func (l Location) Kind() Kind { return l.kind }

// Local reports whether l is a folder of this machine, whatever its system.
func (l Location) Local() bool { return l.kind == KindDrive || l.kind == KindPOSIX }

// Server returns the host of a UNC path as written, else "".
func (l Location) Server() string { return l.server }

// Share returns the share of a UNC path, or the letter of a drive.
func (l Location) Share() string { return l.share }

// Path returns the path below the share or volume, slash-separated, without
// leading separator; "" is its root.
func (l Location) Path() string { return l.path }

// Below returns the place at a path below l, which is slash-separated as Rel
// returns it.
func (l Location) Below(path string) Location { return l.join(components(path)) }

// Base returns the share or volume that l lies on.
func (l Location) Base() Location { l.path = ""; return l }

// String returns the place in the notation of its kind.
func (l Location) String() string {
	windows := strings.ReplaceAll(l.path, "/", `\`)
	switch l.kind {
	case KindUNC:
		return strings.TrimSuffix(`\\`+l.server+`\`+l.share+`\`+windows, `\`)
	case KindDrive:
		return l.share + `:\` + windows
	case KindPOSIX:
		return "/" + l.path
	}
	return ""
}

// MarshalText returns String.
func (l Location) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Key returns one spelling for all spellings of the place: letter case is folded
// as NTFS folds it, except in POSIX paths.
func (l Location) Key() string {
	if l.kind == KindPOSIX {
		return l.String()
	}
	return winpath.Fold(l.String())
}

// Contains reports whether other is l itself or lies below it, by whole
// components: \\fs\s\a does not contain \\fs\s\ab.
func (l Location) Contains(other Location) bool {
	_, ok := l.Rel(other)
	return ok
}

// Rel returns the path of other below l, slash-separated and "" for l itself,
// and whether l contains other.
func (l Location) Rel(other Location) (string, bool) {
	if l.kind == KindNone || l.kind != other.kind || l.Base().Key() != other.Base().Key() {
		return "", false
	}
	above, below := components(l.path), components(other.path)
	if len(above) > len(below) {
		return "", false
	}
	for i, name := range above {
		if name != below[i] && (l.kind == KindPOSIX || winpath.Fold(name) != winpath.Fold(below[i])) {
			return "", false
		}
	}
	return strings.Join(below[len(above):], "/"), true
}

func components(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}
