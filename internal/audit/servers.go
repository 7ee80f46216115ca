package audit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// localServer stands for drives and folders of the machine that serves.
const localServer = "local"

// servers makes the map of places out of the index, which is sorted: homes of one
// server and one share stand side by side.
func (c *Crowd) servers() []Server {
	var list []Server
	at := map[string]int{} // by name, where it is in the list
	c.Overlaps(func(same, _ []Place) bool {
		l := same[0].Location
		server, share := localServer, l.Base().String()
		if l.Kind() == homedir.KindUNC {
			server, share = l.Server(), l.Share()
		}
		i, there := at[strings.ToLower(server)]
		if !there {
			i = len(list)
			at[strings.ToLower(server)] = i
			list = append(list, Server{Name: server})
		}
		shares := &list[i].Shares
		if n := len(*shares); n == 0 || winpath.Fold((*shares)[n-1].Name) != winpath.Fold(share) {
			*shares = append(*shares, Share{Name: share})
		}
		home := Home{Path: l.Path()}
		var known shareState
		if a := c.atlas; a != nil {
			looked := a.homes[same[0].Key]
			home.State, home.Size, home.More = looked.state, looked.size, looked.more
			known = a.shares[keyOf(l.Base(), a.aliases)]
			said := a.servers[serverOf(l)]
			list[i].State, list[i].Detail = said.state, said.detail
		}
		for _, p := range same {
			home.Logins = append(home.Logins, p.Login)
		}
		last := &(*shares)[len(*shares)-1]
		last.State, last.Detail, last.Total, last.Free = known.state, known.detail, known.total, known.free
		last.Homes = append(last.Homes, home)
		return true
	})
	slices.SortFunc(list, func(a, b Server) int { return cmp.Compare(a.Name, b.Name) })
	return list
}
