package survey

import (
	"context"
	"fmt"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

// volume is a share, or an admitted folder of this machine.
type volume struct {
	location  homedir.Location
	once      sync.Once // of measuring
	entered   sync.Once
	mu        sync.Mutex
	refused   *Finding // why nobody gets in
	space     *Space
	anonymous *Access
	places    []*place
	scanning  sync.Once
	scanned   bool // what follows is known
	orphans   []Orphan
	unlisted  string
}

func newVolume(w shares.Way) *volume { return &volume{location: w.Volume()} }

// refuse notes why nobody gets in; the first cause counts.
func (v *volume) refuse(f Finding) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.refused == nil {
		v.refused = &f
	}
}

// refusal returns why nobody gets in, nil as long as somebody might.
func (v *volume) refusal() *Finding {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.refused
}

func (v *volume) note(s Space) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.space = &s
}

// enter looks at the share itself, once for all sessions. It may be closed to the
// account that checks while the homes in it are not, so this fails in silence.
func (v *volume) enter(ctx context.Context, s *Survey, share *smbfs.Folder) {
	v.entered.Do(func() {
		who := s.cfg.Anonymous
		if who == nil {
			return
		}
		access := Access{Account: *who}
		raw, err := share.Descriptor(ctx, "")
		var d secdesc.Descriptor
		if err == nil {
			d, err = secdesc.Parse(raw)
		}
		if err == nil {
			access = s.access(ctx, *who, d)
		} else {
			access.Reason = "the descriptor cannot be read: " + err.Error()
		}
		v.mu.Lock()
		defer v.mu.Unlock()
		v.anonymous = &access
	})
}

// measure notes the space of the share, once: at its root or, where that is closed
// or belongs to something else, at the first home.
func (v *volume) measure(ctx context.Context, share *smbfs.Folder, path string) {
	v.once.Do(func() {
		for _, at := range []string{"", path} {
			if space, err := share.Space(ctx, at); err == nil {
				v.note(spaceOf(space))
				return
			}
		}
	})
}

func spaceOf(s smbfs.Space) Space {
	return Space{Total: Size(s.Total), Free: Size(s.Free), Left: Size(s.Available)}
}

// Used is what is not free.
func (s Space) Used() Size { return s.Total - min(s.Free, s.Total) }

// record is the share after its homes.
func (v *volume) record(server string, c Counts, cfg Config) *Share {
	v.mu.Lock()
	defer v.mu.Unlock()
	share := &Share{Server: server, Volume: v.location, Counts: c, Space: v.space, Anonymous: v.anonymous, Expected: Size(c.Homes) * cfg.PerUser}
	if cfg.Orphans {
		share.Orphans, share.Unlisted = v.orphans, v.unlisted
		if !v.scanned {
			share.Unlisted = notYetThere
		}
	}
	if v.refused != nil {
		share.Findings = append(share.Findings, *v.refused)
	}
	if v.space == nil {
		return share
	}
	if f := v.space.little(cfg.MinFree); f != nil {
		share.Findings = append(share.Findings, *f)
	}
	if share.Expected > v.space.Left {
		need := fmt.Sprintf("%d homes of %v need", c.Homes, cfg.PerUser)
		if c.Homes == 1 {
			need = fmt.Sprintf("1 home of %v needs", cfg.PerUser)
		}
		share.Findings = append(share.Findings, Finding{ID: TooFull, Text: fmt.Sprintf(
			"%s %v, which is %v more than what is free", need, share.Expected, share.Expected-v.space.Left)})
	}
	return share
}

// little is the finding that there is less than the threshold.
func (s Space) little(threshold Threshold) *Finding {
	switch {
	case threshold.undercut(s.Free, s.Total):
		return &Finding{ID: LittleSpace, Text: fmt.Sprintf("%v of %v are free, less than %v", s.Free, s.Total, threshold)}
	case threshold.undercut(s.Left, s.Total):
		return &Finding{ID: LittleSpace, Text: fmt.Sprintf("a quota leaves %v of %v, less than %v", s.Left, s.Total, threshold)}
	}
	return nil
}
