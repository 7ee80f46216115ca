package plan

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// Reroot is the rule that moves users from one root, and from whatever lies below
// it, to another. Their directories stay what they are.
type Reroot struct {
	from homedir.Location
	to   string
}

// NewReroot checks both roots. All spellings of from mean the same place.
func NewReroot(from, to string) (Reroot, error) {
	if err := homedir.CheckRoot(from); err != nil {
		return Reroot{}, err
	}
	if err := homedir.CheckRoot(to); err != nil {
		return Reroot{}, err
	}
	location, err := homedir.ParseLocation(from)
	if err != nil {
		return Reroot{}, fmt.Errorf("%q %w", from, err)
	}
	target, err := homedir.ParseLocation(to)
	if err != nil {
		return Reroot{}, fmt.Errorf("%q %w", to, err)
	}
	if location.Key() == target.Key() && from == to {
		return Reroot{}, errors.New("the old root and the new one are the same")
	}
	return Reroot{location, to}, nil
}

// after returns the new root with what the old one had below from. A root that
// makes no sense lies nowhere.
func (r Reroot) after(u ldapattr.User) (*Values, error) {
	root, err := homedir.ParseLocation(u.Root)
	if u.Root == "" || err != nil {
		return nil, nil
	}
	rest, below := r.from.Rel(root)
	if !below {
		return nil, nil
	}
	after := &Values{Root: joined(r.to, rest), Dir: u.Dir}
	return after, homedir.CheckRoot(after.Root)
}

// joined puts a path with slashes below a root, in the root's own notation.
func joined(root, rest string) string {
	if rest == "" {
		return root
	}
	separator := `\`
	if strings.HasPrefix(root, "/") {
		separator = "/"
	}
	return strings.TrimRight(root, `\/`) + separator + strings.ReplaceAll(rest, "/", separator)
}
