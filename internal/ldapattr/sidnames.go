package ldapattr

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

const (
	// sidsAtOnce is how many SIDs one search asks about: a filter of some 20 KB.
	sidsAtOnce = 200
	// maxNames is how many names are remembered. A directory has millions.
	maxNames = 100_000
)

// Names returns a name for each SID: DOMAIN\name of an account of the domain, or of
// the forest, the English name of one that is the same everywhere, about which nobody
// is asked, and the SID itself where there is no name: of strangers, of what is local
// to a server, of accounts that were deleted, and of domains that do not answer.
// Answers are remembered, so that many objects with the same trustees cost one search.
// Errors: ErrUnreachable for the home domain; what is known already comes with it.
func (p *Permissions) Names(ctx context.Context, sids []secdesc.SID) (map[secdesc.SID]string, error) {
	names, unknown := p.remembered(sids)
	for len(unknown) > 0 {
		some := unknown[:min(len(unknown), sidsAtOnce)]
		unknown = unknown[len(some):]
		found, err := ask(ctx, p.home(), some)
		if err != nil {
			return names, err
		}
		if p.Forest != nil {
			askOthers(ctx, p.Forest, some, found)
		}
		if err := ctx.Err(); err != nil {
			return names, explain("look up", "the names of accounts", err)
		}
		p.remember(some, found)
		for sid, name := range found {
			names[sid] = name
		}
	}
	return names, nil
}

// askOthers adds what the other domains of the forest know.
func askOthers(ctx context.Context, f *Forest, sids []secdesc.SID, found map[secdesc.SID]string) {
	for _, m := range f.members {
		left := slices.DeleteFunc(slices.Clone(sids), func(sid secdesc.SID) bool { return found[sid] != "" })
		if m == f.home || len(left) == 0 {
			continue
		}
		if d, err := f.open(ctx, m); err == nil {
			more, _ := ask(ctx, d, left) // a name is not worth an error
			maps.Copy(found, more)
		}
	}
}

// remembered returns what needs no question, each unknown SID under its own text,
// and the SIDs to ask about.
func (p *Permissions) remembered(sids []secdesc.SID) (names map[secdesc.SID]string, unknown []secdesc.SID) {
	names = make(map[secdesc.SID]string, len(sids))
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, sid := range sids {
		if _, seen := names[sid]; seen {
			continue
		}
		names[sid] = sid.String()
		name, known := sid.WellKnown()
		asked := false
		if !known {
			name, asked = p.names[sid]
			known = name != ""
		}
		switch {
		case known:
			names[sid] = name
		case !asked && sid.Domain() != "":
			unknown = append(unknown, sid)
		}
	}
	return names, unknown
}

func (p *Permissions) remember(asked []secdesc.SID, found map[secdesc.SID]string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.names == nil || len(p.names)+len(asked) > maxNames {
		p.names = map[secdesc.SID]string{}
	}
	for _, sid := range asked {
		p.names[sid] = found[sid]
	}
}

// ask makes one search for all.
func ask(ctx context.Context, d *Directory, sids []secdesc.SID) (map[secdesc.SID]string, error) {
	var filter strings.Builder
	filter.WriteString("(|")
	for _, sid := range sids {
		filter.WriteString("(" + attrSID + "=" + escapeOctets(string(sid)) + ")")
	}
	filter.WriteString(")")
	found := map[secdesc.SID]string{}
	err := d.request(ctx, func(ctx context.Context, l *link) error {
		return l.do(ctx, func(conn *ldap.Conn) error {
			request := ldap.NewSearchRequest(d.domain.namingContext.String(), ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, maxMatches, 0, false,
				filter.String(), []string{attrSID, attrSAM}, nil)
			request.EnforceSizeLimit = true
			result, err := conn.Search(request)
			if err != nil {
				return err
			}
			for _, entry := range result.Entries {
				sid, err := readSID(entry.GetEqualFoldAttributeValue(attrSID))
				// Those of other domains have no name of their own here.
				if name := entry.GetEqualFoldAttributeValue(attrSAM); err == nil && name != "" {
					found[sid] = oneLine(downLevel(d.domain.info.NetBIOSName, name))
				}
			}
			return nil
		})
	})
	return found, explain("look up", "the names of accounts", err)
}

// downLevel is DOMAIN\name, or the bare name where the domain has no short one.
func downLevel(domain, name string) string {
	if domain == "" {
		return name
	}
	return domain + `\` + name
}
