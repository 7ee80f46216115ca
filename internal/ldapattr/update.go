package ldapattr

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Update changes u's attributes in one modify, provided that they still are what
// u says, and returns the entry as it is then. When nothing is to be changed it
// only reads. Errors: ErrValue before anything is sent, ErrConflict when somebody
// else was faster (the hint shows the present values), ErrRights, ErrNotFound.
// When the connection is lost, ErrUnreachable leaves open whether it was done.
func (d *Directory) Update(ctx context.Context, u User, change Update) (User, error) {
	swaps := swapsOf(u, change)
	for _, s := range swaps {
		if err := s.check(); err != nil {
			return User{}, &Error{Kind: ErrValue, Op: "change", Object: u.DN, Win32: winerr.InvalidName, Err: err}
		}
	}
	if _, err := within(u.DN, d.domain.namingContext); err != nil {
		return User{}, &Error{Kind: ErrUsage, Op: "change", Object: abridge(u.DN), Err: err}
	}
	var now User
	err := d.request(ctx, func(ctx context.Context, l *link) error {
		// A modify must not be sent twice, so a connection that has been idle
		// shows first that it still works.
		if err := l.ping(ctx); err != nil {
			return err
		}
		var err error
		now, err = d.domain.swap(ctx, l, u, swaps)
		return explain("change", u.DN, err)
	})
	if err != nil {
		return User{}, explain("change", u.DN, err)
	}
	return now, nil
}

// swap is the change of one attribute: from seen to want, "" being absent.
type swap struct {
	attribute  string
	seen, want string
	force      bool
	valid      func(string) error
}

// swapsOf lists what the change concerns.
func swapsOf(u User, change Update) []swap {
	var list []swap
	if change.Root != nil {
		list = append(list, swap{homedir.AttrRoot, u.Root, *change.Root, change.Force, homedir.CheckRoot})
	}
	if change.Dir != nil {
		list = append(list, swap{homedir.AttrDir, u.Dir, *change.Dir, change.Force, homedir.CheckDir})
	}
	return list
}

// check applies the rules of package homedir to a new value.
func (s swap) check() error {
	if s.want == "" {
		return nil
	}
	return s.valid(s.want)
}

// moves says whether the swap needs a write.
func (s swap) moves() bool { return s.force || s.seen != s.want }

// changes writes the swap so that the directory itself compares: Active
// Directory has no assertion control, but deleting a value that is not there, or
// adding where one is, fails the whole modify.
func (s swap) changes(request *ldap.ModifyRequest) {
	switch {
	case s.force && s.want == "":
		request.Replace(s.attribute, nil)
	case s.force:
		request.Replace(s.attribute, []string{s.want})
	default:
		// Of two attributes the one that stays is swapped for itself: it must
		// not have changed either.
		if s.seen != "" {
			request.Delete(s.attribute, []string{s.seen})
		}
		if s.want != "" {
			request.Add(s.attribute, []string{s.want})
		}
	}
}

// presentIn returns the attribute's value in u.
func (s swap) presentIn(u User) string {
	if s.attribute == homedir.AttrRoot {
		return u.Root
	}
	return u.Dir
}

// swap modifies and reads again over the same connection, hence on the same
// domain controller: another one may not know of it yet.
func (d domain) swap(ctx context.Context, l *link, u User, swaps []swap) (User, error) {
	request := ldap.NewModifyRequest(u.DN, nil)
	if slices.ContainsFunc(swaps, swap.moves) {
		for _, s := range swaps {
			s.changes(request)
		}
	}
	sent := len(request.Changes) > 0
	var refused error
	if sent {
		refused = l.do(ctx, func(conn *ldap.Conn) error { return conn.Modify(request) })
	}
	isConflict := ldap.IsErrorAnyOf(refused, ldap.LDAPResultNoSuchAttribute, ldap.LDAPResultAttributeOrValueExists)
	if refused != nil && !isConflict {
		return User{}, undecided(u, refused)
	}
	now, err := d.readAgain(ctx, l, u)
	if err != nil {
		return User{}, err
	}
	if refused == nil && (sent || reached(now, swaps)) {
		return now, nil
	}
	return User{}, conflict(now, refused)
}

// readAgain reads the object that u was, by its DN; another object that has come
// to that name meanwhile is not it.
func (d domain) readAgain(ctx context.Context, l *link, u User) (User, error) {
	entries, err := find(ctx, l, search{u.DN, ldap.ScopeBaseObject, "(&" + onlyUsers + ")"})
	if err != nil {
		return User{}, err
	}
	if len(entries) != 1 {
		return User{}, &Error{Kind: ErrNotFound, Op: "read", Object: u.DN, Win32: winerr.NoSuchUser, Hint: "it was moved or deleted just now"}
	}
	now, err := d.userOf(entries[0], time.Now())
	if err == nil && u.GUID != (GUID{}) && now.GUID != u.GUID {
		err = &Error{Kind: ErrConflict, Op: "read", Object: u.DN, Err: errors.New("another object has this name now")}
	}
	return now, err
}

// reached says whether u already is what the swaps want.
func reached(now User, swaps []swap) bool {
	for _, s := range swaps {
		if s.presentIn(now) != s.want {
			return false
		}
	}
	return true
}

// conflict shows what is there now, so that the caller can decide without
// asking again.
func conflict(now User, refused error) error {
	return &Error{Kind: ErrConflict, Op: "change", Object: now.DN, Win32: winerr.NoSuchAttribute, Err: refused,
		Hint: fmt.Sprintf("present values: %s %s, %s %s", homedir.AttrRoot, shown(now.Root), homedir.AttrDir, shown(now.Dir))}
}

// shown quotes a value, since blanks at its ends matter.
func shown(value string) string {
	if value == "" {
		return "(absent)"
	}
	return fmt.Sprintf("%q", value)
}

// undecided adds what a lost connection means for a write.
func undecided(u User, err error) error {
	if !isNetwork(err) {
		return err
	}
	explained := explain("change", u.DN, err)
	var e *Error
	if errors.As(explained, &e) && errors.Is(e.Kind, ErrUnreachable) {
		e.Hint = "whether the change was made is not known; read the user again"
	}
	return explained
}
