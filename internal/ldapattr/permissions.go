package ldapattr

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const attrDescriptor = "nTSecurityDescriptor"

// Parts of a descriptor, for the control SD_FLAGS (MS-ADTS 3.1.1.3.4.1.11). Without
// it a domain controller takes a write for one of all parts, the SACL too, and most
// accounts may not read or write that.
const (
	partOwner = 1
	partGroup = 2
	partDACL  = 4
)

// Permissions reads and changes who may do what to objects of a directory, and knows
// the names of SIDs. One of the first two fields must be set; with a Forest the users
// and names of all its domains are known. It is safe for concurrent use.
type Permissions struct {
	Directory *Directory
	Forest    *Forest

	mu    sync.Mutex
	names map[secdesc.SID]string // what has been asked about; "" is known to have none
}

// Secured is an object with its security descriptor, without its SACL, as it was
// read.
type Secured struct {
	DN         string
	GUID       GUID
	DNSDomain  string // of the domain that it was read from; "" stands for the home domain
	Descriptor secdesc.Descriptor
}

// home is the domain of the configuration.
func (p *Permissions) home() *Directory {
	if p.Forest != nil {
		return p.Forest.Home()
	}
	return p.Directory
}

// domainOf is the domain of a user, or of another object that was read from it.
func domainOf(ctx context.Context, p *Permissions, u User) (*Directory, error) {
	if p.Forest == nil {
		return p.Directory, nil
	}
	return p.Forest.DomainOf(ctx, u)
}

// Domain returns the domain that the object with that DN lies in, or would, connected.
// Errors: ErrUsage for what is no DN of a known domain, ErrUnreachable.
func (p *Permissions) Domain(ctx context.Context, dn string) (*Directory, error) {
	if p.Forest != nil {
		if m := p.Forest.members.holding(dn); m != nil {
			return p.Forest.open(ctx, m)
		}
	}
	if _, err := within(dn, p.home().domain.namingContext); err != nil {
		e := &Error{Kind: ErrUsage, Op: "find the domain of", Object: abridge(dn), Err: err}
		if p.Forest != nil && len(p.Forest.members) > 1 {
			e.Hint = "the domains of this forest are " + p.Forest.members.list()
		}
		return nil, e
	}
	return p.home(), nil
}

// Descriptor reads the owner, the group and the DACL of one object, which is named by
// its DN. Errors: ErrUsage for what is no DN of a known domain, ErrNotFound, ErrRights
// when it may not be read, ErrUnreachable.
func (p *Permissions) Descriptor(ctx context.Context, dn string) (Secured, error) {
	d, err := p.Domain(ctx, dn)
	if err != nil {
		return Secured{}, err
	}
	return readPermissions(ctx, d, dn, dn)
}

// Again reads an object once more, wherever it has been moved to in its domain. GUID
// and DNSDomain say which one it is. Errors: those of Descriptor.
func (p *Permissions) Again(ctx context.Context, was Secured) (Secured, error) {
	d, err := domainOf(ctx, p, User{DN: was.DN, DNSDomain: was.DNSDomain})
	if err != nil {
		return Secured{}, err
	}
	name := "<GUID=" + was.GUID.String() + ">"
	object := was.DN
	if object == "" {
		object = name
	}
	return readPermissions(ctx, d, name, object)
}

// readPermissions reads the object of a domain that a request calls name.
func readPermissions(ctx context.Context, d *Directory, name, object string) (Secured, error) {
	var found Secured
	err := d.request(ctx, func(ctx context.Context, l *link) error {
		var err error
		found, err = readSecured(ctx, l, name)
		return err
	})
	if err != nil {
		return Secured{}, explain("read the permissions of", abridge(object), err)
	}
	found.DNSDomain = d.domain.info.DNSName
	return found, nil
}

// readSecured reads over one connection.
func readSecured(ctx context.Context, l *link, name string) (Secured, error) {
	const op = "read the permissions of"
	var entries []*ldap.Entry
	err := l.do(ctx, func(conn *ldap.Conn) error {
		request := ldap.NewSearchRequest(name, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 1, 0, false,
			"(objectClass=*)", []string{attrGUID, attrDescriptor}, []ldap.Control{sdFlags(partOwner | partGroup | partDACL)})
		result, err := conn.Search(request)
		if result != nil {
			entries = result.Entries
		}
		return err
	})
	switch {
	case ldap.IsErrorAnyOf(err, ldap.LDAPResultNoSuchObject, ldap.LDAPResultInvalidDNSyntax), err == nil && len(entries) != 1:
		return Secured{}, &Error{Kind: ErrNotFound, Op: op, Object: abridge(name), Win32: winerr.NoSuchUser, Err: absence("there is no such object")}
	case err != nil:
		return Secured{}, err
	}
	return securedOf(entries[0])
}

