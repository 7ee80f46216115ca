package shares

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// FileServer admits the file servers whose name matches Pattern.
type FileServer struct {
	Pattern  string // host name, or *.suffix, see homedir.CheckServers
	NTLM     bool   // NTLMv2 may be used where Kerberos is not to be had
	Unsigned bool   // sessions are neither signed nor encrypted, unless the server demands it
	Port     string // "" is 445, and no configuration says otherwise
}

// Mapping says that the places below From are really those below To.
type Mapping struct{ From, To homedir.Location }

// Policy says which places may be reached. The zero Policy admits none. The order
// of entries does not count: of several that fit, the closest one holds.
type Policy struct {
	FileServers []FileServer       // an exact name goes before *.suffix, a longer suffix before a shorter one
	LocalRoots  []homedir.Location // folders of this machine that may hold homes; the deepest one counts
	PathMap     []Mapping          // to local folders, each admitted by being named here; the longest From counts
	DFS         []Mapping          // from namespaces to shares, whose servers FileServers must admit; the longest From counts
	AllowRoot   bool               // local folders may be served with the rights of root or LocalSystem
	Storage     storage.Options
}

// NotAllowedError says that the policy refuses a place, before any packet left.
type NotAllowedError struct {
	Location homedir.Location
	List     string // the configuration key whose entry is missing
}

// Error names the place and the list that does not admit it.
func (e *NotAllowedError) Error() string {
	what := e.Location.String()
	if e.Location.Kind() == homedir.KindUNC {
		what = e.Location.Server()
	}
	return fmt.Sprintf("%s is not listed in %s", what, e.List)
}

// Unwrap returns winerr.AccessDenied, the code that the log shows.
func (e *NotAllowedError) Unwrap() error { return winerr.AccessDenied }

// route is where a location is really reached: a folder below an admitted local
// root, or a file server.
type route struct {
	location homedir.Location // UNC: behind its namespace, if it has one
	root     homedir.Location // local: the admitted folder
	below    string           // local: the path below root
	server   FileServer       // UNC
	linked   bool             // UNC: a namespace has been left
}

func (r route) local() bool { return r.location.Local() }

// Allowed returns nil if the policy admits the place, else a *NotAllowedError.
// It sends nothing.
func (p Policy) Allowed(location homedir.Location) error {
	_, err := p.route(location)
	return err
}

// route takes the first way that holds the location: a mapping to a local folder,
// a namespace and what is behind it, the place itself. What is behind a namespace
// may be mapped to a local folder, but is no namespace again.
func (p Policy) route(location homedir.Location) (route, error) {
	if to, ok := p.mapped(location); ok {
		return to, nil
	}
	linked := false
	if m, below, ok := longest(p.DFS, location, homedir.KindUNC); ok && location.Kind() == homedir.KindUNC {
		location, linked = m.To.Below(below), true
		if to, ok := p.mapped(location); ok {
			return to, nil
		}
	}
	if location.Kind() == homedir.KindUNC {
		server, ok := p.fileServer(location.Server())
		if !ok {
			return route{}, &NotAllowedError{location, "fileServers"}
		}
		return route{location: location, server: server, linked: linked}, nil
	}
	root, below, ok := p.localRoot(location)
	if !ok {
		return route{}, &NotAllowedError{location, "localRoots"}
	}
	return route{location: location, root: root, below: below}, nil
}

// mapped is the way by PathMap. A mapping to another share would be a way around
// FileServers, and is as good as absent.
func (p Policy) mapped(location homedir.Location) (route, bool) {
	m, below, ok := longest(p.PathMap, location, homedir.KindPOSIX, homedir.KindDrive)
	return route{location: m.To, root: m.To, below: below}, ok
}

// longest returns the longest From that holds the location, of the mappings to the
// given kinds, so that one of a share does not hide one of a folder in it.
func longest(mappings []Mapping, location homedir.Location, to ...homedir.Kind) (best Mapping, below string, ok bool) {
	for _, m := range mappings {
		if !slices.Contains(to, m.To.Kind()) {
			continue
		}
		rest, holds := m.From.Rel(location)
		if holds && (!ok || len(rest) < len(below)) {
			best, below, ok = m, rest, true
		}
	}
	return best, below, ok
}

// localRoot returns the deepest root that holds the location: what is mounted at
// it may be another volume than the one of a root above.
func (p Policy) localRoot(location homedir.Location) (best homedir.Location, below string, ok bool) {
	for _, root := range p.LocalRoots {
		rest, holds := root.Rel(location)
		if holds && (!ok || len(rest) < len(below)) {
			best, below, ok = root, rest, true
		}
	}
	return best, below, ok
}

// fileServer returns the entry that is closest to the host's name. An exact name
// is as long as the host itself, so it is longer than any suffix without its
// star. Of two equal entries what both allow holds: NTLM, unsigned sessions.
func (p Policy) fileServer(host string) (best FileServer, ok bool) {
	for _, s := range p.FileServers {
		if !homedir.MatchServers(s.Pattern, host) {
			continue
		}
		switch closer := specificity(s.Pattern) - specificity(best.Pattern); {
		case !ok || closer > 0:
			best, ok = s, true
		case closer == 0:
			best.NTLM, best.Unsigned = best.NTLM && s.NTLM, best.Unsigned && s.Unsigned
		}
	}
	return best, ok
}

func specificity(pattern string) int { return len(strings.TrimPrefix(pattern, "*")) }
