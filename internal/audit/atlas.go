package audit

import (
	"math"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// What is said of servers, shares and homes in the report.
const (
	stateOK          = "ok"
	stateProblem     = "problem"
	stateMissing     = "missing"
	stateUnreachable = "unreachable"
)

// Host is what a survey has found out about a file server.
type Host struct {
	Name      string   // as the survey calls it
	Addresses []string // of its name; nil: it does not resolve
	GUID      string   // the same through all names and addresses of one server; "" not known
}

// atlas remembers what became of places, under the names that the attributes have for
// them: the survey goes by where they really are.
type atlas struct {
	aliases map[string]string
	homes   map[string]homeState  // by key of the location
	shares  map[string]shareState // by key of the location without its path
	servers map[string]shareState // by host
	hosts   map[string]Host
	bases   []homedir.Location // of the share that is coming
	names   []string           // hosts of the server that is coming
	lost    []Unreachable
	behind  map[survey.ID]int // by cause, users of the server that is coming whose homes were not looked at
	inShare map[survey.ID]int // the same of the share that is coming
	spots   map[string]int    // by key of the location: the same number for names of one directory
	next    int
}

// homeState is what the report says of a home.
type homeState struct {
	state string
	size  int64
	more  bool
}

// shareState is what the report says of a share or a server.
type shareState struct {
	state, detail string
	total, free   uint64
}

func newAtlas(aliases map[string]string) atlas {
	return atlas{
		aliases: aliases, homes: map[string]homeState{}, shares: map[string]shareState{}, servers: map[string]shareState{}, hosts: map[string]Host{},
		behind: map[survey.ID]int{}, inShare: map[survey.ID]int{}, spots: map[string]int{},
	}
}

// hostKey is the same for the short and the full name of a server, as far as the
// directory tells: a short name is meant in the domain of the user who has it.
func hostKey(host, domain string) string {
	host = strings.ToLower(host)
	if !strings.Contains(host, ".") && domain != "" {
		host += "." + strings.ToLower(domain)
	}
	return host
}

// home notes a home as one of its users has it.
func (a *atlas) home(l homedir.Location, h *survey.Home) {
	state := ""
	switch {
	case At(h.Findings, survey.Missing) != nil:
		state = stateMissing
	case h.State == survey.Found:
		state = stateProblem
	case h.There:
		state = stateOK
	}
	key := keyOf(l, a.aliases)
	said := homeState{state: state}
	if h.Extent != nil {
		said.size, said.more = int64(min(h.Extent.Size, math.MaxInt64)), h.Extent.Partly
	}
	a.homes[key], a.spots[key] = said, a.next
	if h.Behind {
		a.inShare[h.Cause]++
	}
	base := l.Base()
	if n := len(a.bases); n == 0 || keyOf(a.bases[n-1], a.aliases) != keyOf(base, a.aliases) {
		a.bases = append(a.bases, base)
	}
	if n, name := len(a.names), serverOf(l); n == 0 || a.names[n-1] != name {
		a.names = append(a.names, name)
	}
}

// serverOf is the name under which the report has the server of a place.
func serverOf(l homedir.Location) string {
	if l.Kind() != homedir.KindUNC {
		return localServer
	}
	return strings.ToLower(l.Server())
}

// share notes a share whose homes have come.
func (a *atlas) share(s *survey.Share) {
	said := shareState{state: stateOK}
	if s.Passed+s.Found == 0 {
		said.state = ""
	}
	for _, f := range s.Findings {
		switch f.ID {
		case survey.NoShare:
			said.state, said.detail = stateMissing, f.Text
		case survey.Refused, survey.Namespace:
			said.state, said.detail = stateUnreachable, f.Text
		default:
			continue
		}
		a.lost = append(a.lost, Unreachable{Name: s.Volume.String(), Detail: f.Text, Users: a.inShare[f.ID]})
		delete(a.inShare, f.ID)
	}
	if s.Space != nil {
		said.total, said.free = uint64(s.Space.Total), uint64(s.Space.Free)
	}
	for _, base := range a.bases {
		a.shares[keyOf(base, a.aliases)] = said
	}
	a.bases = a.bases[:0]
	a.merge()
}

// merge counts what the share that has come does not explain for its server.
func (a *atlas) merge() {
	for id, n := range a.inShare {
		a.behind[id] += n
	}
	clear(a.inShare)
}

// server notes a server whose shares have come.
func (a *atlas) server(s *survey.Server) {
	a.merge()
	said := shareState{state: stateOK}
	if s.Name == survey.Local && s.Passed+s.Found == 0 {
		said.state = ""
	}
	for _, f := range s.Findings {
		said.state, said.detail = stateUnreachable, f.Text
		if f.ID == survey.NotAdmitted {
			said.state = ""
		}
		a.lost = append(a.lost, Unreachable{Name: s.Name, Detail: f.Text, Users: a.behind[f.ID]})
	}
	for _, name := range a.names {
		a.servers[name] = said
		host := Host{Name: s.Name, Addresses: s.Addresses}
		if s.Offer != nil {
			host.GUID = s.Offer.GUID
		}
		a.hosts[name] = host
	}
	a.names, a.bases = a.names[:0], a.bases[:0]
	clear(a.behind)
}
