package ldapattr

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	attrTokenGroups = "tokenGroups"
	attrGroupType   = "groupType"
	onlyGroups      = "(objectClass=group)"
)

// maxGroups is far above the 1,015 groups that a Windows logon token can hold.
const maxGroups = 16384

// TokenGroups returns the SIDs of all security groups that exactly this object is
// in, by way of other groups too, and of its primary group: what the domain controller
// itself puts into a logon token (tokenGroups, MS-ADTS 3.1.1.4.5.19). Distribution
// groups are not among them, nor what the way of a logon adds (Everyone, Authenticated
// Users, Network, This Organization), nor groups of a file server's own. Errors:
// ErrNotFound when the object is gone, ErrRights when the attribute cannot be read,
// ErrUnreachable.
func (p *Permissions) TokenGroups(ctx context.Context, u User) ([]secdesc.SID, error) {
	const op = "read the groups of"
	d, err := domainOf(ctx, p, u)
	if err != nil {
		return nil, explain(op, abridge(u.DN), err)
	}
	var entries []*ldap.Entry
	err = d.request(ctx, func(ctx context.Context, l *link) error {
		var err error
		entries, err = read(ctx, l, search{sameObject(u), ldap.ScopeBaseObject, "(&" + onlyUsers + ")"}, attrGUID, attrTokenGroups)
		return err
	})
	if err != nil {
		return nil, explain(op, abridge(u.DN), err)
	}
	if len(entries) != 1 || entries[0].GetEqualFoldAttributeValue(attrGUID) != string(u.GUID[:]) {
		return nil, &Error{Kind: ErrNotFound, Op: op, Object: abridge(u.DN), Win32: winerr.NoSuchUser, Hint: "the object has been moved or deleted"}
	}
	sids, err := groupSIDs(entries[0])
	if err != nil {
		return nil, &Error{Kind: ErrServer, Op: op, Object: abridge(u.DN), Err: err}
	}
	if len(sids) == 0 { // everybody has a primary group
		return nil, &Error{Kind: ErrRights, Op: op, Object: abridge(u.DN), Err: errors.New(attrTokenGroups + " cannot be read"),
			Hint: "put the account that reads the directory into the group Windows Authorization Access Group"}
	}
	return sids, nil
}

func groupSIDs(entry *ldap.Entry) ([]secdesc.SID, error) {
	values := entry.GetEqualFoldAttributeValues(attrTokenGroups)
	if len(values) > maxGroups {
		return nil, fmt.Errorf("%s has %d values", attrTokenGroups, len(values))
	}
	sids := make([]secdesc.SID, 0, len(values))
	for _, octets := range values {
		sid, err := readSID(octets)
		if err != nil {
			return nil, err
		}
		sids = append(sids, sid)
	}
	return sids, nil
}

// GroupSID returns the SID of the one group that the name stands for: a sAMAccountName,
// DOMAIN\group, a DN, an objectGUID or the SID itself, for which nobody is asked: it
// may be of another domain. Errors: ErrUsage for a UPN, ErrNotFound, ErrAmbiguous,
// ErrUnreachable.
func (n AccountName) GroupSID(ctx context.Context, d *Directory) (string, error) {
	if n.kind == nameSID {
		return n.value, nil
	}
	group, err := lookupGroup(ctx, d, n)
	return group.SID, err
}

// Group is a group as it was read.
type Group struct {
	DN             string
	SAMAccountName string
	NetBIOSDomain  string // CORP
	SID            string
	Security       bool // rights can be given to it; otherwise it is a distribution group
	Local          bool // rights can be given to it in its own domain alone
}

// FindGroup finds the one group that name stands for: DOMAIN\group and a DN in the domain
// that they name, any other name in the home domain and in that of the object that
// rights are wanted on, whose DN is near. Errors: those of AccountName.GroupSID, ErrAmbiguous also
// when both have one, and ErrUsage for what is no DN of a known domain.
func FindGroup(ctx context.Context, p *Permissions, name AccountName, near string) (Group, error) {
	there, err := p.Domain(ctx, near)
	if err != nil {
		return Group{}, err
	}
	if p.Forest != nil {
		if in, err := namedDomain(ctx, p.Forest, name); err != nil {
			return Group{}, err
		} else if in != nil {
			return lookupGroup(ctx, in, name)
		}
	}
	ours, err := lookupGroup(ctx, p.home(), name)
	if there == p.home() || err != nil && !errors.Is(err, ErrNotFound) {
		return ours, err
	}
	theirs, away := lookupGroup(ctx, there, name)
	switch {
	case errors.Is(away, ErrNotFound):
		return ours, err
	case err != nil || away != nil:
		return theirs, away
	}
	return Group{}, &Error{Kind: ErrAmbiguous, Op: "look up group", Object: abridge(name.String()), Win32: winerr.LogonFailure,
		Hint: "it could be " + abridge(oneLine(ours.DN)) + "; " + abridge(oneLine(theirs.DN))}
}

