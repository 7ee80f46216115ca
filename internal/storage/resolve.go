package storage

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// MaxName is the longest name that Resolve returns, in UTF-16 units.
const MaxName = 4096

// Resolve turns the argument of an FTP command into a name for FS, seen from the
// directory cwd. It is the only place where ".." is understood; ".." at the top
// stays at the top. Both separators count. A component that Windows would not
// store under exactly its name is refused with winerr.InvalidName, so that
// device names, alternate streams and trailing dots reach no storage.
func Resolve(cwd, arg string) (string, error) {
	// With the dot taken for "this directory" the rest would be a name like any other.
	if strings.HasPrefix(arg, `\\.\`) || arg == `\\.` {
		return "", fmt.Errorf("device name: %w", winerr.InvalidName)
	}
	arg = strings.ReplaceAll(arg, `\`, "/")
	if strings.HasPrefix(arg, "/") {
		cwd = "/"
	}
	var kept []string
	for part := range strings.SplitSeq(path.Join("/", cwd), "/") {
		if part != "" {
			kept = append(kept, part)
		}
	}
	for part := range strings.SplitSeq(arg, "/") {
		switch part {
		case "", ".":
			continue
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
			continue
		}
		if err := winpath.Check(part); err != nil {
			if errors.Is(err, winpath.ErrLong) {
				return "", fmt.Errorf("name %q: %w", "…", winerr.FilenameTooLong)
			}
			return "", fmt.Errorf("name %q %v: %w", part, err, winerr.InvalidName)
		}
		kept = append(kept, part)
	}
	name := "/" + strings.Join(kept, "/")
	if winpath.Units(name) > MaxName {
		return "", winerr.FilenameTooLong
	}
	return name, nil
}
