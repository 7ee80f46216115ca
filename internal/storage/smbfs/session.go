package smbfs

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/krb"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// Session is a connection to a file server on its way to an FS. The steps are
// Connect, Login, Mount and Open, in this order; one goroutine takes them.
type Session struct {
	target    Target
	link      *link
	session   *smb2.Session
	share     *smb2.Share
	mechanism string
	given     bool // to an FS, which ends it
}

// Dial walks all the steps to the directory dir of the target's share.
func Dial(ctx context.Context, t Target, l Login, dir string, opt storage.Options) (*FS, error) {
	s, err := Connect(ctx, t)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := s.Login(ctx, l); err != nil {
		return nil, err
	}
	if err := s.Mount(ctx); err != nil {
		return nil, err
	}
	return s.Open(ctx, dir, opt)
}

// Connect opens the TCP connection. Errors carry winerr.BadNetPath,
// winerr.SemTimeout or what the system says.
func Connect(ctx context.Context, t Target) (*Session, error) {
	s := &Session{target: t}
	if err := s.connect(ctx); err != nil {
		return nil, fmt.Errorf("connect to %s: %w", t.address(), err)
	}
	return s, nil
}

func (s *Session) connect(ctx context.Context) (err error) {
	s.link, err = dial(ctx, s.target)
	return err
}

// Login negotiates the protocol and sets up the session: with Kerberos, and with
// NTLM if that is allowed and no ticket could be had for the server or the server
// took none. An account or password that the KDC refuses is not tried again with
// NTLM, where it would count twice. Errors say the KDC's cause as a winerr.Code.
func (s *Session) Login(ctx context.Context, l Login) error {
	err := s.login(ctx, l)
	if err != nil {
		s.end()
		return fmt.Errorf("log in to %s: %w", s.target.Host, err)
	}
	return nil
}

func (s *Session) login(ctx context.Context, l Login) error {
	if l.User == "" || l.Password.Empty() {
		return winerr.LogonFailure // else the server might take us for nobody in particular
	}
	if l.Kerberos == nil {
		if !l.AllowNTLM {
			return fmt.Errorf("neither Kerberos nor NTLM is allowed: %w", winerr.NotSupported)
		}
		return s.loginNTLM(ctx, l)
	}
	found, err := ticket(ctx, l, s.target.principal(), s.link.timeout)
	if isRefused(err) {
		return err
	}
	if err == nil {
		err = s.loginKerberos(ctx, l, found)
	}
	if err == nil || !l.AllowNTLM || ctx.Err() != nil {
		return err
	}
	s.end()
	if again := s.connect(ctx); again != nil {
		return again
	}
	return s.loginNTLM(ctx, l)
}

func (s *Session) loginKerberos(ctx context.Context, l Login, with krb.Ticket) error {
	i := &initiator{ticket: with}
	err := s.setUp(ctx, l, i)
	if err != nil && i.refused != nil {
		return fmt.Errorf("the server's answer to the ticket: %w", i.refused)
	}
	return err
}

func (s *Session) loginNTLM(ctx context.Context, l Login) error {
	return s.setUp(ctx, l, &smb2.NTLMInitiator{
		User: l.User, Domain: l.Domain, Password: l.Password.Reveal(), TargetSPN: s.target.principal(),
	})
}

// setUp negotiates and proves who we are. What it demands of the server, the
// library holds every later answer to: with signing demanded, an answer that is
// neither signed nor encrypted ends the session.
func (s *Session) setUp(ctx context.Context, l Login, initiator smb2.Initiator) error {
	dialer := smb2.Dialer{
		Negotiator: smb2.Negotiator{RequireMessageSigning: !l.Unsigned},
		Initiator:  initiator,

		MaxCreditBalance: credits,
	}
	err := s.link.call(ctx, func() error {
		session, err := dialer.DialConn(s.link.ctx, s.link.wire, s.target.Host)
		if err == nil {
			s.session = session.WithContext(s.link.ctx)
		}
		return err
	})
	if err != nil {
		return s.link.setupError(err)
	}
	s.link.ready.Store(true)
	s.mechanism = "kerberos"
	if _, ok := initiator.(*smb2.NTLMInitiator); ok {
		s.mechanism = "ntlm"
	}
	return nil
}

// Mechanism names how Login succeeded: "kerberos" or "ntlm".
func (s *Session) Mechanism() string { return s.mechanism }

// Protection names how the latest request went out: "encrypted", "signed" or
// "unsigned". A share that encrypts for itself shows it from the first request on
// that is about one of its files.
func (s *Session) Protection() string { return s.link.protection() }

// Mount connects to the share. A share that the server does not have is
// winerr.BadNetName.
func (s *Session) Mount(ctx context.Context) (err error) {
	s.share, err = s.mount(ctx, s.target.Share)
	return err
}

// mount connects to a share by name.
func (s *Session) mount(ctx context.Context, name string) (mounted *smb2.Share, err error) {
	if s.session == nil {
		return nil, winerr.InvalidParameter
	}
	err = s.link.call(ctx, func() error {
		share, err := s.session.Mount(`\\` + s.target.Host + `\` + name)
		if err == nil {
			mounted = share.WithContext(s.link.ctx)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf(`connect to share \\%s\%s: %w`, s.target.Host, name, err)
	}
	return mounted, nil
}

// Open opens the directory dir of the share, with either separator, as a home.
// Neither it nor anything above it may be a reparse point, and the login must
// have the right to list it. The session then belongs to the FS.
func (s *Session) Open(ctx context.Context, dir string, opt storage.Options) (*FS, error) {
	if s.share == nil {
		return nil, winerr.InvalidParameter
	}
	base, err := folderParts(dir)
	if err != nil {
		return nil, fmt.Errorf("open home %q: %w", dir, err)
	}
	if opt.OpenFiles == nil {
		opt.OpenFiles = storage.NewOpenFiles()
	}
	h := home{
		tree: tree{s.link, s.share}, session: s.session, opt: opt,
		place: winpath.Fold(`\\` + s.target.Host + `\` + s.target.Share + `\`),
	}
	if err := h.descend(ctx, base); err != nil {
		return nil, fmt.Errorf("open home %q: %w", dir, err)
	}
	s.given = true
	return &FS{home: h}, nil
}

// descend makes the directory below the share's root the home.
func (h *home) descend(ctx context.Context, base []string) error {
	h.base = base
	info, err := h.entry(ctx, base)
	if err == nil && !info.IsDir() {
		err = winerr.Directory
	}
	if err != nil {
		return err
	}
	// The attributes of a directory can be read by whoever may list its parent;
	// only opening it shows whether this login may use it.
	opened, err := h.openFile(ctx, base, readOnly)
	if err != nil {
		return err
	}
	return h.closeFile(opened)
}

// Close ends the session, if no FS owns it.
func (s *Session) Close() error {
	if !s.given {
		s.end()
	}
	return nil
}

func (s *Session) end() {
	if s.link != nil {
		s.link.end()
	}
}

func wrap(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
