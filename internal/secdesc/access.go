package secdesc

import (
	"fmt"
	"strings"
)

// Token is whose access is weighed, and to what.
type Token struct {
	Kind Kind
	SIDs []SID // the user, all groups, and what the logon adds, such as Everyone and AuthenticatedUsers
	Self SID   // of the object itself, which PrincipalSelf in its list stands for; "" where it has none
	// Targets are the attribute in question with its property set and class, or the
	// extended right: entries that are narrowed to something else do not count. None
	// asks about the object as a whole.
	Targets []GUID
}

// Access is what a token may do.
type Access struct {
	Granted Rights // certainly, privileges and the server's own rules aside
	// Possible is Granted and what conditions or unknown entries might add. To be
	// careful about what a user lacks look at Granted, about what a stranger has at
	// Possible.
	Possible   Rights
	Decisions  []Decision // in the order of the list; each right is in one of them
	NotChecked string     // why Granted and Possible may differ; "" when all was weighed
}

// Decision says what settled some of the rights, as Granted has them.
type Decision struct {
	Rights  Rights
	Granted bool
	Entry   int    // index in the DACL; -1: no entry
	Reason  string // where there is no entry
}

// Why returns the decision about the first of the rights that is refused, or, when
// none is, about the first of them.
func (a Access) Why(r Rights) Decision {
	var first *Decision
	for i, d := range a.Decisions {
		if d.Rights&r == 0 {
			continue
		}
		if !d.Granted {
			return d
		}
		if first == nil {
			first = &a.Decisions[i]
		}
	}
	if first == nil {
		return Decision{Rights: r, Entry: -1, Reason: "the object has no such right"}
	}
	return *first
}

// The reasons of decisions without an entry.
const (
	reasonNoList  = "there is no list, which lets everybody do everything"
	reasonOwner   = "the owner may always read and change the list"
	reasonNoEntry = "no entry of the list gives it"
)

// Effective weighs what a token may do, as Windows does (MS-DTYP 2.5.3.2): entries
// count in the order of the list, the first that mentions a right decides about it,
// those for heirs alone are passed over. The owner may read and change the list,
// unless it has entries for OwnerRights. Generic rights in entries count as what
// they mean for the kind. Conditions are not evaluated and the token's privileges
// not known.
func Effective(d Descriptor, t Token) Access {
	all := t.Kind.All()
	if d.DACL == nil {
		return Access{Granted: all, Possible: all, Decisions: []Decision{{Rights: all, Granted: true, Entry: -1, Reason: reasonNoList}}}
	}
	w := newWalk(d, t)
	var a Access
	if w.owner && !w.ownerListed {
		implied := ReadControl | WriteDACL
		w.sure.decide(implied, true)
		w.most.decide(implied, true)
		a.Decisions = append(a.Decisions, Decision{Rights: implied, Granted: true, Entry: -1, Reason: reasonOwner})
	}
	for i, e := range d.DACL.Entries {
		mask, relevant := w.concerns(e)
		if !relevant {
			continue
		}
		decided, granted := w.weigh(e, mask)
		if decided != 0 {
			a.Decisions = append(a.Decisions, Decision{Rights: decided, Granted: granted, Entry: i})
		}
	}
	if left := all &^ w.sure.decided; left != 0 {
		a.Decisions = append(a.Decisions, Decision{Rights: left, Entry: -1, Reason: reasonNoEntry})
	}
	a.Granted, a.Possible, a.NotChecked = w.sure.granted, w.most.granted, w.unchecked()
	return a
}

// verdict is what has been decided so far, on one view of what is not known.
type verdict struct{ decided, granted Rights }

// decide settles what is still open of a mask and returns it.
func (v *verdict) decide(mask Rights, granted bool) Rights {
	open := mask &^ v.decided
	v.decided |= open
	if granted {
		v.granted |= open
	}
	return open
}

// walk goes through a list twice at once: sure takes what is not known for a
// refusal, most for a permission.
type walk struct {
	token       Token
	members     map[SID]bool
	targets     map[GUID]bool
	owner       bool // the token is the owner
	ownerListed bool // and the list says what owners may
	sure, most  verdict
	conditional int // entries that were not evaluated
	unknown     int
}

func newWalk(d Descriptor, t Token) *walk {
	w := &walk{token: t, members: make(map[SID]bool, len(t.SIDs)), targets: map[GUID]bool{}}
	for _, sid := range t.SIDs {
		w.members[sid] = true
	}
	for _, g := range t.Targets {
		w.targets[g] = true
	}
	w.owner = d.Owner != "" && w.members[d.Owner]
	for _, e := range d.DACL.Entries {
		if e.SID == OwnerRights && e.Flags&InheritOnly == 0 && (e.Type.allows() || e.Type.denies()) {
			w.ownerListed = true
		}
	}
	return w
}

// concerns says whether an entry is about the token and the object, and with what.
func (w *walk) concerns(e ACE) (Rights, bool) {
	all := w.token.Kind.All()
	switch {
	case e.Flags&InheritOnly != 0:
		return 0, false
	case e.Type.layout() == opaque || e.Type == accessFilter:
		return all, true
	case !e.Type.allows() && !e.Type.denies(): // audit, labels, attributes
		return 0, false
	case e.Object != nil && !w.targets[*e.Object]:
		return 0, false
	}
	return e.Mask.Expand(w.token.Kind), w.is(e.SID)
}

// accessFilter entries take rights away where their condition does not hold.
const accessFilter ACEType = 0x15

func (w *walk) is(sid SID) bool {
	switch sid {
	case OwnerRights:
		return w.owner
	case PrincipalSelf:
		return w.token.Self != "" && w.members[w.token.Self]
	}
	return w.members[sid]
}

// weigh lets an entry decide, and returns what it has settled for sure.
func (w *walk) weigh(e ACE, mask Rights) (Rights, bool) {
	switch {
	case e.Type == accessFilter:
		w.conditional++
		return w.sure.decide(mask, false), false
	case e.Type.layout() == opaque:
		w.unknown++
		w.most.decide(mask, true)
		return w.sure.decide(mask, false), false
	case !e.Type.conditional():
		w.most.decide(mask, e.Type.allows())
		return w.sure.decide(mask, e.Type.allows()), e.Type.allows()
	case e.Type.allows():
		w.conditional++
		w.most.decide(mask, true)
		return 0, false
	}
	w.conditional++
	return w.sure.decide(mask, false), false
}

// unchecked says what was not weighed.
func (w *walk) unchecked() string {
	var parts []string
	if w.conditional > 0 {
		parts = append(parts, fmt.Sprintf("%d entries depend on conditions, which are not evaluated", w.conditional))
	}
	if w.unknown > 0 {
		parts = append(parts, fmt.Sprintf("%d entries are of types that are not known", w.unknown))
	}
	return strings.Join(parts, "; ")
}
