package survey

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// door is one session at a server, with the shares that it has entered.
type door struct {
	survey  *Survey
	session *smbfs.Session
	mu      sync.Mutex
	folders map[*volume]*folder
	failure error // why the connection is of no use any more
}

// folder is a share as one session has entered it.
type folder struct {
	once sync.Once
	*smbfs.Folder
	err error
}

// enter mounts a share once for all lanes.
func (d *door) enter(ctx context.Context, v *volume) (*smbfs.Folder, error) {
	d.mu.Lock()
	f := d.folders[v]
	if f == nil {
		f = &folder{}
		d.folders[v] = f
	}
	d.mu.Unlock()
	f.once.Do(func() {
		f.Folder, f.err = d.session.Folder(ctx, v.location.Share())
		if f.err == nil {
			v.enter(ctx, d.survey, f.Folder)
			if d.survey.cfg.Orphans {
				v.scanning.Do(func() { v.scan(listShare(ctx, f.Folder)) })
			}
		}
	})
	return f.Folder, f.err
}

// broken returns why the connection is of no use any more, nil if it is.
func (d *door) broken() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.failure
}

// lose notes a connection that broke, and returns err if it did.
func (d *door) lose(err error) error {
	if !lost(err) {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failure = err
	return err
}

// look looks at one home. The error is that of the connection; everything else is
// in the record.
func (d *door) look(ctx context.Context, v *server, i int) (*Home, error) {
	p := v.places[i]
	if f := p.volume.refusal(); f != nil {
		return v.notChecked(i, *f), nil
	}
	share, err := d.enter(ctx, p.volume)
	if err != nil {
		if lost := d.lose(err); lost != nil {
			return nil, lost
		}
		f := shareFinding(p.volume, err)
		p.volume.refuse(f)
		return v.notChecked(i, f), nil
	}
	home, path := v.home(i), p.way.Below()
	entry, err := share.Look(ctx, path)
	switch {
	case err == nil && entry.Link:
		err = winerr.CantAccessFile
	case err == nil && !entry.Dir:
		err = winerr.Directory
	case err == nil:
		home.There = true
		p.volume.measure(ctx, share, path)
		if d.survey.cfg.Level >= Descriptors {
			err = d.weigh(ctx, share, p, home)
		}
		if err == nil && d.survey.cfg.Extents {
			extent, failed := measureHome(path, listShare(ctx, share), time.Now)
			home.Extent = &extent
			_ = d.lose(failed) // the next question needs another connection, this home does not
		}
	}
	if err == nil {
		return home, nil
	}
	if lost := d.lose(err); lost != nil {
		return nil, lost
	}
	found(home, directoryFinding(err))
	return home, nil
}

// shareFinding says why a share cannot be entered.
func shareFinding(v *volume, err error) Finding {
	f := Finding{ID: Refused, Step: "share", Text: fmt.Sprintf("the share %s cannot be entered: %v", v.location.Share(), err), Err: err}
	switch {
	case errors.Is(err, smbfs.ErrDFS):
		f.ID, f.Text = Namespace, "the path belongs to a DFS namespace; give its target under dfs: in the configuration"
	case winerr.Of(err) == winerr.BadNetName:
		f.ID, f.Text = NoShare, "the server has no share "+v.location.Share()
	}
	return f
}

// directoryFinding says what is in the place of a home.
func directoryFinding(err error) Finding {
	f := Finding{ID: NotToBeSeen, Step: "directory", Text: "it cannot be looked at: " + err.Error(), Err: err}
	switch winerr.Of(err) {
	case winerr.FileNotFound:
		f.ID, f.Text = Missing, "the directory is missing"
	case winerr.PathNotFound:
		f.ID, f.Text = Missing, "a folder above it is missing, or is a file"
	case winerr.CantAccessFile:
		f.ID, f.Text = NoDirectory, "a link, another reparse point or a mount is in the way"
	case winerr.Directory:
		f.ID, f.Text = NoDirectory, "a file is in its place"
	case winerr.AccessDenied:
		f.Text = "the account that checks may not look there"
	}
	if errors.Is(err, smbfs.ErrDFS) {
		f.ID, f.Text = Namespace, "the path leads into a DFS namespace; give its target under dfs: in the configuration"
	}
	return f
}
