package ldapattr

import (
	"context"
	"encoding/binary"
	"errors"
	"strconv"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	maxFilter   = 64 << 10 // octets of Scope.Filter
	ruleInChain = "1.2.840.113556.1.4.1941"
)

// scope checks base and filter before anything is sent. The filter must compile
// by itself, so that it cannot reach beyond the parentheses it is put in.
func (d domain) scope(s Scope) (base, filter string, err error) {
	base, filter = d.info.BaseDN, onlyUsers
	if s.OU != "" {
		if _, err := within(s.OU, d.base); err != nil {
			return "", "", &Error{Kind: ErrUsage, Op: "list users below", Object: abridge(s.OU), Err: err}
		}
		base = s.OU
	}
	if s.Missing {
		filter += "(!(&(" + homedir.AttrRoot + "=*)(" + homedir.AttrDir + "=*)))"
	}
	if s.Filter != "" {
		if len(s.Filter) > maxFilter {
			return "", "", &Error{Kind: ErrUsage, Op: "list users by", Object: "filter", Err: errors.New("is too long")}
		}
		if _, err := ldap.CompileFilter(s.Filter); err != nil {
			return "", "", explain("list users by filter", abridge(s.Filter), err)
		}
		filter += s.Filter
	}
	return base, "(&" + filter + ")", nil
}

// membersOf returns the condition that a user is a member of the one group that
// name stands for, by way of other groups too. member knows nothing of primary
// groups: there the user's own primaryGroupID counts.
func (d domain) membersOf(ctx context.Context, l *link, name AccountName) (string, error) {
	const op = "look up group"
	s, err := d.searchForGroup(name)
	if err != nil {
		return "", err
	}
	entries, err := read(ctx, l, s, attrSID)
	switch {
	case err != nil:
		return "", explain(op, abridge(name.String()), err)
	case len(entries) == 0:
		return "", &Error{Kind: ErrNotFound, Op: op, Object: abridge(name.String()), Win32: winerr.NoSuchUser, Err: absence("no such group"),
			Hint: `a group is named by sAMAccountName, DOMAIN\group, DN, objectGUID or SID`}
	case len(entries) > 1:
		return "", ambiguous(name, entries)
	}
	condition := "(memberOf:" + ruleInChain + ":=" + ldap.EscapeFilter(entries[0].DN) + ")"
	if sid := entries[0].GetEqualFoldAttributeValue(attrSID); len(sid) > 12 {
		rid := binary.LittleEndian.Uint32([]byte(sid[len(sid)-4:]))
		condition = "(|" + condition + "(primaryGroupID=" + strconv.FormatUint(uint64(rid), 10) + "))"
	}
	return condition, nil
}
