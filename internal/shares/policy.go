package shares

import (
	"fmt"
	"path"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// FileServer admits the file servers whose name matches Pattern.
type FileServer struct {
	Pattern string // host name, or *.suffix; letter case does not count
	NTLM    bool   // NTLMv2 may be used where Kerberos is not to be had
}

// Mapping serves the places below From out of the local folder To.
type Mapping struct{ From, To homedir.Location }

// Policy says which places may be reached. The zero Policy admits none.
type Policy struct {
	FileServers []FileServer
	LocalRoots  []homedir.Location // folders of this machine that may hold homes
	PathMap     []Mapping          // each To is admitted by being named here
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
	location homedir.Location
	root     homedir.Location // local: the admitted folder
	below    string           // local: the path below root
	server   FileServer       // UNC
}

func (r route) local() bool { return r.location.Kind() != homedir.KindUNC }

// Allowed returns nil if the policy admits the place, else a *NotAllowedError.
// It sends nothing.
func (p Policy) Allowed(location homedir.Location) error {
	_, err := p.route(location)
	return err
}

func (p Policy) route(location homedir.Location) (route, error) {
	if mapping, below, ok := p.mapping(location); ok {
		return route{location: mapping.To, root: mapping.To, below: below}, nil
	}
	if location.Kind() == homedir.KindUNC {
		for _, server := range p.FileServers {
			if server.matches(location.Server()) {
				return route{location: location, server: server}, nil
			}
		}
		return route{}, &NotAllowedError{location, "fileServers"}
	}
	for _, root := range p.LocalRoots {
		if below, ok := root.Rel(location); ok {
			return route{location: location, root: root, below: below}, nil
		}
	}
	return route{}, &NotAllowedError{location, "localRoots"}
}

// mapping returns the longest From that holds the location, so that a mapping of
// a share does not hide one of a folder in it.
func (p Policy) mapping(location homedir.Location) (best Mapping, below string, ok bool) {
	for _, m := range p.PathMap {
		rest, holds := m.From.Rel(location)
		if holds && (!ok || len(rest) < len(below)) {
			best, below, ok = m, rest, true
		}
	}
	return best, below, ok
}

func (s FileServer) matches(host string) bool {
	matched, err := path.Match(strings.ToLower(s.Pattern), strings.ToLower(host))
	return err == nil && matched
}

// CheckPattern returns an error if s is no pattern for file servers: a host
// name, in which * stands for any part of one label or of several.
func CheckPattern(s string) error {
	if s == "" || strings.ContainsAny(s, `\/[]?`) {
		return fmt.Errorf("%q is not a host name or *.suffix", s)
	}
	return nil
}
