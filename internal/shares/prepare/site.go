package prepare

import (
	"context"
	"errors"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// ErrOwner says that the server keeps whoever made a directory as its owner.
var ErrOwner = errors.New("the owner stays who made it: to give a directory away takes the right to restore files")

// Account is who enters file servers.
type Account struct {
	shares.Credentials
	SID secdesc.SID // "": not known
}

// Sites are the places that a run works on: every file server is entered once, and
// folders of this machine are opened once. Close it.
type Sites struct {
	opener *shares.Opener
	as     Account
	run    string // names the workshops

	mu      sync.Mutex
	servers map[string]*server
	volumes map[string]*volume
}

// server is a session at a file server.
type server struct {
	once    sync.Once
	session *smbfs.Session
	mu      sync.Mutex
	err     error // why it is of no use, or of none any more
}

// volume is a share, or an admitted folder of this machine.
type volume struct {
	once   sync.Once
	ground ground
	err    error
}

// ground is where directories are made. Paths are slash-separated, below the volume.
type ground interface {
	// look says what stands at a path: nil for nothing. With its descriptor takes
	// longer.
	look(ctx context.Context, path string, descriptor bool) (*spot, error)
	// put makes or repairs the directory of an entry.
	put(ctx context.Context, e Entry, number int) (*spot, error)
	// remove deletes an empty directory.
	remove(ctx context.Context, path string) error
}

// spot is what stands at a path.
type spot struct {
	dir, link  bool
	created    string // when, as far as the volume tells; it tells two directories of one name apart
	descriptor secdesc.Descriptor
	described  bool // descriptor is what the directory has
}

// NewSites returns the places within the policy of an opener, entered as an account.
func NewSites(opener *shares.Opener, as Account) *Sites {
	return &Sites{opener: opener, as: as, servers: map[string]*server{}, volumes: map[string]*volume{}}
}

// way returns how a place is reached.
func (s *Sites) way(location homedir.Location) (shares.Way, error) {
	return s.opener.Way(location, s.as.Credentials)
}

// ground returns where a place lies, entered.
func (s *Sites) ground(ctx context.Context, way shares.Way) (ground, error) {
	s.mu.Lock()
	key := way.Volume().Key()
	v := s.volumes[key]
	if v == nil {
		v = &volume{}
		s.volumes[key] = v
	}
	s.mu.Unlock()
	v.once.Do(func() { v.ground, v.err = s.open(ctx, way) })
	if v.err != nil || way.Local() {
		return v.ground, v.err
	}
	return v.ground, s.server(way).failure()
}

// open enters a volume.
func (s *Sites) open(ctx context.Context, way shares.Way) (ground, error) {
	if way.Local() {
		root, err := s.opener.OpenVolume(way)
		if err != nil {
			return nil, err
		}
		return &here{root, way.Volume()}, nil
	}
	server := s.server(way)
	server.once.Do(func() { server.session, server.err = s.opener.Enter(ctx, way.Volume(), s.as.Credentials) })
	if err := server.failure(); err != nil {
		return nil, err
	}
	folder, err := server.session.Folder(ctx, way.Volume().Share())
	if err != nil {
		return nil, server.lose(err)
	}
	return &there{Folder: folder, server: server, sites: s, shops: map[string]*workshop{}}, nil
}

func (s *Sites) server(way shares.Way) *server {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := serverKey(way.Volume())
	if s.servers[key] == nil {
		s.servers[key] = &server{}
	}
	return s.servers[key]
}

// serverKey tells servers apart; "" is this machine.
func serverKey(volume homedir.Location) string {
	if volume.Kind() != homedir.KindUNC {
		return ""
	}
	server, _ := homedir.ParseLocation(`\\` + volume.Server() + `\x`)
	return server.Key()
}

// Close leaves all of them.
func (s *Sites) Close() error {
	var err error
	for _, v := range s.volumes {
		if h, ok := v.ground.(*here); ok {
			err = errors.Join(err, h.root.Close())
		}
	}
	for _, server := range s.servers {
		if server.session != nil {
			err = errors.Join(err, server.session.Close())
		}
	}
	return err
}

func (s *server) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// lose notes a connection that broke: nothing more is asked of it.
func (s *server) lose(err error) error {
	if Lost(err) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.err = err
	}
	return err
}

// Lost tells connections that broke or stayed silent from answers: what was asked
// last may have been done.
func Lost(err error) bool {
	switch winerr.Of(err) {
	case winerr.NetNameDeleted, winerr.SemTimeout, winerr.ConnectionAborted, winerr.BadNetPath:
		return !errors.Is(err, smbfs.ErrDFS)
	}
	return false
}
