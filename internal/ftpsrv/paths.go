package ftpsrv

import (
	"context"
	"io/fs"
	"iter"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// place is where a session stands in its home: what the work of a command, away from
// the owner, knows of it and may change. The owner takes over what a success has
// changed.
type place struct {
	root storage.FS
	cwd  string
	from string // see parameters
	path string // what the command is about, for the log
}

// here is the place of a session.
func here(c *conn) *place { return &place{root: c.sess.root, cwd: c.sess.cwd} }

// resolve turns an argument into a name of the storage and notes it for the log.
func (p *place) resolve(arg string) (string, error) {
	name, err := named(p.cwd, arg)
	if err == nil {
		p.path = name
	}
	return name, err
}

// named is the name of the storage that an argument stands for.
func named(cwd, arg string) (string, error) {
	name, err := storage.Resolve(cwd, arg)
	if err != nil && strings.ContainsAny(arg, "*?") && winerr.Of(err) == winerr.InvalidName {
		err = errNameSyntax // observed of IIS; other impossible names are our own 553
	}
	return name, err
}

// target resolves the argument of a command that makes, changes or removes what
// it names, which the home itself can never be.
func (p *place) target(arg string) (string, error) {
	name, err := p.resolve(arg)
	if err == nil && name == "/" {
		err = errRootWrite
	}
	return name, err
}

// file resolves the argument of a command about a regular file and describes it.
func (p *place) file(ctx context.Context, arg string) (fs.FileInfo, error) {
	name, err := p.resolve(arg)
	if err != nil {
		return nil, err
	}
	info, err := p.root.Stat(ctx, name)
	if err == nil && info.IsDir() {
		err = errNotPermitted
	}
	return info, err
}

// folder resolves the argument of a command about a directory that exists.
func (p *place) folder(ctx context.Context, arg string) (string, error) {
	name, err := p.resolve(arg)
	if err != nil {
		return "", err
	}
	info, err := p.root.Stat(ctx, name)
	if err == nil && !info.IsDir() {
		err = winerr.Directory
	}
	return name, err
}

// entries is what a LIST or NLST of arg is about.
type entries struct {
	all     iter.Seq2[fs.FileInfo, error]
	dir     string // as the client wrote it, "" for the current directory
	pattern string
	single  bool // arg names a file, which is shown whatever its name
}

// find opens what arg names: a directory, a directory and a pattern, or one file.
func (p *place) find(ctx context.Context, arg string) (entries, error) {
	dir, pattern := listing.SplitPattern(arg)
	name, err := p.resolve(dir)
	if err != nil {
		return entries{}, err
	}
	all, err := p.root.List(ctx, name)
	if err == nil || pattern != "" {
		return entries{all: all, dir: dir, pattern: pattern}, err
	}
	info, statErr := p.root.Stat(ctx, name)
	if statErr != nil || info.IsDir() {
		return entries{}, err
	}
	return entries{all: only(info), dir: parent(dir), single: true}, nil
}

func only(info fs.FileInfo) iter.Seq2[fs.FileInfo, error] {
	return func(yield func(fs.FileInfo, error) bool) { yield(info, nil) }
}

// parent is the directory part of an argument with its last separator, in the
// client's spelling.
func parent(arg string) string { return arg[:strings.LastIndexAny(arg, `/\`)+1] }

func blank(arg string) bool { return strings.TrimSpace(arg) == "" }
