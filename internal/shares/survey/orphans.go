package survey

import (
	"context"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// What is looked at for one share, however many entries its folders have.
const (
	maxEntries = 200_000
	maxOrphans = 10_000
)

// Why there may be more orphans than were found. The texts hold for many shares.
const (
	notListed   = "a folder above the homes cannot be listed"
	tooMany     = "there are too many directories beside the homes"
	notYetThere = "the share was not entered"
)

// systemNames are directories of servers that are nobody's home.
var systemNames = []string{"SYSTEM VOLUME INFORMATION", "$RECYCLE.BIN", "RECYCLER", "DFSRPRIVATE", "LOST+FOUND", ".SNAPSHOT", "~SNAPSHOT"}

// surroundings are what lies above the homes of a volume.
type surroundings struct {
	fold    func(string) string
	folders []string        // in which homes lie, slash-separated below the volume
	leads   map[string]bool // folded paths of homes, and of all above them
}

// surroundings finds the folders from the roots of users down to their homes, as long
// as they are nobody's home themselves.
func (v *volume) surroundings() surroundings {
	s := surroundings{fold: winpath.Fold, leads: map[string]bool{}}
	if v.location.Kind() == homedir.KindPOSIX {
		s.fold = func(name string) string { return name }
	}
	homes, listed := map[string]bool{}, map[string]bool{}
	for _, p := range v.places {
		homes[s.fold(p.way.Below())] = true
	}
	for _, p := range v.places {
		below := p.way.Below()
		names := strings.FieldsFunc(below, func(r rune) bool { return r == '/' })
		s.leads[s.fold(below)] = true
		for depth := range names {
			at := strings.Join(names[:depth], "/")
			key := s.fold(at)
			if homes[key] {
				break
			}
			s.leads[key] = true
			if depth >= rootDepth(p, len(names)) && !listed[key] {
				listed[key], s.folders = true, append(s.folders, at)
			}
		}
	}
	return s
}

// rootDepth is how deep the highest root of the users of a place lies, if their home
// lies as deep as it does.
func rootDepth(p *place, home int) int {
	least := home
	for _, user := range p.users {
		least = min(least, home-componentsOf(user))
	}
	return max(least, 0)
}

// componentsOf counts the names in a user's msIIS-FTPDir.
func componentsOf(user ldapattr.User) int {
	n := 0
	for name := range strings.FieldsFuncSeq(user.Dir, func(r rune) bool { return r == '\\' || r == '/' }) {
		if name != "." {
			n++
		}
	}
	return n
}

// scan notes the directories beside homes that lead to nobody's home.
func (v *volume) scan(list lister) {
	var orphans []Orphan
	unlisted, left := "", maxEntries
	around := v.surroundings()
	for _, folder := range around.folders {
		for entry, err := range list(folder) {
			code := winerr.Of(err)
			if err != nil && code != winerr.FileNotFound && code != winerr.PathNotFound {
				unlisted = notListed
			}
			if left--; left < 0 || len(orphans) >= maxOrphans {
				unlisted = tooMany
				break
			}
			at := path.Join(folder, entry.name)
			if err == nil && entry.dir && !around.leads[around.fold(at)] && !slices.Contains(systemNames, winpath.Fold(entry.name)) {
				orphans = append(orphans, Orphan{v.location.Below(at), entry.changed})
			}
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.scanned, v.orphans, v.unlisted = true, orphans, unlisted
}

// scanHere is scan on this machine.
func (v *volume) scanHere(ctx context.Context, opener *shares.Opener) {
	root, err := opener.OpenVolume(v.places[0].way)
	if err != nil {
		v.scan(func(string) iter.Seq2[neighbour, error] {
			return func(yield func(neighbour, error) bool) { yield(neighbour{}, err) }
		})
		return
	}
	defer root.Close()
	v.scan(listHere(ctx, root))
}
