package survey

import (
	"context"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
)

// serviceRights is why nothing is said about rights in folders of this machine.
const serviceRights = "a local folder is served with the rights of the service, not of the user"

// local looks at the homes on this machine, with the rights of this process.
func (l *lanes) local(ctx context.Context) {
	l.each(ctx, func(i int) bool {
		switch p := l.server.places[i]; {
		case p.fault != nil:
			l.server.settle(i)
		case l.survey.cfg.Level < Exists:
			l.server.deliver(i, l.server.notChecked(i, Finding{Text: serverAlone}))
		default:
			l.server.deliver(i, l.lookHere(ctx, i))
		}
		return true
	})
}

func (l *lanes) lookHere(ctx context.Context, i int) *Home {
	home, p := l.server.home(i), l.server.places[i]
	if l.survey.cfg.Orphans {
		p.volume.scanning.Do(func() { p.volume.scanHere(ctx, l.survey.opener) })
	}
	opened, err := l.survey.opener.Open(ctx, p.location, shares.Credentials{})
	if err != nil {
		found(home, directoryFinding(err))
		return home
	}
	defer opened.Close()
	home.There = true
	p.volume.measureHere(ctx, opened)
	if l.survey.cfg.Extents {
		extent, _ := measureHome("", listHere(ctx, opened), time.Now)
		home.Extent = &extent
	}
	if l.survey.cfg.Level >= Descriptors {
		for _, user := range p.users {
			home.Access = append(home.Access, Access{Account: user, Reason: serviceRights})
		}
	}
	return home
}

// measureHere notes the space of the disk, once.
func (v *volume) measureHere(ctx context.Context, home storage.FS) {
	v.once.Do(func() {
		if space, err := home.Statfs(ctx); err == nil {
			v.note(Space{Total: Size(space.Total), Free: Size(space.Free), Left: Size(space.Free)})
		}
	})
}
