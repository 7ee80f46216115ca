package authz

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// Right is what a rule is about. The numbers are IIS's.
type Right uint8

// The rights: listing and fetching; storing, renaming and deleting.
const (
	Read  Right = 1
	Write Right = 2
)

// Rule is one rule as somebody wrote it.
type Rule struct {
	Deny   bool
	Users  []string // "*" is everybody, "?" anonymous; sAMAccountName, DOMAIN\user, SID or objectGUID
	Roles  []string // groups: sAMAccountName, DOMAIN\group, DN, SID or objectGUID
	Rights Right
}

// Rules are rules whose names have been read.
type Rules struct {
	directory *ldapattr.Directory
	rules     []rule
}

type rule struct {
	deny      bool
	everybody bool
	users     []ldapattr.AccountName
	groups    []string // SIDs
	rights    Right
}

// Check returns what is wrong with the names of rules; nobody is asked.
func Check(rules []Rule) error {
	for _, r := range rules {
		if _, err := r.parse(); err != nil {
			return err
		}
		for _, role := range r.Roles {
			if _, err := parseRole(role); err != nil {
				return err
			}
		}
	}
	return nil
}

// Resolve asks the directory which groups the rules mean; from then on their SIDs
// count, so that a group that is renamed stays the same one. A group that does not
// exist is an error in a rule that denies, for somebody relies on it, and a warning
// in one that allows.
func Resolve(ctx context.Context, directory *ldapattr.Directory, rules []Rule, log *slog.Logger) (*Rules, error) {
	resolved := &Rules{directory: directory}
	for _, r := range rules {
		parsed, err := r.parse()
		if err != nil {
			return nil, err
		}
		for _, role := range r.Roles {
			name, err := parseRole(role)
			if err != nil {
				return nil, err
			}
			sid, err := name.GroupSID(ctx, directory)
			switch {
			case err == nil:
				parsed.groups = append(parsed.groups, sid)
			case errors.Is(err, ldapattr.ErrNotFound) && !r.Deny:
				log.Warn("an authorization rule names a group that does not exist", "role", role, "cause", err.Error())
			default:
				return nil, fmt.Errorf("authorization rule: %w", err)
			}
		}
		resolved.rules = append(resolved.rules, parsed)
	}
	return resolved, nil
}

func (r Rule) parse() (rule, error) {
	parsed := rule{deny: r.Deny, rights: r.Rights}
	for _, user := range r.Users {
		switch user {
		case "*":
			parsed.everybody = true
			continue
		case "?":
			continue // nobody logs in without a name
		}
		name, err := ldapattr.ParseAccountName(user, "")
		if err == nil && !name.Fixed() {
			// A UPN is not what its letters say: somebody else may have it as their
			// own, and a DN changes with every move.
			err = errors.New(`a user is named by sAMAccountName, DOMAIN\user, SID or objectGUID here`)
		}
		if err != nil {
			return rule{}, fmt.Errorf("authorization rule for user %q: %w", user, err)
		}
		parsed.users = append(parsed.users, name)
	}
	return parsed, nil
}

func parseRole(role string) (ldapattr.AccountName, error) {
	name, err := ldapattr.ParseAccountName(role, "")
	switch sid := name.String(); {
	case err != nil:
	case name.Logon() && !name.Fixed():
		err = errors.New(`a group is named by sAMAccountName, DOMAIN\group, DN, SID or objectGUID`)
	case strings.HasPrefix(sid, "S-1-") && !strings.HasPrefix(sid, "S-1-5-21-") && !strings.HasPrefix(sid, "S-1-5-32-"):
		// Such as Authenticated Users: no account is a member of it in the directory.
		err = errors.New("is no group of a domain; everybody is users: '*'")
	}
	if err != nil {
		return name, fmt.Errorf("authorization rule for role %q: %w", role, err)
	}
	return name, nil
}

// Rights returns what user may do. The directory is asked for the user's groups if
// a rule that could change something has any.
func (r *Rules) Rights(ctx context.Context, user ldapattr.User) (Right, error) {
	var groups []string
	if slices.ContainsFunc(r.rules, func(rule rule) bool { return len(rule.groups) > 0 }) {
		permissions := ldapattr.Permissions{Directory: r.directory}
		sids, err := permissions.TokenGroups(ctx, user)
		if err != nil {
			return 0, err
		}
		for _, sid := range sids {
			groups = append(groups, sid.String())
		}
	}
	var allowed, denied Right
	for _, rule := range r.rules {
		switch {
		case !r.holds(rule, user, groups):
		case rule.deny:
			denied |= rule.rights
		default:
			allowed |= rule.rights
		}
	}
	return allowed &^ denied, nil
}

func (r *Rules) holds(rule rule, user ldapattr.User, groups []string) bool {
	return rule.everybody ||
		slices.ContainsFunc(rule.users, func(name ldapattr.AccountName) bool { return user.Is(name, r.directory.Domain()) }) ||
		slices.ContainsFunc(rule.groups, func(sid string) bool { return slices.Contains(groups, sid) })
}