// namedDomain is the domain that a name itself says it is of, nil where it does not.
func namedDomain(ctx context.Context, f *Forest, name AccountName) (*Directory, error) {
	var m *member
	switch {
	case name.kind == nameSAM && name.domain != "":
		if m = f.members.named(name.domain); m == nil {
			return nil, f.members.noDomain(name, name.domain)
		}
	case name.kind == nameDN:
		m = f.members.holding(name.value)
	}
	if m == nil {
		return nil, nil
	}
	return f.open(ctx, m)
}

// lookupGroup finds the one group of the domain that name stands for. Errors: those
// of AccountName.GroupSID.
func lookupGroup(ctx context.Context, d *Directory, name AccountName) (Group, error) {
	const op = "look up group"
	s, err := d.domain.searchForGroup(name)
	if err != nil {
		return Group{}, err
	}
	var entries []*ldap.Entry
	err = d.request(ctx, func(ctx context.Context, l *link) error {
		entries, err = read(ctx, l, s, attrSID, attrSAM, attrGroupType)
		return err
	})
	switch {
	case err != nil:
		return Group{}, explain(op, abridge(name.String()), err)
	case len(entries) == 0:
		return Group{}, &Error{Kind: ErrNotFound, Op: op, Object: abridge(name.String()), Win32: winerr.NoSuchUser, Err: absence("no such group"),
			Hint: "groups of other domains are named by their SID"}
	case len(entries) > 1:
		return Group{}, ambiguous(name, entries)
	}
	sid, err := readSID(entries[0].GetEqualFoldAttributeValue(attrSID))
	if err != nil {
		return Group{}, &Error{Kind: ErrServer, Op: op, Object: abridge(name.String()), Err: err}
	}
	// Bits of the number (MS-ADTS 2.2.12): the security bit is its sign, 4 is a group of its domain's own.
	kind, _ := strconv.ParseInt(entries[0].GetEqualFoldAttributeValue(attrGroupType), 10, 64)
	return Group{
		DN: entries[0].DN, SAMAccountName: entries[0].GetEqualFoldAttributeValue(attrSAM), NetBIOSDomain: d.domain.info.NetBIOSName, SID: sid.String(),
		Security: kind < 0, Local: kind&4 != 0,
	}, nil
}

// searchForGroup searches the whole domain: the base of the configuration is where
// users are, and their groups need not be there.
func (d domain) searchForGroup(name AccountName) (search, error) {
	root := d.namingContext.String()
	switch name.kind {
	case nameDN:
		if _, err := within(name.value, d.namingContext); err != nil {
			return search{}, d.notFound(name, name.value+" "+err.Error())
		}
		return search{name.value, ldap.ScopeBaseObject, onlyGroups}, nil
	case nameGUID:
		return search{root, ldap.ScopeWholeSubtree, "(&(" + attrGUID + "=" + escapeOctets(name.binary) + ")" + onlyGroups + ")"}, nil
	case nameSID:
		return search{root, ldap.ScopeWholeSubtree, "(&(" + attrSID + "=" + escapeOctets(name.binary) + ")" + onlyGroups + ")"}, nil
	case nameSAM:
		if name.domain != "" && !d.is(name.domain) {
			return search{}, d.notFound(name, "it is of another domain than "+d.info.DNSName+"; name its group by SID")
		}
		return search{root, ldap.ScopeWholeSubtree, "(&" + equals(attrSAM, name.value) + onlyGroups + ")"}, nil
	}
	return search{}, &Error{Kind: ErrUsage, Op: "look up group", Object: abridge(name.String()),
		Err: errors.New("a group is named by sAMAccountName, DOMAIN\\group, DN, objectGUID or SID")}
}