// securedOf decodes an entry.
func securedOf(entry *ldap.Entry) (Secured, error) {
	const op = "read the permissions of"
	found := Secured{DN: entry.DN}
	guid, octets := entry.GetEqualFoldRawAttributeValue(attrGUID), entry.GetEqualFoldRawAttributeValue(attrDescriptor)
	if len(guid) != len(found.GUID) || len(octets) == 0 {
		return Secured{}, &Error{Kind: ErrRights, Op: op, Object: abridge(entry.DN), Win32: winerr.AccessDenied,
			Err: errors.New(attrGUID + " or " + attrDescriptor + " cannot be read"), Hint: "the account needs the right Read permissions there"}
	}
	copy(found.GUID[:], guid)
	descriptor, err := secdesc.Parse(octets)
	if err != nil {
		return Secured{}, &Error{Kind: ErrServer, Op: op, Object: abridge(entry.DN), Err: err}
	}
	found.Descriptor = descriptor
	return found, nil
}

// sdFlags is the control that narrows a request to parts of descriptors.
func sdFlags(parts byte) ldap.Control {
	const sequence, integer = 0x30, 0x02
	return ldap.NewControlString(ldap.ControlTypeMicrosoftSDFlags, true, string([]byte{sequence, 3, integer, 1, parts}))
}

const hintPermissions = "the account needs the right Modify permissions (WRITE_DAC) there, as Domain Admins have it; " +
	"ftpisoctl delegate prints what somebody who has it can run"

// SetDACL replaces the DACL of an object by another, provided that it still is the
// one that was read, and returns the object as it is then. What is inherited the
// domain controller works out anew by itself; all else it must have taken over
// exactly. Active Directory cannot compare and write a descriptor in one step, so
// the comparison is made right before the write, over the same connection. Errors:
// ErrConflict when somebody else has changed it, ErrRights, ErrNotFound, ErrValue
// when the list is too large, ErrServer when something else was taken over, and
// ErrUnreachable, which leaves open whether it was done, unless it says so.
func (p *Permissions) SetDACL(ctx context.Context, was Secured, list secdesc.ACL) (Secured, error) {
	const op = "change the permissions of"
	wanted := secdesc.Descriptor{Control: was.Descriptor.Control, DACL: &list}
	octets := wanted.Bytes()
	if octets == nil {
		return Secured{}, &Error{Kind: ErrValue, Op: op, Object: abridge(was.DN), Win32: winerr.InvalidParameter, Err: errors.New("the list has more than 65,535 octets")}
	}
	d, err := domainOf(ctx, p, User{DN: was.DN, DNSDomain: was.DNSDomain})
	if err != nil {
		return Secured{}, explain(op, abridge(was.DN), err)
	}
	var now Secured
	err = d.request(ctx, func(ctx context.Context, l *link) error {
		name := "<GUID=" + was.GUID.String() + ">"
		before, err := readSecured(ctx, l, name)
		if err != nil {
			return err
		}
		if !sameDACL(before.Descriptor, was.Descriptor) {
			return &Error{Kind: ErrConflict, Op: op, Object: abridge(was.DN), Hint: "look at it again, and repeat the command"}
		}
		request := ldap.NewModifyRequest(name, []ldap.Control{sdFlags(partDACL)})
		request.Replace(attrDescriptor, []string{string(octets)})
		if err := l.do(ctx, func(conn *ldap.Conn) error { return conn.Modify(request) }); err != nil {
			return unwritten(was, err)
		}
		now, err = readSecured(ctx, l, name)
		if err != nil {
			return unread(User{DN: was.DN}, err)
		}
		return verified(now, wanted)
	})
	now.DNSDomain = d.domain.info.DNSName
	return now, explain(op, abridge(was.DN), err)
}

// unwritten explains a write that failed.
func unwritten(was Secured, err error) error {
	const op = "change the permissions of"
	if isNetwork(err) {
		return &Error{Kind: ErrUnreachable, Op: op, Object: abridge(was.DN), Win32: winerr.NoLogonServers, Err: err,
			Hint: "whether the change was made is not known; run the command again, which looks first"}
	}
	explained := explain(op, abridge(was.DN), err)
	var e *Error
	if errors.As(explained, &e) && errors.Is(e.Kind, ErrRights) {
		e.Hint = hintPermissions
	}
	return explained
}

// sameDACL compares lists entry by entry, and whether they are cut off from what is
// above.
func sameDACL(a, b secdesc.Descriptor) bool {
	const deciding = secdesc.DACLPresent | secdesc.DACLProtected
	if a.Control&deciding != b.Control&deciding {
		return false
	}
	if a.DACL == nil || b.DACL == nil {
		return a.DACL == b.DACL
	}
	return slices.EqualFunc(a.DACL.Entries, b.DACL.Entries, secdesc.ACE.Equal)
}

// verified compares what an object has with what was written, without what is
// inherited.
func verified(now Secured, wanted secdesc.Descriptor) error {
	if sameDACL(own(now.Descriptor), own(wanted)) {
		return nil
	}
	return &Error{Kind: ErrServer, Op: "verify the permissions of", Object: abridge(now.DN),
		Err:  fmt.Errorf("the domain controller made something else of them: %.2000s", now.Descriptor.SDDL()),
		Hint: "somebody may have changed them in the same moment; look at them before you go on"}
}

// own is a descriptor without inherited entries.
func own(d secdesc.Descriptor) secdesc.Descriptor {
	if d.DACL == nil {
		return d
	}
	list := secdesc.ACL{Revision: d.DACL.Revision}
	for _, e := range d.DACL.Entries {
		if e.Flags&secdesc.Inherited == 0 {
			list.Entries = append(list.Entries, e)
		}
	}
	d.DACL = &list
	return d
}
