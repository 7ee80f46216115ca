package survey

import (
	"cmp"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// place is one distinct location with all users whose attributes lead to it.
type place struct {
	location homedir.Location // as the first user's attributes name it
	way      shares.Way
	users    []ldapattr.User
	volume   *volume  // nil where there is no way
	fault    *Finding // why nobody can go there; nil: somebody can
	order    string   // of volume and path
}

// barred is the file server that is not admitted: what a namespace leads to, if it
// leads anywhere.
func (p *place) barred() string {
	var refused *shares.NotAllowedError
	if errors.As(p.fault.Err, &refused) {
		return refused.Location.Server()
	}
	return p.location.Server()
}

// servers come in the order of their ranks and, within one, of their names.
type rank int

const (
	nowhere   rank = iota // the attributes make no home
	here                  // folders of this machine
	elsewhere             // file servers
	barred                // file servers that the policy does not admit
)

// whose tells servers apart.
type whose struct {
	rank rank
	name string
}

// gathering finds the distinct places.
type gathering struct {
	opener  *shares.Opener
	as      shares.Credentials
	servers map[whose]*server
	places  map[whose]map[string]*place
}

// gather reads all users to their end, for only then is it known which of them share
// a server.
func gather(opener *shares.Opener, as shares.Credentials, users iter.Seq2[ldapattr.User, error]) ([]*server, error) {
	g := gathering{opener, as, map[whose]*server{}, map[whose]map[string]*place{}}
	for user, err := range users {
		if err != nil {
			return nil, err
		}
		g.add(user)
	}
	return g.sorted(), nil
}

func (g *gathering) add(user ldapattr.User) {
	home, err := user.Home()
	if err != nil {
		g.put(whose{nowhere, ""}, user, &place{fault: valueFault(user, err), order: string(user.GUID[:])})
		return
	}
	p := &place{location: home.Location()}
	p.way, err = g.opener.Way(p.location, g.as)
	if err != nil {
		p.fault = &Finding{ID: NotAdmitted, Step: "allowed", Text: err.Error(), Err: err}
		if errors.Is(err, smbfs.ErrDFS) {
			p.fault.ID = Namespace
		}
		p.order = p.location.Key()
		at := whose{here, Local}
		if p.location.Kind() == homedir.KindUNC {
			at = whose{barred, hostKey(p.barred(), user.DNSDomain)}
		}
		g.put(at, user, p)
		return
	}
	volume, below := p.way.Volume(), p.way.Below()
	at := whose{here, Local}
	p.order = volume.Key()
	if !p.way.Local() {
		at = whose{elsewhere, hostKey(volume.Server(), user.DNSDomain)}
		p.order = winpath.Fold(volume.Share())
	}
	if volume.Kind() != homedir.KindPOSIX {
		below = winpath.Fold(below)
	}
	p.order += separator + strings.ReplaceAll(below, "/", separator)
	g.put(at, user, p)
}

// separator sorts before everything that names can contain, so that a folder comes
// before what is in it, and that before its neighbours.
const separator = "\x00"

// hostKey is the same for the short and the full name of a server, as far as the
// directory tells: a short name is meant in the domain of the user who has it.
func hostKey(host, domain string) string {
	host = strings.ToLower(host)
	if !strings.Contains(host, ".") && domain != "" {
		host += "." + strings.ToLower(domain)
	}
	return host
}

// valueFault says which of the two attributes is at fault.
func valueFault(user ldapattr.User, err error) *Finding {
	f := &Finding{ID: BadValue, Text: err.Error(), Err: err}
	var value *homedir.ValueError
	switch {
	case errors.As(err, &value):
		f.Text, f.Err = value.Error(), winerr.InvalidName
	case user.Root == "" && user.Dir == "":
		f.ID, f.Text = NoValues, "neither "+homedir.AttrRoot+" nor "+homedir.AttrDir+" is set"
	case user.Root == "":
		f.ID, f.Text = DirAlone, homedir.AttrRoot+" is absent"
	case user.Dir == "":
		f.ID, f.Text = RootAlone, homedir.AttrDir+" is absent"
	}
	return f
}

// put adds a user to a place, a new one where nobody was there before.
func (g *gathering) put(at whose, user ldapattr.User, p *place) {
	if g.servers[at] == nil {
		g.servers[at], g.places[at] = &server{whose: at, volumes: map[string]*volume{}}, map[string]*place{}
	}
	known := g.places[at][p.order]
	if known == nil {
		known = p
		g.places[at][p.order] = p
		g.servers[at].take(p)
	}
	known.users = append(known.users, user)
}

// take adds a place to the server, and to its volume.
func (v *server) take(p *place) {
	v.places = append(v.places, p)
	if p.fault != nil {
		return
	}
	key, _, _ := strings.Cut(p.order, separator)
	if v.volumes[key] == nil {
		v.volumes[key] = newVolume(p.way)
	}
	p.volume = v.volumes[key]
	p.volume.places = append(p.volume.places, p)
}

// sorted returns the servers in order, each with its places in order.
func (g *gathering) sorted() []*server {
	all := make([]*server, 0, len(g.servers))
	for _, v := range g.servers {
		slices.SortFunc(v.places, func(a, b *place) int { return cmp.Compare(a.order, b.order) })
		v.open()
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b *server) int {
		return cmp.Or(cmp.Compare(a.whose.rank, b.whose.rank), cmp.Compare(a.whose.name, b.whose.name))
	})
	return all
}
