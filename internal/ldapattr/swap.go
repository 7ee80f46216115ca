package ldapattr

import (
	"slices"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// swap is the change of one attribute: from seen to want, "" being absent. With
// both the same it is an assertion.
type swap struct {
	attribute  string
	seen, want string
	force      bool
	valid      func(string) error // nil: the value is not the caller's
}

// swapsOf lists what the change concerns: both attributes, since they make one
// home, except that force neither compares nor writes what is not named.
func swapsOf(u User, change Update) []swap {
	var list []swap
	for _, row := range []struct {
		attribute, seen string
		want            *string
		valid           func(string) error
	}{
		{homedir.AttrRoot, u.Root, change.Root, homedir.CheckRoot},
		{homedir.AttrDir, u.Dir, change.Dir, homedir.CheckDir},
	} {
		if change.Restore {
			row.valid = nil
		}
		switch {
		case row.want != nil:
			list = append(list, swap{row.attribute, row.seen, *row.want, change.Force, row.valid})
		case !change.Force:
			list = append(list, swap{attribute: row.attribute, seen: row.seen, want: row.seen})
		}
	}
	return list
}

// check applies the rules of package homedir to a new value.
func (s swap) check() error {
	if s.want == "" || s.valid == nil {
		return nil
	}
	return s.valid(s.want)
}

// moves says whether the swap needs a write.
func (s swap) moves() bool { return s.force || s.seen != s.want }

// modifyOf is the one modify of an object that makes all swaps, or none; it has no
// changes when nothing moves.
func modifyOf(object string, swaps []swap) *ldap.ModifyRequest {
	request := ldap.NewModifyRequest(object, nil)
	if slices.ContainsFunc(swaps, swap.moves) {
		for _, s := range swaps {
			s.changes(request)
		}
	}
	return request
}

// probe is added and deleted again within one modify; nobody ever sees it.
const probe = "-"

// changes writes the swap so that the directory itself compares: Active
// Directory has no assertion control, but deleting a value that is not there, or
// adding where one is, fails the whole modify. The changes of a modify are made
// in order and all at once (RFC 4511, section 4.6).
func (s swap) changes(request *ldap.ModifyRequest) {
	switch {
	case s.force && s.want == "":
		request.Replace(s.attribute, nil)
	case s.force:
		request.Replace(s.attribute, []string{s.want})
	case s.seen == "" && s.want == "":
		request.Add(s.attribute, []string{probe})
		request.Delete(s.attribute, []string{probe})
	default:
		// Of two attributes the one that stays is swapped for itself: it must
		// not have changed either.
		if s.seen != "" {
			request.Delete(s.attribute, []string{s.seen})
		}
		if s.want != "" {
			request.Add(s.attribute, []string{s.want})
		}
	}
}

// reversed are the swaps that take others back.
func reversed(swaps []swap) []swap {
	list := make([]swap, len(swaps))
	for i, s := range swaps {
		list[i] = swap{attribute: s.attribute, seen: s.want, want: s.seen}
	}
	return list
}

// presentIn returns the attribute's value in u.
func (s swap) presentIn(u User) string {
	if s.attribute == homedir.AttrRoot {
		return u.Root
	}
	return u.Dir
}

// reached says whether u already is what the swaps want.
func reached(now User, swaps []swap) bool {
	for _, s := range swaps {
		if s.presentIn(now) != s.want {
			return false
		}
	}
	return true
}
