package survey

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

// Rights are what matters to whoever uses a home by FTP.
type Rights uint8

// The rights.
const (
	List   Rights = 1 << iota // see what is in the home
	Read                      // download
	Write                     // upload, and make directories
	Delete                    // and rename
)

// AllRights are all of them.
const AllRights = List | Read | Write | Delete

var rightNames = []string{"list", "read", "write", "delete"}

// ParseRights reads names of rights, separated by commas; none is no rights.
func ParseRights(s string) (Rights, error) {
	var r Rights
	for name := range strings.SplitSeq(s, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		i := slices.Index(rightNames, name)
		if i < 0 && name != "" {
			return 0, fmt.Errorf("names no right; they are %s", strings.Join(rightNames, ", "))
		}
		if i >= 0 {
			r |= 1 << i
		}
	}
	return r, nil
}

// String returns what ParseRights reads.
func (r Rights) String() string { return strings.Join(r.Names(), ",") }

// Names returns the names of the rights, never nil.
func (r Rights) Names() []string {
	names := []string{}
	for i, name := range rightNames {
		if r&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// atOnce bounds the questions about users that the directory is asked at a time.
const atOnce = 8

// tokens asks the directory who users are.
type tokens struct {
	ask   func(context.Context, ldapattr.User) (secdesc.Token, error)
	slots chan struct{}
	mu    sync.Mutex
	kept  map[string]secdesc.Token // of the account that every home is weighed for, by SID; nil: not known yet
}

func newTokens(cfg Config) *tokens {
	t := &tokens{ask: cfg.Token, slots: make(chan struct{}, atOnce), kept: map[string]secdesc.Token{}}
	if cfg.Anonymous != nil {
		t.kept[cfg.Anonymous.SID] = secdesc.Token{}
	}
	return t
}

// of returns the token of a user, and keeps it where it will be wanted again.
func (t *tokens) of(ctx context.Context, user ldapattr.User) (secdesc.Token, error) {
	t.mu.Lock()
	token, wanted := t.kept[user.SID]
	t.mu.Unlock()
	if len(token.SIDs) > 0 {
		return token, nil
	}
	t.slots <- struct{}{}
	defer func() { <-t.slots }()
	token, err := t.ask(ctx, user)
	if wanted && err == nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.kept[user.SID] = token
	}
	return token, err
}

// access computes what an account may do in a folder with the descriptor.
func (s *Survey) access(ctx context.Context, account ldapattr.User, d secdesc.Descriptor) Access {
	a := Access{Account: account}
	if s.tokens.ask == nil {
		a.Reason = "nobody can say which groups the account is in"
		return a
	}
	token, err := s.tokens.of(ctx, account)
	if err != nil {
		a.Reason = "its groups cannot be read: " + err.Error()
		return a
	}
	a.Rights, a.Reason = Weigh(d, token)
	return a
}

// Weigh says what a token may do in a home with the descriptor, as FTP uses homes:
// in the folder itself and with files that others put there, which get what the
// folder hands down; where it hands nothing down they get a list that only their maker
// is in. The reason says what could not be weighed and might matter; then more rights
// may be there. Local groups of the file server are not known, and
// the permissions of the share come on top.
func Weigh(d secdesc.Descriptor, token secdesc.Token) (r Rights, reason string) {
	inside := d
	inside.Owner = secdesc.Administrators
	if d.DACL != nil {
		inside.DACL = cmp.Or(secdesc.Inherit(d, secdesc.Administrators, secdesc.Administrators, false), &secdesc.ACL{})
	}
	folder, file := secdesc.Effective(d, token), secdesc.Effective(inside, token)
	r = rightsOf(folder.Granted, file.Granted)
	if most := rightsOf(folder.Possible, file.Possible); most != r {
		reason = folder.NotChecked
		if reason == "" {
			reason = file.NotChecked
		}
	}
	return r, reason
}

// rightsOf puts together what is granted in the folder and on files in it.
func rightsOf(folder, file secdesc.Rights) Rights {
	var r Rights
	if folder&secdesc.ListFolder != 0 {
		r |= List
	}
	if file&secdesc.ListFolder != 0 {
		r |= Read
	}
	if add := secdesc.AddFile | secdesc.AddFolder; folder&add == add {
		r |= Write
	}
	if folder&secdesc.DeleteChild != 0 || file&secdesc.Delete != 0 {
		r |= Delete
	}
	return r
}

// weigh looks at the descriptor of a home. The error is that of a connection; where
// the descriptor cannot be read that is a reason, and no finding: whoever checks
// need not be an administrator.
func (d *door) weigh(ctx context.Context, share *smbfs.Folder, p *place, home *Home) error {
	raw, err := share.Descriptor(ctx, p.way.Below())
	var descriptor secdesc.Descriptor
	if err == nil {
		descriptor, err = secdesc.Parse(raw)
	}
	if err != nil {
		if lost := d.lose(err); lost != nil {
			return lost
		}
		home.Reason = "its descriptor cannot be read: " + err.Error()
		home.State = NotChecked
		return nil
	}
	home.Owner, home.Descriptor = descriptor.Owner, &descriptor
	d.survey.judge(ctx, home, descriptor)
	space, err := share.Space(ctx, p.way.Below())
	if err != nil {
		return d.lose(err) // any other cause has been reported with the share
	}
	d.survey.limit(home, p.volume, spaceOf(space))
	return nil
}

// judge adds what the descriptor says, and what is wrong about that.
func (s *Survey) judge(ctx context.Context, home *Home, d secdesc.Descriptor) {
	switch {
	case d.DACL == nil:
		found(home, Finding{ID: NoProtection, Text: "it has a null DACL, which lets everybody do everything"})
	case len(d.DACL.Entries) == 0:
		found(home, Finding{ID: NoProtection, Text: "its DACL is empty, which lets nobody in"})
	}
	if !s.administers(ctx, home.Users, d.Owner) && !slices.ContainsFunc(home.Users, func(u ldapattr.User) bool { return u.SID == d.Owner.String() }) {
		found(home, Finding{ID: WrongOwner, Text: "it belongs to " + s.name(ctx, d.Owner) + ", who can change its permissions"})
	}
	for _, user := range home.Users {
		a := s.access(ctx, user, d)
		a.Missing = s.cfg.Need &^ a.Rights
		home.Access = append(home.Access, a)
		lacks(home, a)
	}
	if who := s.cfg.Anonymous; who != nil && !slices.ContainsFunc(home.Users, func(u ldapattr.User) bool { return u.SID == who.SID }) {
		if a := s.access(ctx, *who, d); a.Rights != 0 {
			found(home, Finding{ID: OthersEnter, Text: fmt.Sprintf("%s may %v here", who.DownLevelName(), a.Rights)})
		}
	}
}

// lacks adds what the user needs and may not do. Where something could not be
// weighed nothing is known for sure.
func lacks(home *Home, a Access) {
	switch {
	case a.Missing == 0:
		return
	case a.Reason != "":
		home.Reason = a.Account.DownLevelName() + ": " + a.Reason
		if home.State == Passed {
			home.State = NotChecked
		}
		return
	}
	f := Finding{ID: NotWritable, Step: "rights", Text: fmt.Sprintf("%s may not %v", a.Account.DownLevelName(), a.Missing)}
	if a.Missing&(List|Read) != 0 {
		f.ID = NotListed
	}
	found(home, f)
}

// unixRoot is who Samba says owns what root has made past it.
const unixRoot = "S-1-22-1-0"

// administers reports whether an owner is one that homes may have beside their
// users: the administrators of the server, the system, or the administrators of the
// domain of a user or of another one in the forest. In a domain of strangers the same
// numbers are strangers.
func (s *Survey) administers(ctx context.Context, users []ldapattr.User, owner secdesc.SID) bool {
	const administrator, domainAdmins, enterpriseAdmins = 500, 512, 519
	switch {
	case owner == secdesc.Administrators, owner == secdesc.System, owner.String() == unixRoot:
		return true
	case !slices.Contains([]uint32{administrator, domainAdmins, enterpriseAdmins}, owner.RID()) || owner.Domain() == "":
		return false
	}
	return slices.ContainsFunc(users, func(u ldapattr.User) bool {
		sid, err := secdesc.ParseSID(u.SID)
		return err == nil && sid.Domain() == owner.Domain()
	}) || s.name(ctx, owner) != owner.String()
}

func (s *Survey) name(ctx context.Context, sid secdesc.SID) string {
	switch {
	case sid == "":
		return "nobody"
	case s.cfg.Names == nil:
		return sid.String()
	}
	return s.cfg.Names(ctx, sid)
}

// limit notes where the home has less room than its share.
func (s *Survey) limit(home *Home, v *volume, own Space) {
	v.mu.Lock()
	shared := v.space
	v.mu.Unlock()
	if shared == nil || own.Total >= shared.Total && own.Left >= own.Free {
		return
	}
	home.Space = &own
	if f := own.little(s.cfg.MinFree); f != nil {
		found(home, *f)
	}
}
