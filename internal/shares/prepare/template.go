package prepare

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// The names of the templates that are built in.
const (
	Private = "private" // the user modifies, administrators and the system do everything, nothing is inherited
	Inherit = "inherit" // what the folder above hands down, and nothing else
)

const (
	placeholder = "{{.SID}}"
	// The user owns the home, so that a quota counts for the user. An owner may change
	// the list, which nobody but Windows' own tools does: FTP has no word for it.
	private = "O:" + placeholder + "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;" + placeholder + ")"
	// sample stands for any user while a template is checked.
	sample = "S-1-5-21-1-2-3-1000"
)

// Template says who owns a directory and who may do what in it. The zero value is
// Inherit.
type Template struct{ name, sddl string }

// ParseTemplate reads private, inherit, or a descriptor in SDDL in which {{.SID}}
// stands for the user. One that does not leave the user the right to modify is
// refused, and so is one that lets everybody in. Without an owner (O:) whoever makes
// the directory owns it.
func ParseTemplate(text string) (Template, error) {
	switch text {
	case Private:
		return Template{Private, private}, nil
	case Inherit:
		return Template{name: Inherit}, nil
	}
	t := Template{name: "sddl", sddl: text}
	left := strings.ReplaceAll(text, placeholder, "")
	switch {
	case !strings.Contains(text, ":"):
		return t, fmt.Errorf("%q is no template: it is private, inherit or a descriptor in SDDL", text)
	case left == text || strings.Contains(left, "{{"):
		return t, fmt.Errorf("the template names the user by %s, and by nothing else", placeholder)
	}
	user, err := secdesc.ParseSID(sample)
	if err != nil {
		return t, err
	}
	d, err := t.fill(user)
	if err != nil {
		return t, err
	}
	return t, check(d, user)
}

// String returns the template's name; of one of somebody's own it is the text.
func (t Template) String() string {
	if t.name == "sddl" {
		return t.sddl
	}
	return t.name
}

// inherits says whether the folder above decides.
func (t Template) inherits() bool { return t.sddl == "" }

// fill puts a user into the text.
func (t Template) fill(user secdesc.SID) (secdesc.Descriptor, error) {
	d, err := secdesc.ParseSDDL(strings.ReplaceAll(t.sddl, placeholder, user.String()), user.Domain())
	if err != nil {
		return d, fmt.Errorf("the template: %w", err)
	}
	if d.DACL != nil {
		for i, e := range d.DACL.Entries { // a server would, and then the list was not what we wrote
			d.DACL.Entries[i].Mask = e.Mask.Expand(secdesc.File)
		}
	}
	return d, nil
}

// check refuses a descriptor that no home should have.
func check(d secdesc.Descriptor, user secdesc.SID) error {
	if d.DACL == nil {
		return errors.New("the template has no access list (D:), which would let everybody in")
	}
	if !modifies(d, token(user)) {
		return errors.New("the template does not let the user modify what is in the directory")
	}
	strangers := token("")
	strangers.SIDs = append(strangers.SIDs, user.Domain().WithRID(domainUsers))
	if secdesc.Effective(d, strangers).Possible&(secdesc.ListFolder|secdesc.AddFile|secdesc.AddFolder) != 0 {
		return errors.New("the template lets everybody in")
	}
	return nil
}

// token is what is known of an account without asking anybody; of "" only what all
// accounts are.
func token(user secdesc.SID) secdesc.Token {
	t := secdesc.Token{SIDs: []secdesc.SID{secdesc.Everyone, secdesc.AuthenticatedUsers, secdesc.Network, secdesc.ThisOrganization, secdesc.Users}}
	if user != "" {
		t.SIDs = append(t.SIDs, user, user.Domain().WithRID(domainUsers))
	}
	return t
}

// domainUsers is the group that all users of a domain are in.
const domainUsers = 513

// modifies says whether a token may work in a directory as its user does. The right
// to delete the directory itself is no part of that.
func modifies(d secdesc.Descriptor, t secdesc.Token) bool {
	const wanted = secdesc.FileModify &^ secdesc.Delete
	return secdesc.Effective(d, t).Granted&wanted == wanted
}

// handedDown is the descriptor that a folder with the descriptor parent gives to one
// that user makes in it; ok is false where it gives none.
func handedDown(parent secdesc.Descriptor, user secdesc.SID) (d secdesc.Descriptor, ok bool) {
	list := secdesc.Inherit(parent, user, parent.Group, true)
	if list == nil {
		return d, false
	}
	return secdesc.Descriptor{Control: secdesc.DACLPresent | secdesc.DACLInherited, Owner: user, DACL: list}, true
}

// canonical says what counts in a descriptor when two are compared: the owner, the
// list, and whether it is cut off from the folder above. Servers decide about the
// group and mark lists in ways of their own.
func canonical(d secdesc.Descriptor) string {
	d.Group, d.SACL = "", nil
	d.Control &= secdesc.DACLPresent | secdesc.DACLProtected
	return d.SDDL()
}

// list is canonical without the owner.
func list(d secdesc.Descriptor) string {
	d.Owner = ""
	return canonical(d)
}

// written is the form that goes to a server. Without being asked to, it would drop
// the mark that the list knows which of its entries are inherited ([MS-DTYP] 2.4.6).
func written(d secdesc.Descriptor) []byte {
	if d.Control&secdesc.DACLInherited != 0 {
		d.Control |= secdesc.DACLInheritReq
	}
	return d.Bytes()
}
